"""Printing forms: each starts a piece of work and leads to its page, where the document will be (R-130)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from approvals import access, pdf
from approvals.rules.workflow import State
from schoolbook.http import Request
from schoolbook.views.jobs import started


@require_POST
def print_correction(request: Request, correction_id: int) -> HttpResponse:
    """Print a request as the official form, with its annex; a draft is on no paper yet."""
    row = access.correction(request.user, correction_id)
    if row.state == State.DRAFT:
        return redirect("approvals:draft", row.pk)
    return started(request, pdf.FORM, {"correction": row.pk})


@require_POST
def print_blank_form(request: Request) -> HttpResponse:
    """Print the official form to be filled in by hand."""
    return started(request, pdf.BLANK_FORM, {})
