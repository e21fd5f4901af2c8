"""The sheet: the page of the book, and saving it, as a form or as a batch of a script."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gradebook import access
from gradebook.forms import sheet as form
from gradebook.forms.sheet import Typed
from gradebook.selectors.books import Key, Place
from gradebook.services import marks
from gradebook.services.marks import Outcome, Status
from gradebook.views import sheet_page
from gradebook.views.sheet_answers import answers_of
from schoolbook.errors import Invalid
from schoolbook.http import Request
from schoolbook.rules.permissions import Action
from schoolbook.services import drafts

SCRIPT = "application/json"


@require_safe
def subject_sheet(request: Request, class_subject_id: int, term: int) -> HttpResponse:
    """The sheet of a subject of a class in a term."""
    return _show(request, Place(term, class_subject_id=class_subject_id))


@require_safe
def class_sheet(request: Request, class_group_id: int, term: int) -> HttpResponse:
    """The homeroom teacher's sheet of a class in a term: conduct and remarks; in primary qualities and competences."""
    return _show(request, Place(term, class_group_id=class_group_id))


@require_POST
def save_subject_sheet(request: Request, class_subject_id: int, term: int) -> HttpResponse:
    """Save cells of a subject's sheet."""
    return _save(request, Place(term, class_subject_id=class_subject_id))


@require_POST
def save_class_sheet(request: Request, class_group_id: int, term: int) -> HttpResponse:
    """Save cells of the homeroom teacher's sheet."""
    return _save(request, Place(term, class_group_id=class_group_id))


def _show(request: Request, place: Place) -> HttpResponse:
    book = access.book(request.user, place)
    kept = drafts.kept(request.session, request.user, sheet_page.address(place))
    overlays = sheet_page.kept_cells(book, kept) if kept and book.may_enter else {}
    return sheet_page.answer(request, book, overlays, kept=bool(overlays))


def _save(request: Request, place: Place) -> HttpResponse:
    if request.content_type == SCRIPT:
        return _save_batch(request, place)
    book = access.book(request.user, place, to=Action.ENTER_MARKS)
    slip = drafts.read(request.POST.get(drafts.FIELD, ""))
    if slip is None or slip.account != drafts.account(request.user):
        messages.warning(
            request, _("This page was made for somebody else or is too old. Nothing was saved.")
        )
        return sheet_page.back(request, place)
    try:
        typed = form.cells_of(request.POST)
    except Invalid as refusal:
        return sheet_page.answer(request, book, {}, problem=refusal, status=422)
    outcome = marks.save(
        place=place,
        edits=form.edits_of(slip.key, sheet_page.changed(book, typed)),
        actor=request.user,
    )
    drafts.forget(request.session)
    return _answer(request, outcome, typed)


def _answer(request: Request, outcome: Outcome, typed: Mapping[Key, Typed]) -> HttpResponse:
    """Back to the page; or the page again, with what was refused or is in conflict."""
    place = outcome.book.place
    overlays = sheet_page.not_saved(outcome, typed)
    saved = sum(one.status in {Status.SAVED, Status.REPEATED} for one in outcome.answers)
    if not overlays:
        messages.success(request, _told(saved))
        return sheet_page.back(request, place)
    refused = any(overlay.state == "refused" for overlay in overlays.values())
    book = access.book(request.user, place)
    return sheet_page.answer(request, book, overlays, saved=saved, status=422 if refused else 409)


def _told(saved: int) -> str:
    if not saved:
        return _("Nothing was changed.")
    return ngettext("%(count)s cell is saved.", "%(count)s cells are saved.", saved) % {
        "count": saved
    }


def _save_batch(request: Request, place: Place) -> HttpResponse:
    try:
        batch = form.batch_of(request.body)
    except Invalid as refusal:
        return _sentence(next(iter(refusal.errors.values())), 400)
    if batch.account != drafts.account(request.user):
        return _sentence(_("Another account is signed in now. Nothing of this was saved."), 409)
    return JsonResponse(answers_of(marks.save(place=place, edits=batch.edits, actor=request.user)))


def _sentence(sentence: object, status: int) -> HttpResponse:
    return JsonResponse({"sentence": str(sentence)}, status=status)
