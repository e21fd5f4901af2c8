"""Sheets of marks as workbooks in the layout of vnEdu and the sector's database, which the import reads back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from gradebook.selectors.sheet import RESULT_HEADS, Sheet, SheetRow
from schoolbook.excel import Page, write_pages
from schoolbook.rules.cells import Area

FIXED = ("STT", "Tên lớp", "Mã định danh", "Họ và tên", "Ngày sinh")
WIDTHS = (5, 9, 16, 28, 12)
MARK_WIDTH, TEXT_WIDTH = 8, 40
HEAD, SUB_HEAD = 5, 6


def workbook(sheets: Sequence[Sheet], *, by_class: bool = False) -> bytes:
    """One sheet for each; named by its subject, or by its class where `by_class`. Every cell is text.

    Raises ValueError when there is none.
    """
    return write_pages([_page(sheet, by_class) for sheet in sheets])


def _page(sheet: Sheet, by_class: bool) -> Page:
    book = sheet.book
    taught = book.class_subject
    heads = _heads(sheet)
    width = len(FIXED) + len(heads)
    right = [""] * len(FIXED)
    subject = taught.subject.name if taught else ""
    titles = [
        [*_left("", right), "BẢNG ĐIỂM HỌC KỲ"],
        [*_left(book.school.name, right), f"{book.year.name} – Học kỳ: {book.term}"],
        [*_left(f"Lớp: {book.class_group.name}", right), f"Môn học: {subject}"],
        [],
    ]
    top = [*FIXED, *(group or head for group, head in heads)]
    below = [*[""] * len(FIXED), *(head if group else "" for group, head in heads)]
    return Page(
        name=book.class_group.name if by_class else subject,
        lines=[*titles, top, below, [str(n) for n in range(1, width + 1)], *_lines(sheet)],
        heads=(HEAD, SUB_HEAD),
        merged=_merged(heads),
        widths=[*WIDTHS, *(TEXT_WIDTH if head == "Nhận xét" else MARK_WIDTH for _group, head in heads)],
        pinned=4,
    )  # fmt: skip


def _left(text: str, blank: list[str]) -> list[str]:
    return [text, *blank[1:]]


def _heads(sheet: Sheet) -> list[tuple[str, str]]:
    """Group and heading of each column of figures: marks, results, and what stands behind them."""
    inner, behind = sheet.split
    return [
        *((column.group, column.head) for column in inner),
        *(("", RESULT_HEADS[period]) for period in sheet.periods),
        *((column.group, column.head) for column in behind),
    ]


def _merged(heads: Sequence[tuple[str, str]]) -> list[Area]:
    """Headings over two rows, and groups over several columns."""
    areas = [Area(HEAD, place, SUB_HEAD, place) for place in range(1, len(FIXED) + 1)]
    place = len(FIXED) + 1
    for group, members in groupby(heads, key=lambda head: head[0]):
        count = len(list(members))
        if not group:
            areas += [Area(HEAD, one, SUB_HEAD, one) for one in range(place, place + count)]
        elif count > 1:
            areas.append(Area(HEAD, place, HEAD, place + count - 1))
        place += count
    return areas


def _lines(sheet: Sheet) -> list[list[str]]:
    return [
        [
            str(row.order),
            sheet.book.class_group.name,
            row.pupil.code,
            row.pupil.name,
            f"{row.pupil.born_on:%d-%m-%Y}",
            *_figures(sheet, row),
        ]
        for row in sheet.rows
    ]


def _figures(sheet: Sheet, row: SheetRow) -> list[str]:
    shown = {cell.column.key: cell.shown for cell in row.cells}
    inner, behind = sheet.split
    return [
        *(shown[column.key] for column in inner),
        *(figure.shown for figure in row.results),
        *(shown[column.key] for column in behind),
    ]
