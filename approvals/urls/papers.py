"""Corrections of a year together."""

from __future__ import annotations

from django.urls import path

from approvals.views import summary

pages = [
    path("corrections/summary/", summary.corrections_summary, name="corrections_summary"),
    path(
        "corrections/summary/export/",
        summary.export_corrections_summary,
        name="export_corrections_summary",
    ),
    path(
        "corrections/summary/print/",
        summary.print_corrections_summary,
        name="print_corrections_summary",
    ),
]
