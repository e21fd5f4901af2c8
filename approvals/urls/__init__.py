"""Addresses of corrections, nothing else. Each has a row in `schoolbook.rules.routes.ROUTES`."""

from __future__ import annotations

from django.urls import URLPattern

from approvals.urls import deciding

app_name = "approvals"
urlpatterns: list[URLPattern] = [*deciding.pages]
