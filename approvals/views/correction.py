"""One request with everything about it, and the steps that others than its author take (R-122 – R-127)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals import access, words
from approvals.forms.deciding import DecideCorrectionForm
from approvals.rules import workflow
from approvals.rules.workflow import Facts, State
from approvals.selectors import inbox, parties
from approvals.selectors import requests as read
from approvals.services import applying, decisions
from approvals.views import correction_words
from approvals.views.deciding import expired
from schoolbook import access as kernel
from schoolbook import registry
from schoolbook.errors import Invalid
from schoolbook.http import Request, page
from schoolbook.jinja import format_date_time
from schoolbook.page_memo import one_page
from schoolbook.rules.permissions import Action
from schoolbook.rules.regulation import Witness
from schoolbook.selectors import duties, history
from schoolbook.views.acts import fresh
from schoolbook.views.second_factor import prompts_for_second_factor

SHOWN_IN_HISTORY = ("state", "decision", "ending")


@require_safe
def correction(request: Request, correction_id: int) -> HttpResponse:
    """A request on one page: the form, evidence, effect, what became of it, and what may be done with it."""
    row = access.correction(request.user, correction_id)
    if row.state == State.DRAFT:
        return redirect("approvals:draft", row.pk)
    facts = parties.facts(row)
    decides = inbox.may_decide(row, facts, request.user, _rights(request))
    if decides and _is_looked_at(request) and not inbox.opened([row], request.user):
        # The one thing that looking writes: who decides several at once has to have seen each of them.
        decisions.note_opened(correction_id=row.pk, actor=request.user)
    return _correction_page(request, row, facts)


def _is_looked_at(request: Request) -> bool:
    """Whether a person has the page before them, and no browser fetches it in case it is wanted."""
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "GET" and "prefetch" not in ahead.casefold()


@require_POST
@prompts_for_second_factor
def decide_correction(request: Request, correction_id: int) -> HttpResponse:
    """Approve a request, or refuse it with words."""
    row = access.decidable(request.user, correction_id)
    form = DecideCorrectionForm(request.POST)
    if not form.is_valid():
        facts = parties.facts(row)
        why = workflow.why_not_decide(facts, request.user.pk)
        problem = str(words.WHY[why]) if why else ""
        return _correction_page(request, row, facts, form=form, problem=problem, status=422)
    return _done(
        request,
        correction_id,
        lambda: decisions.decide(
            correction_id=correction_id,
            actor=request.user,
            verified_at=fresh(request),
            **form.cleaned_data,
        ),
        form=form,
    )


@require_POST
def witness_correction(request: Request, awaited_correction_id: int) -> HttpResponse:
    """Confirm as one of the witnesses that the regulation asks for."""
    row = access.awaited(request.user, awaited_correction_id)
    try:
        role = Witness(request.POST.get("role", ""))
    except ValueError:
        problem = _("This page is out of date: reload it before you save.")
        return _correction_page(request, row, parties.facts(row), problem=problem, status=422)
    return _done(
        request,
        awaited_correction_id,
        lambda: applying.witness(
            correction_id=awaited_correction_id, role=role, actor=request.user
        ),
    )


@require_POST
@prompts_for_second_factor
def apply_correction(request: Request, correction_id: int) -> HttpResponse:
    """Write what was approved and witnessed."""
    row = access.correction(request.user, correction_id, to=Action.APPLY_CORRECTIONS)
    if row.state == State.APPLIED:
        messages.info(request, _("The correction was applied already."))
        return redirect("approvals:correction", correction_id)
    return _done(
        request,
        correction_id,
        lambda: applying.apply(
            correction_id=correction_id, actor=request.user, verified_at=fresh(request)
        ),
    )


def _done(
    request: Request,
    correction_id: int,
    act: Callable[[], Any],
    *,
    form: DecideCorrectionForm | None = None,
) -> HttpResponse:
    """Do it and come back with what became of it; or show the request as it stands now, with the reason why not."""
    try:
        row = act()
    except Invalid as refusal:
        row = access.correction(request.user, correction_id)
        facts = parties.facts(row)
        if form is not None and inbox.may_decide(row, facts, request.user, _rights(request)):
            form.add_errors(refusal.errors)
            return _correction_page(request, row, facts, form=form, status=422)
        problem = " ".join(map(str, refusal.errors.values()))
        return _correction_page(request, row, facts, problem=problem, form=form, status=422)
    if row.state == State.EXPIRED:
        messages.warning(request, expired(row))
    else:
        messages.success(request, _became(row))
    return redirect("approvals:correction", correction_id)


def _became(row: Any) -> str:
    """What a step has led to, for whoever took it."""
    if row.state == State.APPLIED:
        at = format_date_time(row.applied_at)
        return _("The correction is applied, recorded at %(at)s.") % {"at": at}
    said = {
        State.REFUSED: _("The request is refused. The one who asked reads your words."),
        State.APPROVED: _("This is recorded. The request waits for its witnesses."),
        State.WITNESSED: _("This is recorded. An administrator can apply the correction now."),
    }
    return said[State(row.state)]


def _rights(request: Request) -> frozenset[Action]:
    return kernel.rights(request.user)


def _correction_page(
    request: Request,
    row: Any,
    facts: Facts,
    *,
    form: DecideCorrectionForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    with one_page():
        context = {
            "row": row,
            "said": correction_words,
            "problem": problem,
            **_told(row, facts),
            **_steps(request, row, facts, form),
        }
        return page(request, "approvals/correction.html", context, status=status)


def _told(row: Any, facts: Facts) -> dict[str, Any]:
    """What the page tells whoever looks at it."""
    book, lines = registry.correctables.get(row.book), read.lines(row)
    keys = [line.key for line in lines]
    return {
        "lines": lines,
        "evidence": read.evidence(row),
        "before": book.history(row.place, row.student_id, keys),
        "effect": book.said(row.effect or {}),
        "moved": read.moved(row),
        "book_href": book.href(row.place, row.student_id),
        "counts": inbox.asked_before(row),
        "turns": correction_words.turn(row, inbox.turns(row, facts)),
        "since": inbox.since(row),
        "timeline": correction_words.timeline(row),
        "history": history.panel(row, SHOWN_IN_HISTORY).changes,
    }


def _steps(
    request: Request, row: Any, facts: Facts, form: DecideCorrectionForm | None
) -> dict[str, Any]:
    """What this person may do with the request now."""
    user, rights = request.user, _rights(request)
    decides = inbox.may_decide(row, facts, user, rights)
    return {
        "form": (form or DecideCorrectionForm()) if decides else None,
        "lost": form.data.get("decision", "") if form and not decides else "",
        "needs_factor": decides and not duties.standing(user).second_factor,
        "seats": workflow.seats(facts, user.pk),
        "may_apply": inbox.may_apply(facts, rights),
        "may_withdraw": workflow.why_not_withdraw(facts, user.pk) is None,
        "own": facts.requester == user.pk
        and facts.state is State.SUBMITTED
        and Action.DECIDE_CORRECTIONS in rights,
        "decided_it": facts.decided_by == user.pk and facts.state is State.APPROVED,
    }
