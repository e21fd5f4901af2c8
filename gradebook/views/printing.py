"""Printing sheets: each starts a piece of work and leads to its page, where the document will be (R-155, R-188)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from gradebook import access, pdf
from gradebook.rules.columns import TERMS
from schoolbook.http import Request
from schoolbook.views.jobs import started


@require_POST
def print_subject_sheet(request: Request, class_subject_id: int, term: int) -> HttpResponse:
    """Print the sheet of a subject of a class in a term."""
    access.subject_book(request.user, class_subject_id, term)
    return started(request, pdf.SHEET, {"class_subject": class_subject_id, "term": term})


@require_POST
def print_class_sheet(request: Request, class_group_id: int, term: int) -> HttpResponse:
    """Print the homeroom teacher's sheet of a class in a term."""
    access.class_book(request.user, class_group_id, term)
    return started(request, pdf.SHEET, {"class_group": class_group_id, "term": term})


@require_POST
def print_class_sheets(request: Request, class_group_id: int, term: int) -> HttpResponse:
    """Print all sheets of a class and term that this person may look at."""
    access.seen(request.user, class_group_id)
    if term not in TERMS:
        raise Http404
    return started(request, pdf.CLASS_SHEETS, {"class_group": class_group_id, "term": term})
