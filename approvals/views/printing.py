"""Printing the official form of a correction, filled or blank (R-130)."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from approvals import access, pdf
from schoolbook.http import Request
from schoolbook.views.jobs import started


@require_POST
def print_correction(request: Request, correction_id: int) -> HttpResponse:
    """Print the form of a request, as far as it has come."""
    access.correction(request.user, correction_id)
    return started(request, pdf.FORM, {"correction": correction_id})


@require_POST
def print_blank_form(request: Request) -> HttpResponse:
    """Print the form of one's school, to be filled in by hand."""
    return started(request, pdf.BLANK_FORM, {})
