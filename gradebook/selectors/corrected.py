"""What was corrected on a sheet after it was closed: what stood there before, who asked for it to be, and when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from gradebook.models import Mark, MarkSheet
from gradebook.selectors.books import Key, entry_of


@dataclass(frozen=True, slots=True)
class Corrected:
    """One correction of one cell; `number` is that of the request."""

    old: str
    new: str
    at: datetime
    number: int
    approved_by: str


def corrected(sheet: MarkSheet | None) -> dict[Key, tuple[Corrected, ...]]:
    """The corrections of a sheet by cell, the oldest first; in one query, none before the first save."""
    if sheet is None:
        return {}
    rows = (
        Mark.history.filter(sheet=sheet, dispensation__isnull=False)
        .select_related("dispensation__approved_by")
        .order_by("link_number")
    )
    found: dict[Key, list[Corrected]] = defaultdict(list)
    for row in rows:
        leave = row.dispensation
        found[row.student_id, row.component, row.number].append(
            Corrected(
                old=leave.old,
                new=entry_of(row).shown,
                at=row.history_date,
                number=leave.correction,
                approved_by=leave.approved_by.full_name,
            )
        )
    return {key: tuple(ones) for key, ones in found.items()}
