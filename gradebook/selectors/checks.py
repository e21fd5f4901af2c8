"""Whether somebody gave a word on the figures as they stand now (R-053, R-054)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gradebook.models import ResultCheck
from gradebook.selectors import levels
from gradebook.selectors.books import Book
from gradebook.selectors.ledger import Ledger
from gradebook.selectors.sheet import ResultCell, SheetRow, digest_of
from schoolbook.models import ClassGroup

INCOMPLETE = "incomplete"
OF_TERM = {1: ("term1",), 2: ("term2", "year")}


@dataclass(frozen=True)
class Check:
    """The figures of a sheet now, and the newest word on them: by whom, when, and whether it covers them as they are.

    `figures` is how many results there are; with none there is nothing to look through.
    """

    term: int
    digest: str
    figures: int
    by: str = ""
    at: datetime | None = None
    holds: bool = False

    @property
    def changed(self) -> bool:
        """Whether figures have changed since somebody looked through them."""
        return bool(self.by) and not self.holds


def of_class_group(group: ClassGroup) -> dict[int, ResultCheck]:
    """The newest check of each sheet of a class, by sheet; in one query."""
    rows = ResultCheck.objects.filter(sheet__class_group=group).select_related("user")
    return {row.sheet_id: row for row in rows.order_by("sheet_id", "-id").distinct("sheet_id")}


def of_subject(ledger: Ledger, book: Book, term: int, known: Mapping[int, ResultCheck]) -> Check:
    """The check of one subject's sheet of a term, over the figures that the sheet itself shows; no query."""
    assert book.class_subject
    taught = book.class_subject.pk
    rows, figures = [], 0
    for order, pupil in enumerate(ledger.pupils, start=1):
        if pupil.id not in ledger.on_sheet[term]:
            continue
        cells = []
        for period in () if book.is_primary else OF_TERM[term]:
            held = ledger.results.get((taught, pupil.id, period))
            shown = (held.shown if held.average is not None else held.level) if held else ""
            status = held.status.value if held else INCOMPLETE
            figures += bool(shown)
            cells.append(ResultCell(period, shown, status, is_taken_over=False))
        rows.append(SheetRow(order, pupil, has_left=False, cells=(), results=tuple(cells)))
    return _check(ledger, (taught, term), digest_of(rows), figures, known)


def of_class(ledger: Ledger, term: int, known: Mapping[int, ResultCheck]) -> Check:
    """The check of results, levels, conduct and titles of the whole class; no query."""
    shown = levels.summaries_of_term(ledger, term)
    figures = sum(
        sum(map(bool, (row.levels.level, row.levels.conduct)))
        for one in shown
        for row in one.rows
        if row.levels
    )
    return _check(ledger, (None, term), levels.digest_of(shown), figures, known)


def _check(
    ledger: Ledger,
    which: tuple[int | None, int],
    digest: str,
    figures: int,
    known: Mapping[int, ResultCheck],
) -> Check:
    sheet = ledger.sheets.get(which)
    given = known.get(sheet.pk) if sheet else None
    if given is None:
        return Check(which[1], digest, figures)
    return Check(
        which[1], digest, figures, given.user.full_name, given.checked_at, given.digest == digest
    )
