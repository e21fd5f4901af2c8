"""A sheet laid out for paper: its headings, its lines with struck and new values, and what is counted below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from gradebook.rules import Standing
from gradebook.rules.columns import Column, Component, ValueKind
from gradebook.rules.rounding import published
from gradebook.rules.spread import Spread, of_levels, of_scores
from gradebook.rules.typed import spelt
from gradebook.selectors.corrected import Corrected
from gradebook.selectors.sheet import BOUNDS, Sheet, SheetRow

EVERY = 5  # lines between heavier ones, as in the printed book
# From how many columns of figures they are made narrower, so that names and comments keep their room.
MANY = 9
STANDINGS = {
    Standing.EXEMPT: "được miễn",
    Standing.REDUCED: "giảm yêu cầu",
    Standing.INDIVIDUAL_PLAN: "theo kế hoạch giáo dục cá nhân",
}
# Components of the homeroom teacher's sheet that stand in a table of their own.
MONTHLY = frozenset({Component.MONTH})
MIDDLE = frozenset({Component.QUALITY_MIDDLE, Component.COMPETENCE_MIDDLE})
END = frozenset({Component.QUALITY_END, Component.COMPETENCE_END})
SMALL_HEADS = MIDDLE | END


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell: what it shows, and what was struck there before it."""

    text: str
    kind: str
    struck: tuple[str, ...] = ()
    taken_over: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One pupil: `fifth` has the heavier line below it, `notes` stand under the name."""

    order: int
    code: str
    name: str
    born_on: str
    notes: tuple[str, ...]
    has_left: bool
    fifth: bool
    cells: tuple[Shown, ...]


@dataclass(frozen=True)
class Table:
    """One table of a sheet. `top` has heading and span, 0 for one over both rows; `kinds` names the columns' widths."""

    caption: str
    top: tuple[tuple[str, int], ...]
    below: tuple[str, ...]
    kinds: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def is_narrow(self) -> bool:
        """Whether there are many columns of figures."""
        return sum(kind not in {"text", "result"} for kind in self.kinds) >= MANY

    @property
    def has_text(self) -> bool:
        """Whether a column takes the room that is left."""
        return "text" in self.kinds


@dataclass(frozen=True, slots=True)
class Part:
    """A column of a table: a column of the sheet, or a computed figure by its place among those."""

    head: str
    group: str
    kind: str
    column: Column | None = None
    figure: int = -1


def tables(shown: Sheet, corrected: Corrected) -> list[Table]:
    """The tables of a sheet: one of a subject; of a class one a moment, and one of filled months."""
    if shown.book.class_subject is not None:
        return [_table(shown, corrected, "", list(_parts(shown)))]
    found = []
    for caption, columns in _of_class(shown):
        parts = [Part(one.head, one.group, _kind(one), one) for one in columns]
        found.append(_table(shown, corrected, caption, parts))
    return found


def _parts(shown: Sheet) -> Iterator[Part]:
    inner, behind = shown.split
    for column in inner:
        yield Part(column.head, column.group, _kind(column), column)
    for place, (_period, head) in enumerate(shown.heads):
        yield Part(head, "", "result", figure=place)
    for column in behind:
        yield Part(column.head, column.group, _kind(column), column)


def _of_class(shown: Sheet) -> Iterator[tuple[str, list[Column]]]:
    """The columns of the homeroom teacher's sheet, as many as a page is wide."""
    columns = shown.columns
    if shown.book.is_primary:
        for number, components in ((1, MIDDLE), (2, END)):
            mine = [
                one
                for one in columns
                if one.component in components or one.key == (Component.COMMENT.value, number)
            ]
            yield "", mine
        return
    yield "", [one for one in columns if one.component not in MONTHLY]
    months = [one for one in columns if one.component in MONTHLY]
    written = {cell.column.key for row in shown.rows for cell in row.cells if cell.shown}
    if any(one.key in written for one in months):
        yield "Nhận xét từng tháng", months


def _kind(column: Column) -> str:
    if column.kind is ValueKind.TEXT:
        return "text"
    if column.component in SMALL_HEADS:
        return "side"
    return "level" if column.component in _WIDE else "mark"


_WIDE = frozenset(
    {
        Component.CONDUCT,
        Component.CONDUCT_YEAR,
        Component.CONDUCT_SUMMER,
        Component.LEVEL,
        Component.TEST,
        Component.TEST_AGAIN,
        Component.RETEST,
    }
)


def _table(
    shown: Sheet,
    corrected: Corrected,
    caption: str,
    parts: Sequence[Part],
) -> Table:
    top: list[tuple[str, int]] = []
    below: list[str] = []
    for group, members in groupby(parts, key=lambda part: part.group):
        heads = [part.head for part in members]
        if group:
            top.append((group, len(heads)))
            below += heads
        else:
            top += [(head, 0) for head in heads]
    lines = tuple(_line(shown, corrected, parts, row) for row in shown.rows)
    return Table(caption, tuple(top), tuple(below), tuple(part.kind for part in parts), lines)


def _line(
    shown: Sheet,
    corrected: Corrected,
    parts: Sequence[Part],
    row: SheetRow,
) -> Line:
    pupil = row.pupil
    held = {cell.column.key: cell for cell in row.cells}
    cells = []
    for part in parts:
        if part.column is None:
            figure = row.results[part.figure]
            cells.append(Shown(figure.shown, part.kind, taken_over=figure.is_taken_over))
            continue
        cell = held[part.column.key]
        struck = tuple(one.old for one in corrected.get((pupil.id, *part.column.key), ()))
        cells.append(Shown(cell.shown, part.kind, struck, bool(cell.source)))
    last = row.order == len(shown.rows)
    return Line(
        order=row.order,
        code=pupil.code,
        name=pupil.name,
        born_on=f"{pupil.born_on:%d/%m/%Y}",
        notes=tuple(_notes(shown, row)),
        has_left=row.has_left,
        fifth=row.order % EVERY == 0 and not last,
        cells=tuple(cells),
    )


def _notes(shown: Sheet, row: SheetRow) -> Iterator[str]:
    """What one has to know of a pupil: when gone or come, and what is asked of the pupil in the subject."""
    pupil, book = row.pupil, shown.book
    if row.has_left and pupil.left_on:
        yield f"rời lớp sau ngày {pupil.left_on:%d/%m/%Y}"
    elif pupil.joined_on > book.days[0]:
        yield f"vào lớp ngày {pupil.joined_on:%d/%m/%Y}"
    standing = pupil.standings.get(book.term) if book.class_subject else None
    if standing in STANDINGS:
        yield STANDINGS[standing]


@dataclass(frozen=True, slots=True)
class Count:
    """How many pupils reached what: label, number and share of each."""

    head: str
    reached: tuple[tuple[str, int, str], ...]


def counts(shown: Sheet) -> list[Count]:
    """Of whom is still there, how many reached which level, in each result or column of levels."""
    there = [row for row in shown.rows if not row.has_left]
    found = []
    scored = shown.book.class_subject is not None and _is_scored(shown)
    for place, (_period, head) in enumerate(shown.heads):
        texts = [row.results[place].shown for row in there if row.results[place].shown]
        spread = _of_marks(texts) if scored else of_levels(Counter(texts), _levels(shown))
        found.append(_count(head, spread))
    if not shown.periods:
        for place, column in enumerate(shown.columns):
            if column.kind is ValueKind.LEVEL and column.component not in SMALL_HEADS:
                texts = [row.cells[place].shown for row in there if row.cells[place].shown]
                found.append(_count(column.name, of_levels(Counter(texts), column.levels)))
    return [one for one in found if any(number for _label, number, _share in one.reached)]


def _is_scored(shown: Sheet) -> bool:
    return bool(shown.book.class_subject and shown.book.class_subject.assessed_by == "score")


def _levels(shown: Sheet) -> tuple[str, ...]:
    return next((one.levels for one in shown.columns if one.levels), ())


def _of_marks(texts: Sequence[str]) -> Spread:
    return of_scores(Counter(Decimal(one.replace(",", ".")) for one in texts), BOUNDS[1:])


def _count(head: str, spread: Spread) -> Count:
    bars = list(reversed(spread.bars)) if spread.of_marks else spread.bars
    return Count(head, tuple((label, n, _share(n, spread.count)) for label, n in bars))


def _share(number: int, of: int) -> str:
    """A share in percent with one decimal, rounded half up as every figure is."""
    return f"{spelt(published(Decimal(100 * number), of))}%" if of else ""
