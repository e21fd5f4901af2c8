"""How a sheet stands: open until when, locked since when and by whose decision, and the way to ask for an unlock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gradebook import words
from gradebook.rules import filing
from gradebook.rules.closing import UNLOCK, Closed, Shut
from gradebook.rules.entering import Why
from gradebook.selectors.books import Book, Key
from gradebook.selectors.sheet import Cell, Sheet
from schoolbook import registry
from schoolbook.jinja import format_date_time

LOCKS = (Shut.ENTRY_LOCKED, Shut.MARKS_LOCKED)


@dataclass(frozen=True)
class Badge:
    """One thing said of the sheet: `tone` is that of a badge."""

    tone: str
    text: str


def cells_of(sheet: Sheet) -> list[tuple[Key, Cell]]:
    """The cells of the pupils who are there."""
    return [
        ((row.pupil.id, *cell.column.key), cell)
        for row in sheet.rows
        if not row.has_left
        for cell in row.cells
    ]


def closed_whole(sheet: Sheet) -> Closed | None:
    """What closes every cell of the sheet, where that is one and the same thing."""
    book = sheet.book
    if book.closing.is_nothing:
        return None
    found = {cell.closed for _key, cell in cells_of(sheet)}
    return found.pop() if len(found) == 1 else None


def badges(sheet: Sheet) -> list[Badge]:
    """How the sheet stands, in one line or a few; in no query."""
    book = sheet.book
    if not book.is_taught or book.closing.is_nothing:
        return [Badge("open", "")] if book.is_taught else []
    cells = cells_of(sheet)
    shut = [cell.closed for _key, cell in cells if cell.closed]
    unlocked = _unlocked(book, cells)
    if cells and len(shut) == len(cells):
        # The word for a confirmed sheet stands in a line of its own.
        signed = shut[0].by is Shut.SIGNED_OFF and len(set(shut)) == 1
        return [] if signed else [_all_closed(shut)]
    found = [unlocked] if unlocked else []
    if any(one.by in LOCKS for one in shut):
        found.append(Badge("locked", _("Partly locked")))
    elif any(one.by is Shut.SIGNED_OFF for one in shut):
        found.append(Badge("locked", _("Partly confirmed")))
    if not unlocked:
        found += _by_windows(book)
    return found or [Badge("open", "")]


def _all_closed(shut: list[Closed]) -> Badge:
    reasons = {one.by for one in shut}
    first = shut[0]
    if reasons <= set(LOCKS) or reasons == {Shut.SIGNED_OFF}:
        return Badge("locked", words.by_whom(first).rstrip("."))
    if reasons == {Shut.NOT_OPEN_YET}:
        begins = min(one.span.opens_at for one in shut if one.span)
        return Badge(
            "waiting", _("Entry begins at %(moment)s") % {"moment": format_date_time(begins)}
        )
    if reasons == {Shut.WINDOW_OVER}:
        ended = max(one.span.closes_at for one in shut if one.span)
        return Badge("locked", _("Entry ended at %(moment)s") % {"moment": format_date_time(ended)})
    return Badge("locked", _("Closed: why stands below the table"))


def _unlocked(book: Book, cells: Iterable[tuple[Key, Cell]]) -> Badge | None:
    """Until when an unlock opens cells, all of them or some."""
    if not any(act.kind == UNLOCK for act in book.closing.acts):
        return None
    ends = [
        book.closing.unlocked_until(key) if cell.closed is None else None for key, cell in cells
    ]
    known = [end for end in ends if end]
    if not known:
        return None
    said = {"moment": format_date_time(min(known))}
    if len(known) == len(ends):
        return Badge("open", _("Unlocked until %(moment)s") % said)
    return Badge("open", _("Partly unlocked until %(moment)s") % said)


def _by_windows(book: Book) -> list[Badge]:
    """The next closing of the shown columns, and which it is of where they differ; the next opening if none is open."""
    now, spans = book.closing.moment, book.closing.spans
    names = list(dict.fromkeys(column.component.value for column in book.columns))
    here = {name: spans[name] for name in names if name in spans}
    opened = {name: span for name, span in here.items() if span.opens_at <= now < span.closes_at}
    found = []
    if opened:
        next_one = min(span.closes_at for span in opened.values())
        found.append(_until(next_one, [n for n in names if n in opened], opened, names))
    coming = {name: span.opens_at for name, span in here.items() if now < span.opens_at}
    if coming:
        begins = min(coming.values())
        which = [words.component_said(name) for name, at in coming.items() if at == begins]
        said = {"columns": ", ".join(which), "moment": format_date_time(begins)}
        found.append(Badge("waiting", _("%(columns)s from %(moment)s") % said))
    return found


def _until(at: datetime, opened: list[str], spans: Any, names: list[str]) -> Badge:
    closing = [name for name in opened if spans[name].closes_at == at]
    said = {"moment": format_date_time(at)}
    if closing == names:
        return Badge("open", _("Open until %(moment)s") % said)
    columns = ", ".join(words.component_said(name) for name in closing)
    return Badge("open", _("%(columns)s open until %(moment)s") % {**said, "columns": columns})


ASKABLE = frozenset(Why(shut.value) for shut in Shut)


def file_href(book: Book, cells: Iterable[Key] = (), student_id: int | None = None) -> str:
    """Where to ask for a correction on the sheet, of one pupil, with the cell if these are only one."""
    asked: dict[str, str | int] = {"book": "marks"}
    if book.class_subject:
        asked["class_subject"] = book.class_subject.pk
    else:
        asked["class_group"] = book.class_group.pk
    asked["term"] = book.term
    keys = list(cells)
    if student_id or keys:
        asked["student"] = student_id or keys[0][0]
    if len(keys) == 1:
        asked["cell"] = f"{keys[0][1]}:{keys[0][2]}"
    return registry.corrections.filing_href(asked)


def may_file_after(book: Book, why: Why | None) -> bool:
    """Whether somebody whose edit was refused for this reason may ask for a correction instead."""
    allowed = book.may_file and registry.corrections.are_handled
    return (
        allowed and why is not None and filing.may_file_after(why, book.regulation.correction_form)
    )


def ask_href(book: Book, cells: Iterable[Key] = ()) -> str:
    """Where to ask that the sheet be unlocked: of it, or of the column or cell that these cells have in common."""
    group, taught = book.class_group, book.class_subject
    asked: dict[str, str | int] = {
        "kind": "unlock",
        "year": book.year.start,
        "class_group": group.pk,
        "term": book.term,
    }
    if taught:
        asked |= {"class_subject": taught.pk, "subject": taught.subject_id}
    else:
        asked["book"] = "class"
    keys = list(cells)
    for place, name in enumerate(("student", "component", "number")):
        known = {key[place] for key in keys}
        if len(known) == 1 and (name != "number" or "component" in asked):
            asked[name] = known.pop()
    return f"{reverse('gradebook:ask_lock')}?{urlencode(asked)}"
