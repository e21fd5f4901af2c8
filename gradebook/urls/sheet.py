"""The sheet: looking at it, and saving its cells."""

from __future__ import annotations

from django.urls import URLPattern

pages: list[URLPattern] = []
