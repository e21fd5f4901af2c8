"""What waits for somebody, and all requests of a year; several decided at once (R-122, R-123)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from approvals import access
from approvals.forms.deciding import CorrectionsFilterForm, DecideSeveralForm
from approvals.rules.workflow import State
from approvals.selectors import inbox
from approvals.services import decisions as service
from approvals.views import correction_words
from schoolbook import access as kernel
from schoolbook.errors import Invalid
from schoolbook.http import Request, page
from schoolbook.listing import part_of
from schoolbook.page_memo import one_page
from schoolbook.rules.permissions import Action
from schoolbook.selectors import years as years_of
from schoolbook.views.acts import fresh
from schoolbook.views.second_factor import prompts_for_second_factor


@require_safe
def corrections(request: Request) -> HttpResponse:
    """What waits for this person, oldest first; below it the requests of a year that this person may look at."""
    with one_page():
        return _whole_inbox(request)


def _whole_inbox(request: Request) -> HttpResponse:
    school = kernel.school(request.user, request.user.school_id or 0, to=Action.VIEW_SCHOOL)
    rows = access.corrections(request.user)
    filters = CorrectionsFilterForm(request.GET, years=years_of.years(school), rows=rows)
    part = part_of(request, inbox.listed(rows, filters.of_year, filters.wanted))
    return _inbox_page(request, rows, {"filters": filters, "part": part})


@require_POST
@prompts_for_second_factor
def decide_corrections(request: Request) -> HttpResponse:
    """Decide several requests alike, or none of them."""
    access.require_decider(request.user)
    form = DecideSeveralForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            found = service.decide_several(
                correction_ids=said["correction"],
                agreed=said["agreed"],
                decision=said["decision"],
                actor=request.user,
                verified_at=fresh(request),
            )
        except Invalid as refusal:
            form.add_errors(refusal.errors)
        else:
            _tell(request, found)
            return redirect("approvals:corrections")
    rows = access.corrections(request.user)
    return _inbox_page(request, rows, {"filters": None, "part": None}, form=form)


def _tell(request: Request, found: list[Any]) -> None:
    """Say what became of each."""
    decided = [row for row in found if row.state != State.EXPIRED]
    names = "; ".join(correction_words.about(row) for row in decided)
    if decided and decided[0].state == State.REFUSED:
        said = ngettext(
            "%(count)s request is refused", "%(count)s requests are refused", len(decided)
        )
    else:
        said = ngettext(
            "%(count)s request is approved", "%(count)s requests are approved", len(decided)
        )
    if decided:
        messages.success(request, f"{said % {'count': len(decided)}}: {names}")
    for row in found:
        if row.state == State.EXPIRED:
            messages.warning(request, f"{correction_words.about(row)}. {expired(row)}")


def expired(row: Any) -> str:
    """That a request has ended by itself, and why."""
    return _(
        "The request has expired, and nothing was changed: %(why)s It has to be asked for anew."
    ) % {"why": row.ending}


def _inbox_page(
    request: Request,
    rows: Any,
    more: dict[str, Any],
    *,
    form: DecideSeveralForm | None = None,
) -> HttpResponse:
    rights = kernel.rights(request.user)
    waiting = inbox.waiting(rows, request.user, rights)
    shown = waiting.to_decide[: service.MOST_AT_ONCE]  # as many as can be decided at once
    inbox.with_lines([*shown, *waiting.to_witness, *waiting.to_apply])
    context = {
        "sees_all": Action.VIEW_CORRECTIONS in rights,
        "may_file": Action.FILE_CORRECTIONS in rights,
        "to_decide": shown,
        "more_to_decide": len(waiting.to_decide) - len(shown),
        "to_witness": waiting.to_witness,
        "to_apply": waiting.to_apply,
        "opened": inbox.opened(shown, request.user),
        "form": form or DecideSeveralForm(),
        "age": inbox.age,
        "said": correction_words,
        **more,
    }
    return page(request, "approvals/corrections.html", context, status=422 if form else 200)
