"""The page of a sheet: what its template is told, also with cells that were typed and not taken."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from gradebook import words
from gradebook.forms import sheet as form
from gradebook.forms.sheet import Typed
from gradebook.selectors import corrected
from gradebook.selectors import sheet as sheets
from gradebook.selectors.books import Book, Key, Place
from gradebook.selectors.entering import rendered
from gradebook.services.marks import Outcome, Status
from gradebook.views import sheet_state, striking
from gradebook.views.grid import Overlay, grid, parts
from schoolbook import registry
from schoolbook.errors import Invalid
from schoolbook.http import Request, page
from schoolbook.services import drafts

TEMPLATE = "gradebook/sheet.html"
STATES = {Status.REFUSED: "refused", Status.CONFLICT: "conflict"}


def address(place: Place, *, save: bool = False) -> str:
    """The address of a sheet, or that to which it is saved."""
    verb = "save_" if save else ""
    if place.class_subject_id is not None:
        kwargs = {"class_subject_id": place.class_subject_id, "term": place.term}
        return reverse(f"gradebook:{verb}subject_sheet", kwargs=kwargs)
    kwargs = {"class_group_id": place.class_group_id or 0, "term": place.term}
    return reverse(f"gradebook:{verb}class_sheet", kwargs=kwargs)


def back(request: Request, place: Place) -> HttpResponse:
    """To the page of a sheet, with the group of columns that was looked at."""
    part = urlencode({"part": request.GET["part"]}) if request.GET.get("part") else ""
    return redirect(f"{address(place)}?{part}".rstrip("?"))


def answer(
    request: Request,
    book: Book,
    overlays: Mapping[Key, Overlay],
    *,
    kept: bool = False,
    saved: int = 0,
    problem: Invalid | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a book as it stands, with what was typed and not taken laid over it."""
    found = sheets.sheet(book)
    choices = parts(found)
    asked = request.GET.get("part", "")
    part = asked if asked in choices and not overlays else ""
    path = address(book.place)
    account = drafts.account(request.user)
    struck = corrected.of_sheet(book.sheet)
    laid_out = grid(found, account, overlays, part, struck)
    may_file = book.may_file and registry.corrections.are_handled
    context = {
        "book": book,
        "sheet": found,
        "grid": laid_out,
        "parts": choices,
        "part": part,
        "path": path,
        "save_path": address(book.place, save=True),
        "account": account,
        "slip": drafts.slip_of(request.user, path) if book.may_enter else "",
        "reason": partial(words.reason, needed=book.regulation.correction_form),
        "state": sheet_state.badges(found),
        "ask_href": partial(sheet_state.ask_href, book) if book.may_ask else None,
        "file_href": partial(sheet_state.file_href, book) if may_file else None,
        "counter": striking.counter_of(book, struck),
        "request_href": registry.corrections.request_href,
        "kept": kept,
        "saved": saved,
        "problem": next(iter(problem.errors.values())) if problem else "",
    }
    return page(request, TEMPLATE, context, status=status)


def changed(book: Book, typed: Mapping[Key, Typed]) -> dict[Key, Typed]:
    """The cells of a form that differ from what its page showed; where "theirs" was chosen, nothing is to be done."""
    showed = rendered(book, {key: cell.seen for key, cell in typed.items()})
    return {
        key: cell
        for key, cell in typed.items()
        if cell.choice != form.THEIRS and (cell.choice or _plain(cell.text) != showed.get(key))
    }


def _plain(text: str) -> str:
    return "\n".join(text.splitlines()).strip()


def kept_cells(book: Book, sent: QueryDict) -> dict[Key, Overlay]:
    """What was typed before the session was over, for the cells that do not hold it."""
    try:
        typed = form.cells_of(sent)
    except Invalid:
        return {}
    return {
        key: Overlay(cell.text, "unsaved", seen=cell.seen)
        for key, cell in changed(book, typed).items()
    }


def not_saved(outcome: Outcome, typed: Mapping[Key, Typed]) -> dict[Key, Overlay]:
    """What was refused, and what somebody else had changed, with what was typed there."""
    found: dict[Key, Overlay] = {}
    for one in outcome.answers:
        if one.status not in STATES:
            continue
        cell = typed[one.edit.cell]
        conflict = one.status is Status.CONFLICT
        found[one.edit.cell] = Overlay(
            typed=cell.text,
            state=STATES[one.status],
            sentence=one.sentence,
            may_file=sheet_state.may_file_after(outcome.book, one.why),
            seen=cell.seen if conflict else one.version,
            theirs=one.shown,
            version=one.version,
            author=one.author,
            at=one.at,
        )
    return found
