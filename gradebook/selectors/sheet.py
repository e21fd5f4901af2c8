"""A sheet as the page shows it: rows of pupils with their cells, the results, what is missing, how marks are spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from gradebook.models import SubjectResult
from gradebook.rules.closing import Closed
from gradebook.rules.columns import Column, Component
from gradebook.rules.entering import Situation, Why, why_not
from gradebook.rules.filing import may_file, needs_form
from gradebook.rules.typed import State, spelt
from gradebook.selectors.books import NOTHING, Book, Held, Key, Pupil, marks_of, pupils
from gradebook.selectors.seals import sealed
from schoolbook import clock

# Bounds of the bars of the histogram: below 3.5, 5, 6.5, 8, and up (the thresholds of the circulars).
BOUNDS = (Decimal("3.5"), Decimal("5.0"), Decimal("6.5"), Decimal("8.0"))
RESULT_HEADS = {"term1": "ĐTBmhkI", "term2": "ĐTBmhkII", "year": "ĐTBmcn"}
# What stands behind the results, as on paper.
BEHIND = (Component.RETEST, Component.COMMENT)
# A subject without marks has levels, not averages.
LEVEL_HEADS = {"term1": "Mức HKI", "term2": "Mức HKII", "year": "Mức cả năm"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it shows, its version, and why this person cannot write in it, if so.

    `may_file` says whether this person may ask that it be corrected.
    """

    column: Column
    shown: str
    version: int
    state: State
    source: str
    why: Why | None
    is_missing: bool
    closed: Closed | None = None
    may_file: bool = False


@dataclass(frozen=True, slots=True)
class ResultCell:
    """A computed figure of a row; blank while something is missing."""

    period: str
    shown: str
    status: str
    is_taken_over: bool


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One pupil: `order` is the number in the book; `has_left` greys the row."""

    order: int
    pupil: Pupil
    has_left: bool
    cells: tuple[Cell, ...]
    results: tuple[ResultCell, ...]


@dataclass(frozen=True)
class Sheet:
    """Everything on the page of a sheet. `missing` counts required cells that are blank, of pupils who are there."""

    book: Book
    columns: tuple[Column, ...]
    periods: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    missing: int
    distribution: tuple[int, ...]
    digest: str
    check: Mapping[str, Any] | None

    @property
    def heads(self) -> list[tuple[str, str]]:
        """The computed columns with their headings."""
        taught = self.book.class_subject
        scored = taught is None or taught.assessed_by == "score"
        heads = RESULT_HEADS if scored else LEVEL_HEADS
        return [(period, heads[period]) for period in self.periods]

    @property
    def split(self) -> tuple[list[Column], list[Column]]:
        """The columns before the results and those behind, as on paper; without results all are before them."""
        if not self.periods:
            return list(self.columns), []
        inner = [column for column in self.columns if column.component not in BEHIND]
        return inner, [column for column in self.columns if column.component in BEHIND]

    @property
    def newcomers(self) -> list[Pupil]:
        """Who came into the class after the term had begun."""
        first, _last = self.book.days
        return [row.pupil for row in self.rows if row.pupil.joined_on > first and not row.has_left]

    @property
    def check_holds(self) -> bool:
        """Whether somebody looked through exactly these figures."""
        return bool(self.check) and self.check["digest"] == self.digest  # type: ignore[index]


def sheet(book: Book) -> Sheet:
    """The page of a book; in three queries, or five where the school seals on sign-out."""
    listed = pupils(book)
    cells = marks_of([book.sheet])[book.term] if book.sheet else {}
    stored = results_of(book)
    closed = sealed(book)
    today = clock.today()
    periods = shown_periods(book)
    rows = tuple(
        _row(book, order, pupil, cells, stored, closed, periods, today)
        for order, pupil in enumerate(listed, start=1)
    )
    return Sheet(
        book=book,
        columns=book.columns,
        periods=periods,
        rows=rows,
        missing=sum(cell.is_missing for row in rows for cell in row.cells),
        distribution=spread(stored, f"term{book.term}"),
        digest=digest_of(rows),
        check=getattr(book.sheet, "checked", None),
    )


def shown_periods(book: Book) -> tuple[str, ...]:
    """Which results stand on the sheet: that of the term, in term 2 also the year's; none in primary or for a class."""
    if book.class_subject is None or book.is_primary:
        return ()
    return ("term1",) if book.term == 1 else ("term2", "year")


def results_of(book: Book) -> dict[tuple[int, str], tuple[str, Decimal | None, str, str]]:
    """Status, average, level and origin by pupil and period, as stored; in one query, none where a book has none."""
    if book.class_subject is None or book.is_primary:
        return {}
    rows = SubjectResult.objects.filter(
        class_subject=book.class_subject, period__in=shown_periods(book)
    )
    names = ("student_id", "period", "status", "average", "level", "origin")
    return {(row[0], row[1]): row[2:] for row in rows.values_list(*names)}


def _row(
    book: Book,
    order: int,
    pupil: Pupil,
    cells: Mapping[Key, Held],
    stored: Mapping[tuple[int, str], tuple[str, Decimal | None, str, str]],
    sealed_cells: frozenset[Key],
    periods: Sequence[str],
    today: Any,
) -> SheetRow:
    left = pupil.left_on if pupil.has_left(today) else None
    situation = Situation(book.may_enter, book.is_taught, is_on_sheet=True, left_on=left)
    why = why_not(book.columns[0], situation)
    found = []
    for column in book.columns:
        key = (pupil.id, column.component.value, column.number)
        held = cells.get(key, NOTHING)
        cell = _cell(
            book, column, key, held, why, is_sealed=key in sealed_cells, is_left=bool(left)
        )
        found.append(cell)
    figures = []
    for period in periods:
        status, average, level, origin = stored.get(
            (pupil.id, period), ("incomplete", None, "", "")
        )
        shown = spelt(average) if average is not None else level
        figures.append(ResultCell(period, shown, status, origin == "taken_over"))
    return SheetRow(order, pupil, left is not None, tuple(found), tuple(figures))


def _cell(
    book: Book,
    column: Column,
    key: Key,
    held: Held,
    why: Why | None,
    *,
    is_sealed: bool,
    is_left: bool,
) -> Cell:
    """One cell; `why` is what keeps this person from writing anything in its row."""
    needed = book.regulation.correction_form
    has_value = held.entry.state is not State.BLANK
    closed = book.closing.closes(key, has_value=has_value)
    shut = Why(closed.by.value) if closed else None
    form = Why.FORM_NEEDED if needs_form(needed, has_value=has_value) else None
    return Cell(
        column=column,
        shown=held.entry.shown,
        version=held.version,
        state=held.entry.state,
        source=held.source,
        why=why or shut or (Why.SEALED if is_sealed else form),
        is_missing=column.required and not has_value and not is_left,
        closed=closed,
        may_file=book.may_file
        and may_file(closed, is_sealed=is_sealed, has_value=has_value, needed=needed),
    )


def digest_of(rows: Sequence[SheetRow]) -> str:
    """The digest of exactly the computed figures that the page shows: what a check covers."""
    lines = [
        f"{row.pupil.id}:{figure.period}:{figure.shown}:{figure.status}"
        for row in rows
        for figure in row.results
    ]
    return sha256("\n".join(lines).encode()).hexdigest()


def spread(
    stored: Mapping[tuple[int, str], tuple[str, Decimal | None, str, str]], period: str
) -> tuple[int, ...]:
    """How many averages of a period lie below 3,5, 5, 6,5, 8, and above."""
    bars: Counter[int] = Counter()
    for (_student, which), (_status, average, _level, _origin) in stored.items():
        if which == period and average is not None:
            bars[sum(average >= bound for bound in BOUNDS)] += 1
    return tuple(bars[place] for place in range(len(BOUNDS) + 1))
