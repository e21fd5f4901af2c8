"""Corrections on paper, and those of a year together."""

from __future__ import annotations

from django.urls import path

from approvals.views import printing, summary

pages = [
    path("corrections/blank-form/", printing.print_blank_form, name="print_blank_form"),
    path(
        "corrections/<int:correction_id>/print/", printing.print_correction, name="print_correction"
    ),
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
