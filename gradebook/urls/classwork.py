"""What teachers keep beside the cells: phrases, columns, checks of results."""

from __future__ import annotations

from django.urls import URLPattern

pages: list[URLPattern] = []
