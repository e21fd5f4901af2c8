"""The board of progress: which books are asked for, and its tiles, teachers and months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gradebook.access_watching import Watched, watched
from gradebook.forms.watching import TERM_CHOICES, ProgressForm
from gradebook.rules import columns
from gradebook.rules.progress import Tally, total
from gradebook.selectors import progress
from gradebook.selectors.missing import Which, term_on
from gradebook.selectors.progress import Line
from schoolbook.http import Request


@dataclass(frozen=True, slots=True)
class Tile:
    """One book on the board; without an address it leads nowhere."""

    tally: Tally
    missed: int
    teachers: str
    href: str


@dataclass(frozen=True)
class Row:
    """A class with its tiles, in the order of the columns; None where it has no such subject."""

    name: str
    class_group_id: int
    tiles: Sequence[Tile | None]
    tally: Tally


@dataclass(frozen=True)
class Teacher:
    """A teacher with all of the own books; without a name, books that nobody has today."""

    id: int | None
    name: str
    lines: Sequence[Line]
    tally: Tally
    missed: int


@dataclass(frozen=True)
class Board:
    """What was asked for and what there is. Figures are those of `month` where one was chosen, else those of now."""

    watched: Watched
    form: ProgressForm
    month: date | None
    terms: tuple[int, ...]
    lines: Sequence[Line]
    months: Sequence[tuple[date, Tally]]

    @property
    def year_tally(self) -> Tally:
        """All of these books together, over the whole year as months are."""
        return total(line.tally(columns.TERMS) for line in self.lines)

    @property
    def tally(self) -> Tally:
        """All of these books together."""
        return total(line.tally(self.terms) for line in self.lines)

    @cached_property
    def subjects(self) -> list[tuple[int | None, str]]:
        """The columns: subjects in the order of books, and at the end the homeroom teacher's."""
        taught = {line.taught.subject_id: line.taught.subject for line in self.lines if line.taught}
        ordered = sorted(taught.values(), key=lambda one: (one.place, one.pk))
        found: list[tuple[int | None, str]] = [(one.pk, one.name) for one in ordered]
        if any(line.taught is None for line in self.lines):
            found.append((None, _("Conduct and remarks")))
        return found

    @property
    def rows(self) -> list[Row]:
        """The board itself."""
        of_class: dict[int, dict[int | None, Line]] = {}
        for line in self.lines:
            subject = line.taught.subject_id if line.taught else None
            of_class.setdefault(line.group.pk, {})[subject] = line
        groups = {line.group.pk: line.group for line in self.lines}
        ordered = sorted(groups.values(), key=lambda one: (one.grade, len(one.name), one.name))
        return [self._row(group, of_class[group.pk]) for group in ordered]

    def _row(self, group: Any, books: Mapping[int | None, Line]) -> Row:
        tiles = [
            self._tile(books[subject]) if subject in books else None
            for subject, _name in self.subjects
        ]
        whole = total(tile.tally for tile in tiles if tile)
        return Row(group.name, group.pk, tiles, whole)

    def _tile(self, line: Line) -> Tile | None:
        found = line.tally(self.terms)
        if not found.required and line.taught and not self._is_taught(line):
            return None
        names = ", ".join(one["name"] for one in line.teachers)
        return Tile(found, line.missed(self.terms), names, self.href(line))

    def _is_taught(self, line: Line) -> bool:
        taught: Any = line.taught
        return any(taught.in_term1 if term == 1 else taught.in_term2 for term in self.terms)

    def href(self, line: Line) -> str:
        """The sheet of a line, for who may look at it: of the term asked for, or that of today."""
        if not line.looks:
            return ""
        year = self.watched.year
        assert year
        now = self.month or len(self.terms) > 1
        term = term_on(year) if now else self.terms[0]
        if line.taught:
            if not (line.taught.in_term1 if term == 1 else line.taught.in_term2):
                term = 3 - term
            return reverse("gradebook:subject_sheet", args=[line.taught.pk, term])
        return reverse("gradebook:class_sheet", args=[line.group.pk, term])

    @property
    def teachers(self) -> list[Teacher]:
        """The same by teacher: by name, and at the end what nobody has."""
        books: dict[tuple[str, int | None], list[Line]] = {}
        for line in self.lines:
            for one in line.teachers or [{"name": "", "id": None}]:
                books.setdefault((one["name"], one["id"]), []).append(line)
        only = self.form.number("teacher")
        return [
            Teacher(
                pk,
                name,
                lines,
                total(line.tally(self.terms) for line in lines),
                sum(line.missed(self.terms) for line in lines),
            )
            for (name, pk), lines in sorted(
                books.items(), key=lambda item: (item[0][1] is None, _by_name(item[0][0]))
            )
            if only is None or pk == only
        ]


def _by_name(name: str) -> tuple[str, ...]:
    """Vietnamese people are looked up by the last part of their name."""
    return tuple(reversed(name.split()))


def board(request: Request) -> Board:
    """What a request asks for, of what this person may watch; in at most nine queries."""
    seen = watched(request.user)
    year = seen.year
    kept = progress.kept_by_month(year) if year else {}
    form = _form(request, seen, sorted(kept))
    here = seen.only(grade=form.number("grade"), teacher=form.number("teacher"))
    month = date.fromisoformat(form.chosen("at")) if form.chosen("at") else None
    term = form.chosen("term")
    terms = columns.TERMS if term == "year" else (int(term),)
    lines = progress.lines(year, here.subjects, here.groups) if year else []
    books = {line.which for line in lines}
    months = [
        (one, total(tally for which, (tally, _who) in rows.items() if which in books))
        for one, rows in sorted(kept.items())
    ]
    found = Board(here, form, month, terms, lines, months)
    return _frozen(found, kept[month]) if month else found


def _frozen(found: Board, kept: Mapping[Which, tuple[Tally, list[str]]]) -> Board:
    """The board as it was at the end of a month, with the teachers of then."""
    lines = []
    for line in found.lines:
        tally, names = kept.get(line.which, (Tally(), []))
        people = [{"id": _id_of(name, line), "name": name} for name in names]
        lines.append(replace(line, tallies={1: tally}, was_late={}, then=people))
    return replace(found, lines=lines, terms=(1,), months=found.months)


def _id_of(name: str, line: Line) -> int | None:
    return next((one["id"] for one in line.teachers if one["name"] == name), None)


def _form(request: Request, seen: Watched, months: Sequence[date]) -> ProgressForm:
    rows: list[Any] = [*seen.subjects, *seen.groups]
    grades = sorted({getattr(row, "class_group", row).grade for row in rows})
    people = {one["id"]: one["name"] for row in rows for one in row.taught_by}
    ordered = sorted(people.items(), key=lambda item: _by_name(item[1]))
    return ProgressForm(
        request.GET,
        usual={"term": str(term_on(seen.year)) if seen.year else "1"},
        grade=[("", _("all grades")), *((str(one), str(one)) for one in grades)],
        term=TERM_CHOICES,
        teacher=[("", _("all teachers")), *((str(pk), name) for pk, name in ordered)],
        at=[
            ("", _("now")),
            *(
                (one.isoformat(), _("at the end of %(month)s") % {"month": f"{one:%m/%Y}"})
                for one in reversed(months)
            ),
        ],
    )
