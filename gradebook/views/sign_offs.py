"""Confirming the sheet of a subject and term: everything that is confirmed on one page, and the word for it (R-144)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gradebook import access
from gradebook.forms.sign_offs import SignOffForm, TakeBackForm
from gradebook.selectors import sheet as sheets
from gradebook.selectors import sign_offs as read
from gradebook.selectors.books import Book, Place
from gradebook.services import sign_offs as services
from gradebook.views import places
from schoolbook import access as kernel
from schoolbook.errors import Invalid
from schoolbook.http import Request, page
from schoolbook.rules.permissions import Action
from schoolbook.views.acts import problem_of

TEMPLATE = "gradebook/sign_offs/sign_off.html"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_off(request: Request, class_subject_id: int, term: int) -> HttpResponse:
    """The sheet as it would be confirmed, who confirmed it, and for its teacher the button that does."""
    if request.method != "POST":
        book = access.subject_book(request.user, class_subject_id, term)
        return _show(request, book)
    kernel.class_subject(request.user, class_subject_id, to=Action.SIGN_OFF)
    place, form = Place(term, class_subject_id=class_subject_id), SignOffForm(request.POST)

    def act(said: dict[str, Any]) -> object:
        return services.sign(
            place=place,
            digest=said["digest"],
            incomplete=said["incomplete"] or 0,
            actor=request.user,
        )

    done = _("The sheet is confirmed. It is closed from now on.")
    problem = problem_of(request, form, act, done=done)
    if not problem:
        return redirect("gradebook:sign_off", class_subject_id, term)
    book = access.book(request.user, place)
    return _show(request, book, problem=problem, since=form.cleaned_data.get("link"), status=422)


@require_POST
def take_back_sign_off(request: Request, class_subject_id: int, term: int) -> HttpResponse:
    """Take the confirmation of a sheet back, with a reason."""
    kernel.class_subject(request.user, class_subject_id, to=Action.SIGN_OFF)
    book = access.subject_book(request.user, class_subject_id, term)
    form = TakeBackForm(request.POST)
    done = _("The confirmation is taken back. The sheet is open again.")
    if taken_back(request, form, services.take_back, done=done):
        return redirect("gradebook:sign_off", class_subject_id, term)
    return _show(request, book, taking_back=form, status=422)


def taken_back(
    request: Request, form: TakeBackForm, service: Callable[..., object], *, done: str
) -> bool:
    """Take a confirmation back as the form says; False, with the reason in the form, where that cannot be."""
    if not form.is_valid():
        return False
    said = form.cleaned_data
    try:
        service(sign_off_id=said["sign_off"], reason=said["reason"], actor=request.user)
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        return False
    messages.success(request, done)
    return True


def _show(
    request: Request,
    book: Book,
    *,
    problem: str = "",
    since: int | None = None,
    taking_back: TakeBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = sheets.sheet(book)
    now, word = read.signing(shown), read.of_sheet(book.sheet)
    if taking_back is None and word and not word.ended_at and book.may_sign:
        taking_back = TakeBackForm(initial={"sign_off": word.pk})
    context: dict[str, Any] = {
        "book": book,
        "group": book.class_group,
        "sheet": shown,
        "now": now,
        "link": read.newest_link(book.sheet),
        "word": word,
        "holds": bool(word and not word.ended_at and word.digest == now.digest),
        "may_sign": book.may_sign,
        "taking_back": taking_back,
        "problem": problem,
        "changes": read.changes_since(book.sheet, since).rows if since is not None else [],
        "sheet_href": places.sheet_href(book),
    }
    return page(request, TEMPLATE, context, status=status)
