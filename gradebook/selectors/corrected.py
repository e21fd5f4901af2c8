"""Cells that were corrected by an approved request: the struck value stays visible, as in the paper book (R-134).

Each is a row of history that carries its dispensation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gradebook.models import Mark, MarkSheet
from gradebook.rules.columns import TERMS, Component
from gradebook.selectors.books import Key, entry_of
from gradebook.selectors.ledger import Ledger

REMARKS = frozenset({Component.COMMENT.value, Component.MONTH.value, Component.TRAINING.value})


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction of a cell: what stood there, what took its place, when, which request, and who approved it."""

    old: str
    new: str
    at: datetime
    number: int
    approved_by: str = ""


Corrected = Mapping[Key, tuple[Correction, ...]]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cells of a sheet were ever corrected: marks and levels, and remarks."""

    marks: int = 0
    remarks: int = 0

    def __add__(self, other: Counted) -> Counted:
        """Both together."""
        return Counted(self.marks + other.marks, self.remarks + other.remarks)


def of_sheets(
    sheets: Iterable[MarkSheet | None], students: Collection[int] | None = None
) -> dict[int, dict[Key, tuple[Correction, ...]]]:
    """The corrections of each cell, oldest first, by sheet; in one query, none where there is no sheet."""
    ids = [sheet.pk for sheet in sheets if sheet is not None]
    found: dict[int, dict[Key, tuple[Correction, ...]]] = defaultdict(dict)
    if not ids:
        return found
    rows: Any = Mark.history.filter(dispensation__sheet__in=ids)
    if students is not None:
        rows = rows.filter(student__in=students)
    for row in rows.select_related("dispensation__approved_by").order_by("history_id"):
        key = (row.student_id, row.component, row.number)
        leave = row.dispensation
        one = Correction(
            leave.old,
            entry_of(row).shown,
            row.history_date,
            leave.correction,
            leave.approved_by.full_name,
        )
        found[row.sheet_id][key] = (*found[row.sheet_id].get(key, ()), one)
    return found


def of_sheet(sheet: MarkSheet | None) -> Corrected:
    """Those of one sheet; as `of_sheets`."""
    return of_sheets([sheet])[sheet.pk] if sheet else {}


def counted(corrected: Corrected) -> Counted:
    """How many cells these are; one that was corrected twice is one."""
    remarks = sum(component in REMARKS for _student, component, _number in corrected)
    return Counted(len(corrected) - remarks, remarks)


def of_class(
    found: Ledger, terms: Collection[int] = TERMS, students: Collection[int] | None = None
) -> dict[tuple[int | None, int], Corrected]:
    """Those of the sheets that somebody sees of a class, by subject of the class, None for the class, and term."""
    shown = {one.class_subject.pk for one in found.subjects if one.class_subject}
    sheets = {
        key: sheet
        for key, sheet in found.sheets.items()
        if key[1] in terms and (key[0] in shown or (key[0] is None and found.seen.whole))
    }
    known = of_sheets(sheets.values(), students)
    return {key: known[sheet.pk] for key, sheet in sheets.items()}


def by_subject(corrected: Mapping[tuple[int | None, int], Corrected]) -> dict[int | None, Counted]:
    """How many cells of each subject were corrected, over the terms; None is the class itself."""
    found: dict[int | None, Counted] = defaultdict(Counted)
    for (subject, _term), cells in corrected.items():
        found[subject] += counted(cells)
    return found
