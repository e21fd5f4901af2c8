"""A table that people import: which columns it has, where its heading stands, and what its rows say.

Rows are read one by one; a row with one bad cell is refused as a whole, with the cell's address and the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from schoolbook.rules.cells import (
    Cell,
    Kind,
    Parse,
    Refusal,
    Sheet,
    Unreadable,
    address,
    as_text,
)
from schoolbook.rules.names import search_key

ROWS_TO_SEARCH = 20


@dataclass(frozen=True)
class Column:
    """A column that an import knows.

    `headings` are the words it may stand under, compared without case, diacritics, spaces and punctuation; the first
    is what a template says. A required column must be there and filled in every row. `kind` is how a template formats
    it. `parse` makes a value of a cell or raises Unreadable.
    """

    name: str
    headings: tuple[str, ...]
    required: bool = False
    kind: Kind = Kind.TEXT
    parse: Parse = as_text
    formulas: bool = False

    @property
    def heading(self) -> str:
        """What people are told it is called."""
        return self.headings[0]


@dataclass(frozen=True)
class Header:
    """Where the heading was found: its rows, and the place of each known column by name.

    `unknown` are headings of other columns, which are not read. With any refusal the table cannot be read.
    """

    first_row: int
    last_row: int
    places: Mapping[str, int]
    unknown: tuple[Cell, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row of the table as it was typed: its values by column, or why it is refused.

    A blank cell of a column that is not required has no value: it leaves what is there as it is.
    """

    number: int
    values: Mapping[str, object]
    refusals: tuple[Refusal, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)


def find_header(sheet: Sheet, columns: Sequence[Column]) -> Header:
    """Find the row of headings wherever it stands in the first 20 rows: the first of those that name most columns.

    Titles above it may be merged; headings may be merged over several rows, and over several columns with headings of
    their own below ("ĐĐGtx" over 1, 2, 3, 4 gives "ĐĐGtx 1", …).
    """
    known = _known_headings(columns)
    best = Header(0, 0, {})
    most: set[str] = set()
    for cells in sheet.rows:
        if cells[0].row > ROWS_TO_SEARCH:
            break
        header = _read_header(sheet, cells[0].row, known)
        named = set(header.places)
        if len(named) > len(most):
            best, most = header, named
    if not most:
        wanted = ", ".join(column.heading for column in columns if column.required)
        return replace(best, refusals=(Refusal("", "no_heading", {"headings": wanted}),))
    missing = [c.heading for c in columns if c.required and c.name not in most]
    if not missing:
        return best
    where = address(best.first_row, 1)
    refusal = Refusal(where, "headings_missing", {"headings": ", ".join(missing)})
    return replace(best, refusals=(*best.refusals, refusal))


def heading_key(text: str) -> str:
    """What headings are compared by: without case, diacritics, spaces and punctuation."""
    return search_key(text).replace(" ", "")


def _known_headings(columns: Sequence[Column]) -> dict[str, str]:
    known: dict[str, str] = {}
    for column in columns:
        for heading in column.headings:
            key = heading_key(heading)
            if known.setdefault(key, column.name) != column.name:
                raise ValueError(f"two columns have the heading {heading!r}")
    return known


def _read_header(sheet: Sheet, row: int, known: Mapping[str, str]) -> Header:
    last_row = max((area.last_row for area in sheet.merged if area.first_row == row), default=row)
    last_row = min(last_row, row + ROWS_TO_SEARCH)
    found: dict[str, list[Cell]] = defaultdict(list)
    unknown = []
    for cell, names in _headings(sheet, row, last_row):
        name = next((known[key] for key in map(heading_key, names) if key in known), None)
        if name is None:
            unknown.append(cell)
        else:
            found[name].append(cell)
    refusals = tuple(
        Refusal(
            cells[1].address,
            "heading_twice",
            {"heading": cells[0].text, "addresses": ", ".join(cell.address for cell in cells)},
        )
        for cells in found.values()
        if len(cells) > 1
    )
    places = {name: cells[0].column for name, cells in found.items()}
    return Header(row, last_row, places, tuple(unknown), refusals)


def _headings(sheet: Sheet, first_row: int, last_row: int) -> list[tuple[Cell, list[str]]]:
    """Of each column its lowest heading, and what it may be called: with the heading above it, or alone."""
    by_place: dict[tuple[int, int], Cell] = {}
    for cells in sheet.rows:
        if cells[0].row > last_row:
            break
        if cells[0].row >= first_row:
            by_place |= {(cell.row, cell.column): cell for cell in cells}
    spread = dict(by_place)
    for area in sheet.merged:
        top = by_place.get((area.first_row, area.first_column))
        if top is not None and area.first_row == first_row:
            for column in range(area.first_column, area.last_column + 1):
                spread.setdefault((first_row, column), top)
    headings = []
    for column in sorted({column for _, column in spread}):
        stack = [
            spread[row, column] for row in range(first_row, last_row + 1) if (row, column) in spread
        ]
        own = [cell for cell in stack if cell.column == column]
        if own:
            texts = [cell.text for cell in stack]
            headings.append((own[-1], [" ".join(texts), *reversed([c.text for c in own])]))
    return headings


def parse_rows(
    sheet: Sheet, header: Header, columns: Sequence[Column], *, code: str
) -> tuple[Row, ...]:
    """Read every row below the heading. `code` names the column that tells rows apart; it may not repeat.

    Rows without anything in a known column are dropped, and so is a row that only numbers the columns.

    Raises ValueError when the header has refusals: such a table must not be read.
    """
    if header.refusals:
        raise ValueError("the heading was refused")
    by_place = {header.places[c.name]: c for c in columns if c.name in header.places}
    covered = _covered(sheet, by_place)
    rows: list[Row] = []
    for cells in sheet.rows:
        known = {cell.column: cell for cell in cells if cell.column in by_place}
        below = cells[0].row > header.last_row
        if below and known and not (not rows and _numbers_columns(cells)):
            rows.append(_parse_row(cells[0].row, known, by_place, covered))
    return _refuse_repeated(rows, code)


def _covered(sheet: Sheet, places: Container[int]) -> set[tuple[int, int]]:
    """The cells of these columns that belong to merged ones, as far down as there are rows."""
    last_row = sheet.rows[-1][0].row if sheet.rows else 0
    return {
        (row, column)
        for area in sheet.merged
        for column in range(area.first_column, area.last_column + 1)
        if column in places
        for row in range(area.first_row, min(area.last_row, last_row) + 1)
    }


def _numbers_columns(cells: Sequence[Cell]) -> bool:
    texts = [cell.text.strip("()") for cell in cells]
    return len(texts) > 1 and texts == [str(number) for number in range(1, len(texts) + 1)]


def _parse_row(
    number: int,
    known: Mapping[int, Cell],
    by_place: Mapping[int, Column],
    covered: Container[tuple[int, int]],
) -> Row:
    values: dict[str, object] = {}
    refusals = []
    addresses = {column.name: address(number, place) for place, column in by_place.items()}
    for place, column in by_place.items():
        there = addresses[column.name]
        try:
            if place in known:
                values[column.name] = _value(known[place], column)
            elif column.required or (number, place) in covered:
                blank = "cell_merged" if (number, place) in covered else "cell_missing"
                refusals.append(Refusal(there, blank, {"heading": column.heading}))
        except Unreadable as error:
            refusals.append(Refusal(there, error.sentence, error.params))
    return Row(number, values, tuple(refusals), addresses)


def _value(cell: Cell, column: Column) -> object:
    if cell.formula and not column.formulas:
        raise Unreadable("cell_formula", heading=column.heading)
    if not cell.text:
        raise Unreadable("cell_missing", heading=column.heading)
    return column.parse(cell)


def _refuse_repeated(rows: Sequence[Row], code: str) -> tuple[Row, ...]:
    """The rows, those that share a code refused, each with the addresses of all."""
    sharing: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if code in row.values:
            sharing[_same(row.values[code])].append(row.addresses[code])
    return tuple(
        replace(
            row,
            refusals=(
                *row.refusals,
                Refusal(
                    row.addresses[code],
                    "code_twice",
                    {"code": str(row.values[code]), "addresses": ", ".join(addresses)},
                ),
            ),
        )
        if code in row.values and len(addresses := sharing[_same(row.values[code])]) > 1
        else row
        for row in rows
    )


def _same(code: object) -> str:
    return str(code).casefold()
