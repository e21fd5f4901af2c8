"""A sheet of marks as vnEdu, SMAS, the sector's database and our own export lay it out: found and read, cell by cell.

What is wrong with a row or a cell refuses that row or cell, with its address and the id of a sentence; what is wrong
with the headings refuses the sheet. Nothing is compared with a book here. Plain Python, no Django.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gradebook.rules.headings import (
    ABOUT_THE_PUPIL,
    AVERAGES,
    BARE_REGULAR,
    BY_NAME,
    CODE_HEADINGS,
    CODES,
    COLUMNS,
    components,
)
from gradebook.rules.titles import Title, read_title
from schoolbook.rules.cells import Area, Cell, Kind, Refusal, Sheet, Unreadable, address
from schoolbook.rules.imports import STUDENTS
from schoolbook.rules.tables import ROWS_TO_SEARCH, Header, find_header, heading_key

PARSE = {column.name: column.parse for column in STUDENTS} | {
    "identifier": next(column.parse for column in STUDENTS if column.name == "code")
}
LONGEST_MARK = 12  # characters; what is longer below the table is no mark but a signature or a date
_WHOLE = re.compile(r"\(?\d{1,3}\)?")
_AMBIGUOUS = re.compile(r"0\d+(?:[.,]\d+)?")
_NAMES = frozenset(heading_key(word) for word in BY_NAME["full_name"].headings)
COMMENT = "comment"


@dataclass(frozen=True)
class MarkCell:
    """One cell of marks as it was typed, or why it cannot be taken; `column` is its name in `headings`."""

    column: str
    address: str
    text: str
    refusal: Refusal | None = None


@dataclass(frozen=True)
class PupilRow:
    """One row: who it is about, by codes, and its cells that hold something.

    `codes` are those that were filled in, by the name of their column.
    """

    number: int
    address: str
    codes: Mapping[str, str]
    full_name: str
    class_name: str
    subject: str
    cells: tuple[MarkCell, ...]
    averages: tuple[MarkCell, ...]
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class Layout:
    """One sheet as it was read. With any refusal it has no rows.

    `components` says which component and number a column of marks means, `places` where each column stands.
    """

    sheet: str
    title: Title = field(default_factory=Title)
    places: Mapping[str, int] = field(default_factory=dict)
    components: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    rows: tuple[PupilRow, ...] = ()
    unread: tuple[str, ...] = ()
    hidden_rows: int = 0
    refusals: tuple[Refusal, ...] = ()


def has_table(sheet: Sheet) -> bool:
    """Whether the sheet has a heading of names among its first rows: other sheets are guides or lists of choices."""
    return _name_heading(sheet) is not None


def read_layout(sheet: Sheet) -> Layout:
    """Read one sheet: its title, its headings in one or two rows, and every row of a pupil below.

    The row that numbers the columns, blank rows and what stands below the table are passed over.
    """
    sheet = _with_sub_headings(sheet)
    header = find_header(sheet, COLUMNS)
    title = read_title(cells for cells in sheet.rows if cells[0].row < header.first_row)
    named = components(header.places)
    refusals = [*header.refusals]
    where = address(header.first_row, 1) if header.first_row else ""
    if not refusals and not any(name in header.places for name in CODES):
        refusals.append(Refusal(where, "headings_missing", {"headings": " / ".join(CODE_HEADINGS)}))
    if not refusals and not named and not any(name in header.places for name in AVERAGES):
        refusals.append(Refusal(where, "no_mark_columns"))
    if refusals:
        return Layout(sheet.name, title, header.places, refusals=tuple(refusals))
    rows = _rows(sheet, header, named)
    numbers = {row.number for row in rows}
    unread = [f"{cell.text} ({cell.address})" for cell in header.unknown]
    unread += [
        f"{BY_NAME[name].heading} ({address(header.last_row, place)})"
        for name, place in header.places.items()
        if name not in named and name not in ABOUT_THE_PUPIL and name not in AVERAGES
    ]
    return Layout(
        sheet=sheet.name,
        title=title,
        places=header.places,
        components=named,
        rows=rows,
        unread=tuple(unread),
        hidden_rows=len(numbers & sheet.hidden_rows),
    )


# The headings ---------------------------------------------------------------------------------------


def _name_heading(sheet: Sheet) -> Cell | None:
    for cells in sheet.rows:
        if cells[0].row > ROWS_TO_SEARCH:
            return None
        for cell in cells:
            if heading_key(cell.text) in _NAMES:
                return cell
    return None


def _with_sub_headings(sheet: Sheet) -> Sheet:
    """The sheet with its headings merged over two rows, as the layout has them, where the file lost that.

    Below "ĐĐGtx" stand 1, 2, 3, 4 in a row of their own, in which the column of names is blank.
    """
    name = _name_heading(sheet)
    if name is None or any(
        area.first_row <= name.row < area.last_row and _covers(area, name.column)
        for area in sheet.merged
    ):
        return sheet
    head = _row(sheet, name.row)
    below = _row(sheet, name.row + 1)
    if name.column in below:
        return sheet
    groups = [place for place, cell in head.items() if heading_key(cell.text) in BARE_REGULAR]
    added = []
    for place in groups:
        last = place
        while last + 1 in below and _WHOLE.fullmatch(below[last + 1].text) and last + 1 not in head:
            last += 1
        if place in below and _WHOLE.fullmatch(below[place].text):
            added.append(Area(name.row, place, name.row, last))
    if not added:
        return sheet
    tall = Area(name.row, name.column, name.row + 1, name.column)
    merged = [area for area in sheet.merged if area.first_row != name.row]
    kept = [
        area
        for area in sheet.merged
        if area.first_row == name.row and not any(_covers(area, one.first_column) for one in added)
    ]
    return replace(sheet, merged=(*merged, *kept, *added, tall))


def _covers(area: Area, column: int) -> bool:
    return area.first_column <= column <= area.last_column


def _row(sheet: Sheet, number: int) -> dict[int, Cell]:
    found = next((cells for cells in sheet.rows if cells[0].row == number), ())
    return {cell.column: cell for cell in found if cell.text}


# The rows -------------------------------------------------------------------------------------------


def _rows(
    sheet: Sheet, header: Header, named: Mapping[str, tuple[str, int]]
) -> tuple[PupilRow, ...]:
    by_place = {place: name for name, place in header.places.items()}
    covered = _covered(sheet, header)
    found: list[PupilRow] = []
    for cells in sheet.rows:
        known = {by_place[cell.column]: cell for cell in cells if cell.column in by_place}
        if cells[0].row <= header.last_row or (not found and _numbers_columns(known)):
            continue
        if _is_about_a_pupil(known, named):
            found.append(_pupil_row(cells[0].row, known, header, named, covered))
    return tuple(found)


def _numbers_columns(known: Mapping[str, Cell]) -> bool:
    """The row of italic numbers below the headings: a number in place of the name."""
    return "full_name" in known and _WHOLE.fullmatch(known["full_name"].text) is not None


def _is_about_a_pupil(known: Mapping[str, Cell], named: Mapping[str, object]) -> bool:
    """A row with a code or a number of its own, or with marks; not a signature or a date below the table."""
    if any(known[name].text for name in (*CODES, "order") if name in known):
        return True
    return any(
        cell.formula or 0 < len(cell.text) <= LONGEST_MARK
        for name, cell in known.items()
        if name in named and not name.startswith(COMMENT)
    )


def _covered(sheet: Sheet, header: Header) -> frozenset[tuple[int, int]]:
    """The cells of known columns that a merged one to the left or above swallows."""
    last_row = sheet.rows[-1][0].row if sheet.rows else 0
    places = set(header.places.values())
    return frozenset(
        (row, column)
        for area in sheet.merged
        if area.last_row > header.last_row
        for row in range(max(area.first_row, header.last_row + 1), min(area.last_row, last_row) + 1)
        for column in range(area.first_column, area.last_column + 1)
        if column in places and (row, column) != (area.first_row, area.first_column)
    )


def _pupil_row(
    number: int,
    known: Mapping[str, Cell],
    header: Header,
    named: Mapping[str, tuple[str, int]],
    covered: Container[tuple[int, int]],
) -> PupilRow:
    refusals: list[Refusal] = []
    said: dict[str, str] = {}
    for name in ("class_name", "subject", *CODES, "full_name"):
        cell = known.get(name)
        if cell is None or not cell.text:
            continue
        try:
            said[name] = _about(name, cell)
        except Unreadable as error:
            refusals.append(Refusal(cell.address, error.sentence, error.params))
    where = address(number, next(header.places[name] for name in CODES if name in header.places))
    if not refusals and not any(name in said for name in CODES):
        heading = " / ".join(BY_NAME[name].heading for name in CODES if name in header.places)
        merged = any((number, header.places[n]) in covered for n in CODES if n in header.places)
        blank = "cell_merged" if merged else "cell_missing"
        refusals.append(Refusal(where, blank, {"heading": heading}))
    marks = tuple(_mark_cells(number, known, header, set(named), covered))
    averages = tuple(_mark_cells(number, known, header, set(AVERAGES), ()))
    return PupilRow(
        number=number,
        address=where,
        codes={name: said[name] for name in CODES if name in said},
        full_name=said.get("full_name", ""),
        class_name=said.get("class_name", ""),
        subject=said.get("subject", ""),
        cells=marks,
        averages=averages,
        refusals=tuple(refusals),
    )


def _about(name: str, cell: Cell) -> str:
    if cell.formula:
        raise Unreadable("cell_formula", heading=BY_NAME[name].heading)
    if name == "full_name":
        return cell.text  # only compared: the code says who it is
    return str(PARSE[name](cell)) if name in PARSE else cell.text


def _mark_cells(
    number: int,
    known: Mapping[str, Cell],
    header: Header,
    wanted: Container[str],
    covered: Container[tuple[int, int]],
) -> list[MarkCell]:
    found = []
    for name, place in sorted(header.places.items(), key=lambda pair: pair[1]):
        if name not in wanted:
            continue
        cell = known.get(name)
        if cell is not None and (cell.formula or cell.text not in {"", "-"}):
            found.append(_mark_cell(name, cell))
        elif (number, place) in covered:
            heading = {"heading": BY_NAME[name].heading}
            there = address(number, place)
            found.append(MarkCell(name, there, "", Refusal(there, "cell_merged", heading)))
    return found


def _mark_cell(name: str, cell: Cell) -> MarkCell:
    sentence, params = "", {"text": cell.text}
    if cell.formula:
        sentence, params = "cell_formula", {"heading": BY_NAME[name].heading}
    elif name.startswith(COMMENT):
        pass
    elif cell.kind is Kind.DATE:
        sentence = "mark_became_date"
    elif cell.kind is Kind.BOOLEAN:
        sentence = "not_a_number"
    elif cell.kind is Kind.NUMBER and _decimals(cell.text) > 1:
        sentence = "mark_too_precise"
    elif _AMBIGUOUS.fullmatch(cell.text) and cell.kind is Kind.TEXT:
        # "0,5" and "0.5" have one nought before the sign and are no danger.
        sentence = "mark_leading_zero"
    refusal = Refusal(cell.address, sentence, params) if sentence else None
    return MarkCell(name, cell.address, cell.text, refusal)


def _decimals(text: str) -> int:
    exponent = Decimal(text).as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
