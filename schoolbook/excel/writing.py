"""Writing .xlsx: templates and exports, the same bytes for the same content."""

from __future__ import annotations

import io
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from schoolbook.rules.cells import Area, Kind

# Excel, LibreOffice and others take a cell of a CSV file that begins like this for a formula.
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
LONGEST_TEXT = 32_767  # characters; Excel keeps no more in a cell
PRECISE_DIGITS = 15
NARROWEST, WIDEST = 6, 60
MADE = datetime(2020, 1, 1)  # never the real time: equal content, equal bytes
AS_TYPED = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEAD = {"bold": True, "bg_color": "#E7EEF7", "border": 1, "text_wrap": True}

Value = str | int | Decimal | date | bool | None


@dataclass(frozen=True)
class Heading:
    """A column to write: its heading and what it holds, so that what people type there stays text or a date."""

    text: str
    kind: Kind = Kind.TEXT


def neutral(text: str) -> str:
    """The text so that no spreadsheet program takes it for a formula: with an apostrophe in front if need be.

    In the .xlsx file itself it could not be one, but people save such files as CSV and open those. A sign alone, the
    usual "-" for nothing, calculates nothing and stays. `plain` is the way back.
    """
    return f"'{text}" if len(text) > 1 and text.startswith(DANGEROUS) else text


def plain(text: str) -> str:
    """The text without the apostrophe that `neutral` puts in front."""
    return text[1:] if text.startswith("'") and neutral(text[1:]) == text else text


def write_table(
    columns: Sequence[Heading],
    rows: Iterable[Sequence[Value]],
    *,
    sheet: str,
    title: str = "",
) -> bytes:
    """An .xlsx file with one table: the title if any, the headings, which stay in sight, and the rows.

    Columns of text and of dates are formatted as such to their end, so that codes typed below keep their zeros.

    Raises ValueError when a row has more or fewer values than there are columns, or a text is too long for a cell.
    """
    lines = [list(row) for row in rows]
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **AS_TYPED}) as book:
        book.set_properties({"created": MADE})
        page = book.add_worksheet(sheet)
        _Table(book, page, columns).write(lines, title)
    return target.getvalue()


@dataclass(frozen=True)
class Page:
    """A sheet laid out line by line, all of it text; rows count from 1.

    `heads` are the first and the last row of the headings, which stay in sight with the columns before `pinned`; the
    row below them numbers the columns. `merged` areas hold the text of their first cell. `widths` are in characters.
    """

    name: str
    lines: Sequence[Sequence[str]]
    heads: tuple[int, int]
    merged: Sequence[Area] = ()
    widths: Sequence[int] = ()
    pinned: int = 0


LONGEST_NAME = 31
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")


def write_pages(pages: Sequence[Page]) -> bytes:
    """An .xlsx file of these sheets; every cell is text, so that codes keep their zeros and marks their comma.

    Raises ValueError when there is none, or a text is too long for a cell.
    """
    if not pages:
        raise ValueError("a workbook has at least one sheet")
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **AS_TYPED}) as book:
        book.set_properties({"created": MADE})
        formats = {
            "text": book.add_format({"num_format": "@"}),
            "cell": book.add_format({"num_format": "@", "border": 1}),
            "italic": book.add_format({"num_format": "@", "border": 1, "italic": True}),
            "head": book.add_format({"num_format": "@", **HEAD, "align": "center"}),
        }
        taken: set[str] = set()
        for page in pages:
            name = _sheet_name(page.name, taken)
            taken.add(name.casefold())
            _write_page(book.add_worksheet(name), page, formats)
    return target.getvalue()


def _sheet_name(wanted: str, taken: Container[str]) -> str:
    """A name that Excel takes for a sheet, and no other sheet has."""
    base = NOT_IN_A_NAME.sub("-", wanted).strip("' ") or "-"
    name, number = base[:LONGEST_NAME], 1
    while name.casefold() in taken:
        number += 1
        end = f" ({number})"
        name = base[: LONGEST_NAME - len(end)] + end
    return name


def _write_page(sheet: Any, page: Page, formats: Mapping[str, Any]) -> None:
    first, last = page.heads
    for number, width in enumerate(page.widths):
        sheet.set_column(number, number, width, formats["text"])
    for row, line in enumerate(page.lines, start=1):
        below = "cell" if row > last + 1 else "italic"
        kind = formats["text" if row < first else "head" if row <= last else below]
        for column, text in enumerate(line):
            safe = neutral(text)
            if len(safe) > LONGEST_TEXT:
                raise ValueError(f"a text of {len(text)} characters does not fit into a cell")
            if safe:
                sheet.write_string(row - 1, column, safe, kind)
            elif row >= first:
                sheet.write_blank(row - 1, column, None, kind)
    for area in page.merged:
        text = neutral(page.lines[area.first_row - 1][area.first_column - 1])
        corners = (area.first_row, area.first_column, area.last_row, area.last_column)
        kind = formats["head" if area.first_row >= first else "text"]
        sheet.merge_range(*(corner - 1 for corner in corners), text, kind)
    sheet.freeze_panes(last + 1, page.pinned)


class _Table:
    def __init__(self, book: Any, page: Any, columns: Sequence[Heading]) -> None:
        self.book, self.page, self.columns = book, page, columns
        self.formats: dict[str, Any] = {}

    def write(self, lines: Sequence[Sequence[Value]], title: str) -> None:
        bold = self.book.add_format({"bold": True})
        head = self.book.add_format(HEAD)
        first = 2 if title else 0
        for number, column in enumerate(self.columns):
            lengths = [
                len(column.text),
                *(len(str(line[number])) for line in lines if number < len(line)),
            ]
            width = min(max(*lengths, NARROWEST), WIDEST) + 2
            self.page.set_column(number, number, width, self._column_format(column.kind))
            self.page.write_string(first, number, neutral(column.text), head)
        if title:
            self.page.write_string(0, 0, neutral(title), bold)
        self.page.freeze_panes(first + 1, 0)
        for row, line in enumerate(lines, start=first + 1):
            if len(line) != len(self.columns):
                raise ValueError(f"a row of {len(line)} values for {len(self.columns)} columns")
            for number, value in enumerate(line):
                self._cell(row, number, value)

    def _cell(self, row: int, column: int, value: Value) -> None:
        if isinstance(value, bool):
            self.page.write_boolean(row, column, value)
        elif isinstance(value, date):
            self.page.write_datetime(row, column, value, self._format("dd/mm/yyyy"))
        elif isinstance(value, int | Decimal) and _is_precise(value):
            self.page.write_number(row, column, value, self._format(_number_format(value)))
        elif value not in {None, ""}:
            text = neutral(str(value))
            if len(text) > LONGEST_TEXT:
                raise ValueError(f"a text of {len(text)} characters does not fit into a cell")
            self.page.write_string(row, column, text, self._format("@"))

    def _column_format(self, kind: Kind) -> Any:
        number_format = {Kind.TEXT: "@", Kind.DATE: "dd/mm/yyyy"}.get(kind)
        return self._format(number_format) if number_format else None

    def _format(self, number_format: str) -> Any:
        if number_format not in self.formats:
            self.formats[number_format] = self.book.add_format({"num_format": number_format})
        return self.formats[number_format]


def _is_precise(value: int | Decimal) -> bool:
    """Whether Excel keeps all its digits."""
    number = Decimal(value)
    return number.is_finite() and len(number.as_tuple().digits) <= PRECISE_DIGITS


def _number_format(value: int | Decimal) -> str:
    exponent = Decimal(value).as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    return "0." + "0" * places if places > 0 else "0"
