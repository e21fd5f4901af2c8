"""Rights given for some days: the list, giving one, taking one back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from schoolbook import access, clock
from schoolbook.errors import Invalid
from schoolbook.forms.base import HistoryForm, ReasonForm
from schoolbook.forms.grants import GrantFilterForm, GrantForm
from schoolbook.http import Request, page
from schoolbook.listing import part_of
from schoolbook.rules.permissions import Action
from schoolbook.selectors import grants as given
from schoolbook.selectors import timeline
from schoolbook.selectors.history import Panel
from schoolbook.services import grants as service
from schoolbook.services import sessions
from schoolbook.views.second_factor import prompts_for_second_factor


@require_safe
def grants(request: Request) -> HttpResponse:
    """The grants of the school; for those who may, the form to give one."""
    access.require(request.user, Action.VIEW_SECURITY)
    return _list(request)


@require_safe
def grants_history(request: Request) -> HttpResponse:
    """Older acts of giving and taking back, a page at a time."""
    access.require(request.user, Action.VIEW_SECURITY)
    form = HistoryForm(request.GET)
    if not form.is_valid():
        return redirect("schoolbook:grants_history")
    panel = timeline.of_grants(_school(request), before=form.cleaned_data["before"])
    context = {"changes": panel.changes, "older_href": _older_href(panel)}
    return page(request, "schoolbook/grants/grants_history.html", context)


@require_POST
@prompts_for_second_factor
def give_grant(request: Request) -> HttpResponse:
    """Give a right, or show again what was typed with the reason why not."""
    access.require(request.user, Action.DELEGATE)
    form = GrantForm(request.POST, school=_school(request))
    if not form.is_valid():
        return _list(request, form=form, status=422)
    chosen = form.cleaned_data
    give = (
        partial(service.give_to_group, department_id=chosen["group"])
        if chosen["group"]
        else partial(service.give_to_person, user_id=chosen["user"])
    )
    try:
        give(form.wanted, actor=request.user, verified_at=sessions.verified_at(request.session))
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        return _list(request, form=form, status=422)
    messages.success(request, _("The right is given. It ends by itself after its last day."))
    return redirect("schoolbook:grants")


@require_POST
def revoke_person_grant(request: Request, person_grant_id: int) -> HttpResponse:
    """Take a right back from a person."""
    access.person_grant(request.user, person_grant_id, to=Action.DELEGATE)
    return _revoked(request, service.revoke_from_person, person_grant_id)


@require_POST
def revoke_group_grant(request: Request, group_grant_id: int) -> HttpResponse:
    """Take a right back from a group."""
    access.group_grant(request.user, group_grant_id, to=Action.DELEGATE)
    return _revoked(request, service.revoke_from_group, group_grant_id)


def _revoked(request: Request, revoke: Any, grant_id: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the right is taken back."))
        return _list(request, status=422)
    revoke(grant_id=grant_id, actor=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("The right is taken back."))
    return redirect("schoolbook:grants")


def _list(request: Request, *, form: GrantForm | None = None, status: int = 200) -> HttpResponse:
    school = _school(request)
    filters = GrantFilterForm(request.GET)
    if form is None and access.may(request.user, Action.DELEGATE):
        form = GrantForm(school=school)
    found = given.given(school, day=clock.today(), **filters.asked)
    panel = timeline.of_grants(school)
    context = {
        "history": panel.changes,
        "more_history_href": _older_href(panel),
        "part": part_of(request, found),
        "filters": filters,
        "form": form,
        "reason": ReasonForm(auto_id=False),
    }
    return page(request, "schoolbook/grants/grants.html", context, status=status)


def _older_href(panel: Panel) -> str | None:
    address = reverse("schoolbook:grants_history")
    return f"{address}?before={panel.older}" if panel.older else None


def _school(request: Request) -> Any:
    return access.school(request.user, request.user.school_id or 0, to=Action.VIEW_SCHOOL)
