"""Marks as read-only tables: the heads over them, and what each cell shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gradebook.rules.columns import Column, ValueKind
from gradebook.selectors.books import Book, Pupil
from gradebook.selectors.corrected import Corrected
from gradebook.selectors.ledger import Ledger
from gradebook.selectors.levels import taught_in
from gradebook.selectors.sheet import LEVEL_HEADS, RESULT_HEADS
from gradebook.views.striking import Struck, struck
from schoolbook import clock

OfClass = Mapping[tuple[int | None, int], Corrected]
NOBODY: OfClass = {}
# The results that stand at the end of the columns of a term.
AFTER_TERM = {1: ("term1",), 2: ("term2", "year")}


@dataclass(frozen=True)
class Head:
    """A column of a table: of a cell, or with `period` of a result."""

    text: str
    term: int
    column: Column | None = None
    period: str = ""


@dataclass(frozen=True)
class Shown:
    """A cell as it is shown; `period` leads to the working of a result, `struck` is what was corrected."""

    text: str
    source: bool = False
    period: str = ""
    is_text: bool = False
    struck: Struck | None = None


@dataclass(frozen=True)
class Line:
    """One row: of a pupil, or in a pupil's own table of a subject."""

    order: int
    pupil: Pupil
    has_left: bool
    cells: tuple[Shown, ...]


@dataclass(frozen=True)
class Table:
    """A table of one subject with its pupils; `terms` says how many columns stand under each term."""

    book: Book
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]

    @property
    def terms(self) -> list[tuple[int, int]]:
        """The terms with the number of columns of each."""
        counted = {term: sum(head.term == term for head in self.heads) for term in (1, 2)}
        return [(term, count) for term, count in counted.items() if count]


def heads(book: Book, terms: Sequence[int] = (1, 2), *, texts: bool = False) -> list[Head]:
    """The columns of a subject in these terms in the order of the book, with results; remarks only if asked for."""
    found: list[Head] = []
    for term in terms:
        if taught_in(book, f"term{term}"):
            found += _heads_of_term(replace(book, term=term), term, texts)
    return found


def _heads_of_term(book: Book, term: int, texts: bool) -> list[Head]:
    cells = [
        Head(column.name, term, column)
        for column in book.columns
        if texts or column.kind is not ValueKind.TEXT
    ]
    if book.is_primary:
        return cells
    results = [Head(head_of(book, one), term, period=one) for one in AFTER_TERM[term]]
    after = [head for head in cells if _is_after(head.column)]
    return [head for head in cells if not _is_after(head.column)] + results + after


def _is_after(column: Column | None) -> bool:
    """Whether a column stands after the results of its term."""
    return column is not None and (column.whole_year or column.kind is ValueKind.TEXT)


def head_of(book: Book, period: str) -> str:
    """What the book writes over a result: of an average, or of a level."""
    return (RESULT_HEADS if book.assessed_by == "score" else LEVEL_HEADS)[period]


def shown(
    found: Ledger, book: Book, pupil: Pupil, head: Head, corrected: OfClass = NOBODY
) -> Shown:
    """One cell or result of a pupil."""
    if head.column is None:
        figure = found.figure(book, pupil.id, head.period)
        return Shown(figure.shown, figure.is_taken_over, head.period)
    held = found.entry(book, head.term, pupil.id, head.column.key)
    which = (book.class_subject.pk if book.class_subject else None, head.term)
    known = corrected.get(which, {}).get((pupil.id, *head.column.key))
    is_text = head.column.kind is ValueKind.TEXT
    return Shown(held.entry.shown, bool(held.source), "", is_text, struck(known) if known else None)


def of_subject(found: Ledger, book: Book, corrected: OfClass = NOBODY) -> Table:
    """One subject of all pupils of the ledger, both terms and the year."""
    columns, today = heads(book), clock.today()
    lines = tuple(
        Line(
            order,
            pupil,
            pupil.has_left(today),
            tuple(shown(found, book, pupil, head, corrected) for head in columns),
        )
        for order, pupil in enumerate(found.pupils, start=1)
    )
    return Table(book, tuple(columns), lines)


@dataclass(frozen=True)
class Part:
    """A subject on a pupil's own mark sheet: the values by heading."""

    book: Book
    cells: tuple[tuple[str, Shown], ...]


def of_pupil(
    found: Ledger, pupil: Pupil, terms: Sequence[int], corrected: OfClass = NOBODY
) -> list[Part]:
    """Every subject of one pupil in these terms, remarks included."""
    return [
        Part(
            book,
            tuple(
                (head.text, shown(found, book, pupil, head, corrected))
                for head in heads(book, terms, texts=True)
            ),
        )
        for book in found.subjects
        if any(taught_in(book, f"term{term}") for term in terms)
    ]
