"""Acts over many cells: paste, fill, import, undo; and the exports in the same layout."""

from __future__ import annotations

from django.urls import URLPattern

pages: list[URLPattern] = []
