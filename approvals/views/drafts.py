"""What somebody is about to send, sending and withdrawing it, and everything one has asked for (R-120, R-121)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals import access, words_filing
from approvals.forms.filing import EvidenceForm, WithdrawForm
from approvals.rules.workflow import State
from approvals.selectors import filing as found
from approvals.selectors import requests as read
from approvals.selectors.outlook import awaited, outlook
from approvals.services import requests as service
from schoolbook import clock, registry
from schoolbook.errors import Invalid
from schoolbook.http import Request, page
from schoolbook.listing import part_of


@require_safe
def draft(request: Request, own_correction_id: int) -> HttpResponse:
    """A draft of one's own: what is going to be sent, what it would do, and to whom it goes."""
    row = access.own_correction(request.user, own_correction_id)
    return gone(request, row, tell=False) or draft_page(request, row)


@require_POST
def send_correction(request: Request, own_correction_id: int) -> HttpResponse:
    """Send a draft: from now on it waits for a decision, and stays as it is."""
    row = access.own_correction(request.user, own_correction_id)
    if away := gone(request, row):
        return away
    try:
        service.submit(correction_id=row.pk, actor=request.user)
    except Invalid as refusal:
        return draft_page(request, row, problem=words_of(refusal), status=422)
    messages.success(
        request, _("The request is sent. You hear on your home page what becomes of it.")
    )
    return redirect("approvals:correction", row.pk)


@require_POST
def withdraw_correction(request: Request, own_correction_id: int) -> HttpResponse:
    """Throw a draft away, or take back a request that nobody has decided yet."""
    row = access.own_correction(request.user, own_correction_id)
    was_draft = row.state == State.DRAFT
    form = WithdrawForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        service.withdraw(correction_id=row.pk, actor=request.user, reason=reason)
    except Invalid as refusal:
        messages.error(request, words_of(refusal))
        return redirect("approvals:correction", row.pk)
    if was_draft:
        messages.success(request, _("The draft is thrown away."))
        return redirect("approvals:my_corrections")
    messages.success(request, _("The request is taken back."))
    return redirect("approvals:correction", row.pk)


@require_safe
def my_corrections(request: Request) -> HttpResponse:
    """Everything one has asked for: how far it is, since when, and for whom it waits."""
    part = part_of(request, found.own(request.user))
    school = request.user.school
    waits = awaited(part.rows, school, clock.today()) if school else {}
    context = {"part": part, "waits": waits, "said": words_filing}
    return page(request, "approvals/filing/mine.html", context)


def gone(request: Request, row: Any, *, tell: bool = True) -> HttpResponse | None:
    """The way to the request where it is no draft any more: sent from another tab, or thrown away."""
    if row.state == State.DRAFT:
        return None
    if tell:
        messages.error(request, _("This request was sent: it stays as it is."))
    return redirect("approvals:correction", row.pk)


def words_of(refusal: Invalid) -> str:
    """What a service refused, in one text."""
    return " ".join(map(str, refusal.errors.values()))


def draft_page(
    request: Request,
    row: Any,
    *,
    form: EvidenceForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a draft, with what was refused."""
    book = registry.correctables.get(row.book)
    effect = list(book.said(row.effect or {}))
    lines, evidence = read.lines(row), read.evidence(row)
    context = {
        "row": row,
        "lines": lines,
        "evidence": evidence,
        "effect": [one for one in effect if one[1] or one[2]],
        "gaps": [one[0] for one in effect if not (one[1] or one[2])],
        "outlook": outlook(request.user, row.school, clock.today()),
        "missing": words_filing.missing(row, lines, evidence),
        "form": form or EvidenceForm(),
        "problem": problem,
        "said": words_filing,
    }
    return page(request, "approvals/filing/draft.html", context, status=status)
