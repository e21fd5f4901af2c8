"""A sheet laid out for its page: headings in two lines, and for each cell what the template writes.

The template goes over hundreds of cells, so that all it needs of one is worked out here.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.crypto import salted_hmac

from gradebook import words
from gradebook.rules.closing import Closed
from gradebook.rules.columns import TESTS, Column, Component, ValueKind
from gradebook.rules.entering import Why
from gradebook.rules.shapes import Standing
from gradebook.selectors.books import Key
from gradebook.selectors.corrected import Corrected
from gradebook.selectors.sheet import Sheet, SheetRow
from gradebook.views import sheet_state
from gradebook.views.striking import Struck, strike
from schoolbook import registry
from schoolbook.rules.regulation import FormNeeded

MANY_COLUMNS = 14
NOBODY: Corrected = {}
# Reasons that close every cell of a sheet: said once, above it.
WHOLE = frozenset({Why.NO_RIGHT, Why.NOT_TAUGHT})


@dataclass(frozen=True, slots=True)
class Overlay:
    """What somebody typed into a cell and the server did not take, or was kept from before signing in again.

    `may_file` says whether a correction may be asked for instead.
    """

    typed: str
    state: str
    sentence: str = ""
    seen: int = 0
    theirs: str = ""
    version: int = 0
    author: str = ""
    at: datetime | None = None
    may_file: bool = False


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column: `id` names it in the page and in fields, `labels` are the headings that name its cells."""

    column: Column
    id: str
    labels: str
    is_text: bool

    @property
    def data(self) -> dict[str, str]:
        """What a script has to know of the column, as attributes of its heading."""
        column = self.column
        found = {
            "data-column": self.id,
            "data-kind": column.kind.value,
            "data-name": column.name,
        }
        if column.levels:
            found["data-levels"] = "|".join(column.levels)
        if column.component in TESTS:
            found["data-test"] = ""
        return found


# What stands after the averages of a subject.
LATE = (Component.RETEST, Component.COMMENT)


@dataclass(frozen=True, slots=True)
class Group:
    """A heading over `span` columns; of one that stands alone, over both lines."""

    id: str
    head: str
    span: int
    columns: tuple[GridColumn, ...]
    is_alone: bool


class Reason(NamedTuple):
    """Why some cells are closed, with the id by which these refer to it; and which cells these are."""

    id: str
    sentence: str
    why: Why
    cells: list[Key]
    may_file: bool

    @property
    def filed(self) -> list[Key]:
        """The cells of which a correction may be asked for, where they are of one pupil, of whom a request is."""
        one = len({student for student, _component, _number in self.cells}) == 1
        return self.cells if self.may_file and one else []

    @property
    def is_askable(self) -> bool:
        """Whether an unlock would open them."""
        return self.why in sheet_state.ASKABLE


class GridCell(NamedTuple):
    """One cell: what it shows, and where it is not as usual, why. `notes` are ids of what describes it.

    `more` are classes of its box, `file` the attribute where a correction may be asked for.
    """

    column: GridColumn
    name: str
    labels: str
    shown: str
    is_open: bool
    notes: str
    source: str
    overlay: Overlay | None
    struck: Struck | None
    more: str
    file: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One pupil with the cells; `token` stands for the pupil in what a browser keeps, `versions` for JS and forms.

    `may_file` says whether a correction may be asked for in any of the cells.
    """

    row: SheetRow
    token: str
    versions: str
    standing: str
    cells: list[GridCell]

    @property
    def may_file(self) -> bool:
        """Whether a correction may be asked for in any of the cells."""
        return any(cell.file for cell in self.cells)


@dataclass(frozen=True)
class Grid:
    """The table of a sheet. `whys` are the reasons for which single cells are closed, with their ids.

    `struck` are the corrected cells that are shown. `whole` is why nothing at all can be written here, `closed` the
    lock, window or sign-off behind that.
    """

    groups: tuple[Group, ...]
    columns: tuple[GridColumn, ...]
    rows: list[GridRow]
    whys: Mapping[Any, Reason]
    whole: Why | None
    closed: Closed | None
    sources: tuple[str, ...]
    overlays: Mapping[Key, Overlay]
    struck: tuple[Struck, ...] = ()

    @property
    def may_file(self) -> bool:
        """Whether a correction may be asked for anywhere here."""
        return any(row.may_file for row in self.rows)

    @property
    def is_open(self) -> bool:
        """Whether anything can be written here."""
        return self.whole is None

    @property
    def heads(self) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
        """The headings before the computed figures and after them, as in the paper book."""
        late = tuple(group for group in self.groups if group.columns[0].column.component in LATE)
        return self.groups[: len(self.groups) - len(late)], late

    @property
    def early(self) -> int:
        """How many cells of a row stand before the computed figures."""
        return sum(group.span for group in self.heads[0])

    @property
    def names(self) -> str:
        """The shown columns in order, for the versions in a form."""
        return ",".join(column.id for column in self.columns)


def parts(sheet: Sheet) -> list[str]:
    """The groups of columns from which one may choose, where there are many columns."""
    found = list(dict.fromkeys(column.group or column.head for column in sheet.columns))
    return found if len(sheet.columns) > MANY_COLUMNS and len(found) > 1 else []


def grid(
    sheet: Sheet,
    account: str,
    overlays: Mapping[Key, Overlay],
    part: str = "",
    corrected: Corrected = NOBODY,
) -> Grid:
    """Lay a sheet out for somebody; with a part, only the columns of that group."""
    shown = [
        place
        for place, column in enumerate(sheet.columns)
        if not part or part == (column.group or column.head)
    ]
    groups = tuple(_groups([sheet.columns[place] for place in shown]))
    columns = tuple(column for group in groups for column in group.columns)
    secret, needed = _secret(sheet, account), sheet.book.regulation.correction_form
    whys: dict[Any, Reason] = {}
    sources: dict[str, str] = {}
    closed = _closed(sheet, overlays)
    whole = Why(closed.by.value) if closed else _whole(sheet)
    handled = registry.corrections.are_handled
    rows, strikes = [], []
    for row in sheet.rows:
        versions, cells = [], []
        student = row.pupil.id
        for place, column in zip(shown, columns, strict=True):
            cell = row.cells[place]
            key = (student, *column.column.key)
            overlay = overlays.get(key) if overlays else None
            told = cell.source or (cell.why is not None and not whole)
            notes = _notes(student, cell, whys, sources, needed) if told else ""
            struck = None
            if key in corrected:
                struck = strike(row.pupil, column.column, corrected[key])
                strikes.append(struck)
                notes = f"{struck.id} {notes}".strip()
            versions.append(str(overlay.seen if overlay else cell.version))
            cells.append(
                GridCell(
                    column,
                    f"m-{student}-{column.id}",
                    f"p{student} {column.labels}",
                    cell.shown,
                    cell.why is None,
                    notes,
                    cell.source,
                    overlay,
                    struck,
                    (" over" if cell.source else "") + (" corrected" if struck else ""),
                    " data-file" if handled and cell.may_file else "",
                )
            )
        token = hmac.digest(secret, b"%d" % student, "sha256").hex()[:16]
        rows.append(GridRow(row, token, ",".join(versions), _standing(sheet, row), cells))
    return Grid(
        groups, columns, rows, whys, whole, closed, tuple(sources), overlays, tuple(strikes)
    )


def _groups(columns: Sequence[Column]) -> Any:
    for number, (head, members) in enumerate(groupby(columns, key=lambda one: one.group), start=1):
        if not head:
            for column in members:
                found = _column(column, "")
                yield Group(f"h-{found.id}", column.head, 1, (found,), is_alone=True)
            continue
        inner = tuple(_column(column, f"g{number} ") for column in members)
        yield Group(f"g{number}", head, len(inner), inner, is_alone=False)


def _column(column: Column, group: str) -> GridColumn:
    name = f"{column.component.value}-{column.number}"
    return GridColumn(column, name, f"{group}h-{name}", column.kind is ValueKind.TEXT)


def _secret(sheet: Sheet, account: str) -> bytes:
    """What the tokens of rows are made with: another one for each account and each sheet."""
    place = sheet.book.place
    name = f"{account}:{place.class_subject_id}:{place.class_group_id}:{place.term}"
    return salted_hmac("gradebook.row", name, algorithm="sha256").digest()


def _whole(sheet: Sheet) -> Why | None:
    """The reason for which nothing at all can be written here."""
    if not sheet.book.may_enter:
        return Why.NO_RIGHT
    return None if sheet.book.is_taught else Why.NOT_TAUGHT


def _closed(sheet: Sheet, overlays: Mapping[Key, Overlay]) -> Closed | None:
    """What closes the whole sheet for somebody who may write in it; what is typed and not saved keeps its cells."""
    return sheet_state.closed_whole(sheet) if _whole(sheet) is None and not overlays else None


def _notes(
    student: int,
    cell: Any,
    whys: dict[Any, Reason],
    sources: dict[str, str],
    needed: FormNeeded,
) -> str:
    found = []
    if cell.why is not None and cell.why not in WHOLE:
        known = (cell.why, cell.closed)
        if known not in whys:
            sentence = words.reason(cell.why, cell.closed, needed)
            alike = sum(why is cell.why for why, _closed in whys)
            name = f"why-{cell.why.value}" + (f"-{alike + 1}" if alike else "")
            whys[known] = Reason(name, sentence, cell.why, [], cell.may_file)
        whys[known].cells.append((student, *cell.column.key))
        found.append(whys[known].id)
    if cell.source:
        found.append(sources.setdefault(cell.source, f"over-{len(sources) + 1}"))
    return " ".join(found)


def _standing(sheet: Sheet, row: SheetRow) -> str:
    standing = row.pupil.standings[sheet.book.term]
    return "" if standing is Standing.COUNTED else str(words.STANDING[standing])
