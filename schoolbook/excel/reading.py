"""Reading .xlsx and .xls: the file is looked through and rebuilt first, then python-calamine reads what is safe."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

import python_calamine

from schoolbook.excel import xls, xlsx
from schoolbook.excel.errors import LIMITS, MEGABYTE, Limits, Problem, SpreadsheetError
from schoolbook.excel.scan import Scan
from schoolbook.excel.writing import plain
from schoolbook.rules.cells import Cell, Kind, Sheet, number_text
from schoolbook.rules.names import tidy

ZIP = b"PK\x03\x04"
Value = int | float | str | bool | time | date | datetime | timedelta


class Readable(Protocol):
    """An uploaded file."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes, from where it stands."""


@dataclass(frozen=True)
class Workbook:
    """The visible sheets that hold something, in their order, and the names of the hidden ones, which are not read."""

    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()


def read(file: Readable | bytes, *, limits: Limits = LIMITS) -> Workbook:
    """Read a workbook. What it is is told by its content, never by its name.

    Texts are NFC and trimmed, numbers decimal texts, dates ISO dates; formulas are flagged. Macros, pictures and links
    to other files are ignored. Rows that a filter hides are read, and named in `Sheet.hidden_rows`.

    Raises SpreadsheetError.
    """
    data = file if isinstance(file, bytes) else file.read(limits.size + 1)
    if len(data) > limits.size:
        raise SpreadsheetError(Problem.TOO_BIG, limit=str(limits.size // MEGABYTE))
    if not data:
        raise SpreadsheetError(Problem.EMPTY)
    if data.startswith(ZIP):
        prepared, scans = xlsx.prepare(data, limits)
    elif data.startswith(xls.SIGNATURE):
        prepared, scans = xls.prepare(data, limits)
    else:
        raise SpreadsheetError(Problem.WRONG_TYPE)
    if sum(scan.cells for scan in scans) > limits.cells:
        raise SpreadsheetError(Problem.TOO_MANY_SHEETS, limit=str(limits.sheets))
    workbook = _read(prepared, scans)
    if not workbook.sheets:
        raise SpreadsheetError(Problem.EMPTY)
    return workbook


def _read(data: bytes, scans: Sequence[Scan]) -> Workbook:
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            metadata = book.sheets_metadata
            _check_names([sheet.name for sheet in metadata], scans)
            sheets, hidden = [], []
            for index, (sheet, scan) in enumerate(zip(metadata, scans, strict=True)):
                if sheet.visible != python_calamine.SheetVisibleEnum.Visible:
                    hidden.append(tidy(sheet.name))
                elif sheet.typ == python_calamine.SheetTypeEnum.WorkSheet:
                    values = book.get_sheet_by_index(index).to_python(skip_empty_area=False)
                    sheets.append(_sheet(tidy(sheet.name), values, scan))
            return Workbook(tuple(sheet for sheet in sheets if sheet.rows), tuple(hidden))
    except python_calamine.PasswordError as error:
        raise SpreadsheetError(Problem.PASSWORD) from error
    except python_calamine.CalamineError as error:
        raise SpreadsheetError(Problem.DAMAGED) from error
    except BaseException as error:
        # A fault inside the reader, which is written in Rust, arrives as an exception that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise SpreadsheetError(Problem.DAMAGED) from error


def _check_names(names: Sequence[str], scans: Sequence[Scan]) -> None:
    # The reader finds a sheet by its name; two of one name, or one that was not looked through, must not be.
    if not len(set(names)) == len(names) == len(scans):
        raise SpreadsheetError(Problem.DAMAGED)


def _sheet(name: str, values: Sequence[Sequence[Value]], scan: Scan) -> Sheet:
    rows: dict[int, list[Cell]] = {}
    for row, line in enumerate(values, start=1):
        for column, value in enumerate(line, start=1):
            formula = (row, column) in scan.formulas
            text, kind = _text(value) if value != "" else ("", Kind.BLANK)
            if text or formula:
                rows.setdefault(row, []).append(Cell(row, column, text, kind, formula))
    for row, column in scan.formulas:
        # A formula that nobody has calculated may lie beyond everything that has a value.
        if row > len(values) or column > len(values[row - 1]):
            rows.setdefault(row, []).append(Cell(row, column, "", Kind.BLANK, formula=True))
    return Sheet(
        name,
        tuple(tuple(sorted(rows[row], key=lambda cell: cell.column)) for row in sorted(rows)),
        tuple(scan.merged),
        frozenset(scan.hidden_rows & set(rows)),
    )


def _text(value: Value) -> tuple[str, Kind]:
    if isinstance(value, str):
        return plain(tidy(value)), Kind.TEXT
    if isinstance(value, bool):
        return str(value).upper(), Kind.BOOLEAN
    if isinstance(value, int | float) and math.isfinite(value):
        return number_text(Decimal(repr(value))), Kind.NUMBER
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(), Kind.DATE
    if isinstance(value, date):
        return value.isoformat()[:10], Kind.DATE
    return str(value), Kind.TEXT
