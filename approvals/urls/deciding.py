"""Requests for those who decide, witness and apply them."""

from django.urls import URLPattern, path

from approvals.views import correction, deciding, printing

pages: list[URLPattern] = [
    path("corrections/", deciding.corrections, name="corrections"),
    path("corrections/decide/", deciding.decide_corrections, name="decide_corrections"),
    path("corrections/<int:correction_id>/", correction.correction, name="correction"),
    path(
        "corrections/<int:correction_id>/decide/",
        correction.decide_correction,
        name="decide_correction",
    ),
    path(
        "corrections/<int:awaited_correction_id>/witness/",
        correction.witness_correction,
        name="witness_correction",
    ),
    path(
        "corrections/<int:correction_id>/apply/",
        correction.apply_correction,
        name="apply_correction",
    ),
    path(
        "corrections/<int:correction_id>/print/", printing.print_correction, name="print_correction"
    ),
    path("corrections/blank-form/", printing.print_blank_form, name="print_blank_form"),
]
