"""Marks as others look at them: by class, teacher and pupil, summaries and slips."""

from __future__ import annotations

from django.urls import URLPattern

pages: list[URLPattern] = []
