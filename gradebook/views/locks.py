"""Locks and unlocks: the board, asking, deciding, carrying out and withdrawing (R-100, R-102, R-104, R-108)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradebook import access_locks, words
from gradebook.forms.locks import (
    AskForm,
    AskOwnForm,
    DecideForm,
    LocksFilterForm,
    prefilled,
)
from gradebook.selectors import locks as found
from gradebook.services import locks as service
from gradebook.views import lock_words
from schoolbook import access as kernel
from schoolbook.errors import Invalid
from schoolbook.http import Request, page, sent
from schoolbook.listing import part_of
from schoolbook.rules.permissions import Action
from schoolbook.selectors import years as years_of
from schoolbook.views.acts import fresh
from schoolbook.views.second_factor import prompts_for_second_factor


@require_safe
def locks(request: Request) -> HttpResponse:
    """The board: what is locked now, what is unlocked until when, what waits for whom, and every act of a year.

    Somebody who may not look at all sees the requests of one's own.
    """
    school = access_locks.school(request.user)
    form = LocksFilterForm(request.GET, years=years_of.years(school))
    rights = kernel.rights(request.user)
    sees_all = Action.VIEW_LOCKS in rights
    rows = access_locks.requests(request.user)
    to_decide, to_carry_out = found.waiting(rows)
    context = {
        "sees_all": sees_all,
        "may_ask": Action.ASK_LOCK in rights,
        "filters": form,
        "board": found.board(form.of_year) if sees_all and form.of_year else None,
        "to_decide": to_decide,
        "to_carry_out": to_carry_out,
        "part": part_of(request, found.listed(rows, form.of_year, form.wanted)),
        "scope": words.scope_said,
        "lock_words": lock_words,
    }
    return page(request, "gradebook/locks/locks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_lock(request: Request) -> HttpResponse:
    """Ask for a lock or an unlock; from a sheet or a cell with its scope filled in."""
    kernel.require_anywhere(request.user, Action.ASK_LOCK)
    year = _year(request)
    askable = access_locks.askable(request.user, year)
    initial = prefilled(request.GET, askable)
    data = sent(request)
    form = (
        AskForm(data, year=year, initial=initial)
        if askable.everything
        else AskOwnForm(data, year=year, askable=askable, initial=initial)
    )
    if data is None or "show" in data:
        return _ask_page(request, form, typed=data)
    if not form.is_valid():
        return _ask_page(request, form, status=422)
    try:
        row = service.ask(form.asked, actor=request.user)
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        return _ask_page(request, form, status=422)
    messages.success(
        request, _("The request is recorded. You hear on your home page what became of it.")
    )
    return redirect("gradebook:lock_act", row.pk)


def _year(request: Request) -> Any:
    """The school year that is asked for, that of today otherwise."""
    school = access_locks.school(request.user)
    asked = request.POST.get("year") or request.GET.get("year", "")
    year = years_of.asked(years_of.years(school), asked)
    if year is None:
        raise Http404
    return year


def _ask_page(
    request: Request, form: Any, *, typed: QueryDict | None = None, status: int = 200
) -> HttpResponse:
    """The form; with what was typed so far, but no word of what is missing, where only the pupils were asked for."""
    if typed is not None:
        values = {name: typed.get(name) for name in form.fields if name in typed}
        form.is_bound, form.data = False, QueryDict()
        form.initial = {**form.initial, **values}
    context = {"form": form, "year": form.year}
    return page(request, "gradebook/locks/ask.html", context, status=status)


@require_safe
def lock_act(request: Request, lock_act_id: int) -> HttpResponse:
    """One request: its scope, its three parts, and what may be done with it."""
    row = access_locks.lock_act(request.user, lock_act_id, to=Action.VIEW_LOCKS)
    return _act_page(request, row)


@require_POST
@prompts_for_second_factor
def decide_lock(request: Request, lock_act_id: int) -> HttpResponse:
    """Agree to a request, or refuse it with words."""
    row = access_locks.lock_act(request.user, lock_act_id, to=Action.DECIDE_LOCKS)
    form = DecideForm(request.POST, kind=row.kind)
    if not form.is_valid():
        return _act_page(request, row, form=form, status=422)
    return _done(
        request,
        lock_act_id,
        lambda: service.decide(
            act_id=lock_act_id,
            actor=request.user,
            verified_at=fresh(request),
            **form.cleaned_data,
        ),
        _("The decision is recorded."),
        form=form,
    )


@require_POST
@prompts_for_second_factor
def carry_out_lock(request: Request, lock_act_id: int) -> HttpResponse:
    """Do what was decided."""
    access_locks.lock_act(request.user, lock_act_id, to=Action.CARRY_OUT_LOCKS)
    return _done(
        request,
        lock_act_id,
        lambda: service.carry_out(
            act_id=lock_act_id, actor=request.user, verified_at=fresh(request)
        ),
        _("It is carried out, and counts from now on."),
    )


@require_POST
def withdraw_lock(request: Request, own_lock_act_id: int) -> HttpResponse:
    """Take back a request of one's own."""
    access_locks.own_lock_act(request.user, own_lock_act_id)
    return _done(
        request,
        own_lock_act_id,
        lambda: service.withdraw(act_id=own_lock_act_id, actor=request.user),
        _("The request is taken back."),
    )


def _done(
    request: Request,
    act_id: int,
    act: Callable[[], object],
    said: str,
    *,
    form: DecideForm | None = None,
) -> HttpResponse:
    """Do it and come back with a message; or show the request as it stands now, with the reason why not."""
    try:
        act()
    except Invalid as refusal:
        row = access_locks.lock_act(request.user, act_id, to=Action.VIEW_LOCKS)
        if form is not None and row.state == "asked":
            form.add_errors(refusal.errors)
            return _act_page(request, row, form=form, status=422)
        problem = " ".join(map(str, refusal.errors.values()))
        return _act_page(request, row, problem=problem, status=422)
    messages.success(request, said)
    return redirect("gradebook:lock_act", act_id)


def _act_page(
    request: Request,
    row: Any,
    *,
    form: DecideForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    user, rights = request.user, kernel.rights(request.user)
    decides = row.state == "asked" and Action.DECIDE_LOCKS in rights
    may_decide = decides and access_locks.is_decider(user)
    own_unlock = row.kind == "unlock" and row.asked_by_id == user.pk
    context = {
        "act": row,
        "scope": words.scope_said(row),
        "timeline": lock_words.timeline(row),
        "waits_for": lock_words.waits_for(row),
        "form": (form or DecideForm(kind=row.kind)) if may_decide and not own_unlock else None,
        "own_unlock": may_decide and own_unlock,
        "may_carry_out": row.state == "decided" and Action.CARRY_OUT_LOCKS in rights,
        "own_decision": row.decided_by_id == user.pk,
        "may_withdraw": row.asked_by_id == user.pk and row.state in {"asked", "decided"},
        "problem": problem,
        "lock_words": lock_words,
    }
    return page(request, "gradebook/locks/act.html", context, status=status)
