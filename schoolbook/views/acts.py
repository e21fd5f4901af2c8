"""What pages with one act have in common: a form, the service it calls, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from schoolbook.errors import Conflict, Invalid
from schoolbook.forms.base import Refusable
from schoolbook.http import Request, page
from schoolbook.jinja import format_date_time
from schoolbook.selectors.history import Panel
from schoolbook.services import sessions

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TEMPLATE = "schoolbook/act.html"


@dataclass(frozen=True)
class ActPage:
    """One act on a page of its own: what it is about, its form, and where it was called from.

    `trail` are the pages above, the last of them the way back; `facts` are names and values; `danger` is a sentence
    about what cannot be taken back.
    """

    title: StrOrPromise
    text: StrOrPromise
    submit: StrOrPromise
    trail: Sequence[tuple[StrOrPromise, str]]
    facts: Sequence[tuple[StrOrPromise, object]] = ()
    history: Panel | None = None
    template: str = TEMPLATE
    more: dict[str, Any] = field(default_factory=dict)


def answer(
    request: Request,
    form: Refusable,
    act: Callable[[], object],
    shown: ActPage,
    *,
    done: StrOrPromise,
    back: str = "",
) -> HttpResponse:
    """Show the page; or do what its form asks and come back with a message, or say in place why not."""
    if not form.is_valid():
        return show(request, form, shown, status=422 if form.is_bound else 200)
    try:
        act()
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        return show(request, form, shown, status=422)
    except Conflict as conflict:
        _tell(form, conflict)
        return show(request, form, shown, status=409)
    messages.success(request, done)
    return redirect(back or shown.trail[-1][1])


def problem_of(
    request: Request,
    form: Form,
    act: Callable[[dict[str, Any]], object],
    *,
    done: StrOrPromise,
) -> str:
    """Do what a form without fields to fill in asks for, such as to confirm what its page shows.

    Why not, in a sentence; empty, with a message for the next page, when it is done.
    """
    if not form.is_valid():
        return _("This page is out of date: reload it before you save.")
    try:
        act(form.cleaned_data)
    except Invalid as refusal:
        return " ".join(map(str, refusal.errors.values()))
    messages.success(request, done)
    return ""


def show(request: Request, form: Refusable, shown: ActPage, *, status: int = 200) -> HttpResponse:
    """The page with its form."""
    context = {
        "form": form,
        "title": shown.title,
        "text": shown.text,
        "submit": shown.submit,
        "trail": [{"label": label, "href": href} for label, href in shown.trail],
        "facts": [{"label": label, "value": value} for label, value in shown.facts],
        "history": shown.history.changes if shown.history else None,
        **shown.more,
    }
    return page(request, shown.template, context, status=status)


def fresh(request: Request) -> datetime | None:
    """When this session last showed a second factor."""
    return sessions.verified_at(request.session)


def _tell(form: Refusable, conflict: Conflict) -> None:
    """Say what somebody else has saved meanwhile; sending the form again would then mean the person's own."""
    sentence = _(
        "%(author)s changed this at %(at)s, while you had the page open. It is now: %(now)s. "
        "Compare it with what you entered below, then send again what is to hold."
    )
    now = "; ".join(f"{name}: {value}" for name, value in conflict.values.items())
    at = format_date_time(conflict.at)
    form.add_error(None, sentence % {"author": conflict.author, "at": at, "now": now})
    if "version" in form.fields:
        data: Any = form.data
        form.data = data.copy()
        form.data.update({form.add_prefix("version"): str(conflict.version)})  # type: ignore[attr-defined]
