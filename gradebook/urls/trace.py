"""The history of cells, sheets and pupils, and the search in it."""

from __future__ import annotations

from django.urls import URLPattern

pages: list[URLPattern] = []
