"""Marks, levels, comments and conduct as a book in which something can be corrected (R-128)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from gradebook import access, words, words_effect
from gradebook.models import Mark
from gradebook.rules import RulesError
from gradebook.rules.columns import TAKEN_OVER, Column, Component, ValueKind
from gradebook.rules.effect import Effect
from gradebook.rules.entering import Situation, Why, why_not_this
from gradebook.rules.filing import why_not_filed
from gradebook.rules.typed import Entry, State, read
from gradebook.selectors import trace
from gradebook.selectors.books import (
    NOTHING,
    Book,
    Held,
    Place,
    Pupil,
    cells_of,
    marks_of,
    pupils,
)
from gradebook.selectors.effect import effect as what_follows
from gradebook.selectors.seals import sealed
from gradebook.services import corrections, sheets
from schoolbook import access as kernel
from schoolbook.correctable import Change, Item, Matter, Order
from schoolbook.errors import Invalid
from schoolbook.models import User
from schoolbook.rules.permissions import Action

# The row of the official form that a component stands in.
GROUPS = {
    Component.REGULAR: "regular",
    Component.PERIODIC: "regular",
    Component.MIDTERM: "midterm",
    Component.FINAL: "final",
}


@dataclass(frozen=True, kw_only=True)
class CellsOfPupil(Matter):
    """The matter with the sheet and the pupil that it was read from."""

    sheet: Book
    pupil: Pupil


class Marks:
    """The cells of one pupil on one sheet: of a subject, or of the homeroom teacher for the class."""

    name = "marks"
    title = gettext_lazy("Mark book")

    def opened(self, user: User, asked: Mapping[str, str]) -> Matter:
        """The pupil's cells on the sheet of an address: `class_subject` or `class_group`, `term`, `student`.

        For who may ask for a correction there. Raises Http404, PermissionDenied.
        """
        place = place_of(asked)
        book = access.book(user, place)
        if not book.may_file:
            raise kernel.refusal()
        pupil = _pupil(book, _number(asked, "student"))
        held = marks_of([book.sheet], [pupil.id])[book.term] if book.sheet else {}
        shut = sealed(book, [pupil.id])
        items = [
            _item(book, pupil, column, held.get(cell, NOTHING), is_sealed=cell in shut)
            for column in book.columns
            for cell in [(pupil.id, *column.key)]
        ]
        taught = book.class_subject
        return CellsOfPupil(
            sheet=book,
            pupil=pupil,
            book=self.name,
            place=_said(place),
            school_id=book.school.pk,
            year_id=book.year.pk,
            class_group_id=book.class_group.pk,
            student_id=pupil.id,
            items=tuple(items),
            class_subject_id=taught.pk if taught else None,
            term=book.term,
        )

    def changes(self, matter: Matter, typed: Mapping[str, str]) -> list[Change]:
        """What was typed, read as the sheet reads it. Raises Invalid by key."""
        assert isinstance(matter, CellsOfPupil)
        found, refused = [], {}
        for item in matter.items:
            if item.key not in typed:
                continue
            entry, problem = _read(matter, item, typed[item.key])
            if problem:
                refused[item.key] = problem
            elif entry.shown != item.shown:
                found.append(
                    Change(
                        key=item.key,
                        label=item.label,
                        group=item.group,
                        old=item.shown,
                        old_version=item.version,
                        typed=typed[item.key],
                        new=entry.shown,
                    )
                )
        if refused:
            raise Invalid(refused)
        return found

    def effect(self, matter: Matter, changes: Sequence[Change]) -> Mapping[str, Any]:
        """What the changes would do to averages, levels, title and promotion."""
        assert isinstance(matter, CellsOfPupil)
        changed = {
            (matter.student_id, *_key(change.key)): read(
                change.typed, matter.sheet.by_key[_key(change.key)]
            )
            for change in changes
        }
        return what_follows(matter.sheet, matter.student_id, changed).as_json()

    def said(self, effect: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
        """An effect in words."""
        kept = Effect.from_json(effect)
        lines = [(one.label, one.before, one.after) for one in words_effect.lines(kept)]
        return [*lines, *((sentence, "", "") for sentence in words_effect.missing(kept))]

    def hold(self, actor: User, place: Mapping[str, Any]) -> None:
        """Lock both sheets, made if they are not there yet."""
        sheets.locked(actor, _place(place), to=Action.VIEW_MARKS)

    def standing(
        self, place: Mapping[str, Any], student_id: int, keys: Sequence[str]
    ) -> Mapping[str, tuple[int, str]]:
        """Version and value of these cells now; in one query."""
        rows = Mark.objects.filter(student=student_id, **_of_sheet(place))
        now = {
            f"{component}:{number}": (held.version, held.entry.shown)
            for _sheet, (_student, component, number), held in cells_of(rows)
        }
        return {key: now.get(key, (0, "")) for key in keys}

    @transaction.atomic
    def apply(self, order: Order, *, actor: User) -> None:
        """Write the cells. Raises Overtaken, Http404, PermissionDenied."""
        wanted = [
            corrections.Corrected(*_key(change.key), change.old_version, change.typed)
            for change in order.changes
        ]
        corrections.apply_correction(
            place=_place(order.place),
            student_id=order.student_id,
            wanted=wanted,
            approval=corrections.Approval(order.number, order.approved_by, order.reason),
            actor=actor,
        )

    def href(self, place: Mapping[str, Any], student_id: int) -> str:
        """The sheet, at the pupil."""
        where = _place(place)
        if where.class_subject_id is not None:
            address = reverse("gradebook:subject_sheet", args=[where.class_subject_id, where.term])
        else:
            address = reverse("gradebook:class_sheet", args=[where.class_group_id, where.term])
        return address

    def history(
        self, place: Mapping[str, Any], student_id: int, keys: Sequence[str]
    ) -> Sequence[tuple[datetime, str, str, str, str]]:
        """The edits of these cells, newest first; in two queries."""
        rows: Any = Mark.history.filter(student=student_id, **_of_sheet(place))
        edits = trace.page(rows).rows
        wanted = {trace.column_name(*_key(key)) for key in keys}
        return [
            (one.at, one.actor, one.column, one.new, one.reason)
            for one in edits
            if one.column in wanted
        ]


def place_of(asked: Mapping[str, str]) -> Place:
    """The sheet that an address names. Raises Http404."""
    term = _number(asked, "term")
    if "class_subject" in asked:
        return Place(term, class_subject_id=_number(asked, "class_subject"))
    return Place(term, class_group_id=_number(asked, "class_group"))


def _number(asked: Mapping[str, str], name: str) -> int:
    text = str(asked.get(name, ""))
    if not (text.isascii() and text.isdigit() and len(text) <= 9):  # noqa: PLR2004
        raise Http404
    return int(text)


def _said(place: Place) -> dict[str, int]:
    if place.class_subject_id is not None:
        return {"class_subject": place.class_subject_id, "term": place.term}
    assert place.class_group_id is not None
    return {"class_group": place.class_group_id, "term": place.term}


def _place(said: Mapping[str, Any]) -> Place:
    return Place(said["term"], said.get("class_subject"), said.get("class_group"))


def _of_sheet(place: Mapping[str, Any]) -> dict[str, Any]:
    """The condition that a mark, or its history, is of the sheet."""
    where = _place(place)
    if where.class_subject_id is not None:
        return {"sheet__class_subject": where.class_subject_id, "sheet__term": where.term}
    return {
        "sheet__class_group": where.class_group_id,
        "sheet__class_subject__isnull": True,
        "sheet__term": where.term,
    }


def _key(key: str) -> tuple[str, int]:
    component, _colon, number = key.partition(":")
    return component, int(number)


def _pupil(book: Book, student_id: int) -> Pupil:
    found = pupils(book, [student_id])
    if not found:
        raise Http404
    return found[0]


def _item(book: Book, pupil: Pupil, column: Column, held: Held, *, is_sealed: bool) -> Item:
    return Item(
        key="{}:{}".format(*column.key),
        label=column.name,
        shown=held.entry.shown,
        version=held.version,
        group=GROUPS.get(column.component, "other"),
        why_not=_why_not(book, pupil, column, held, is_sealed=is_sealed),
        is_long=column.kind is ValueKind.TEXT,
    )


def _why_not(book: Book, pupil: Pupil, column: Column, held: Held, *, is_sealed: bool) -> str:
    """Why no correction of a cell may be asked for, by the school's regulation."""
    if column.component in TAKEN_OVER:
        return words.reason(Why.ONLY_TAKEN_OVER)
    has_value = held.entry.state is not State.BLANK
    why = why_not_filed(
        book.closing.closes((pupil.id, *column.key), has_value=has_value),
        is_sealed=is_sealed,
        has_value=has_value,
        needed=book.regulation.correction_form,
    )
    return str(words.NOT_FILED[why]) if why else ""


def _read(matter: CellsOfPupil, item: Item, typed: str) -> tuple[Entry, str]:
    """What was typed into an item, and the sentence why it cannot stand there; empty where it can."""
    column = matter.sheet.by_key[_key(item.key)]
    try:
        entry = read(typed, column)
    except RulesError as error:
        return Entry(), words.sentence(error)
    if entry.shown == item.shown:
        return entry, ""
    if item.why_not:
        return entry, item.why_not
    situation = Situation(
        has_right=True,
        is_taught=True,
        is_on_sheet=True,
        standing=matter.pupil.standings[matter.sheet.term],
    )
    why = why_not_this(entry, situation)
    return entry, words.reason(why) if why else ""
