"""Windows of entry, locks and unlocks."""

from django.urls import URLPattern

pages: list[URLPattern] = []
