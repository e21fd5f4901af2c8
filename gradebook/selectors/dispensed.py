"""Every leave to change a closed cell, and every change that was written with one, for whoever verifies them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gradebook.models import Dispensation, Mark
from gradebook.rules.typed import Entry
from gradebook.selectors.books import Key, entry_of
from gradebook.selectors.verifying import sheet_words
from schoolbook.models import School

BATCH = 1000


@dataclass(frozen=True)
class Leave:
    """One cell that an approved correction lets change once; `written` are the rows of history that name it.

    `words` say where it is; `place` is the sheet as a request names it.
    """

    id: int
    words: str
    place: Mapping[str, int]
    cell: Key
    old_version: int
    old: str
    entry: Entry
    number: int
    approved_by: int
    written: tuple[Any, ...]

    @property
    def is_used_as_given(self) -> bool:
        """Whether exactly one change was written with it: of this cell, from this version, to this content."""
        if len(self.written) != 1:
            return False
        (row,) = self.written
        return (
            (row.student_id, row.component, row.number) == self.cell
            and row.version == self.old_version + 1
            and entry_of(row) == self.entry
        )


def leaves(school: School) -> Iterator[Leave]:
    """The leaves of a school, in the order in which they were given; three queries for every thousand."""
    rows = Dispensation.objects.filter(school=school).select_related("sheet", "student")
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        words = sheet_words([row.sheet_id for row in batch])
        written = _written(batch)
        for row in batch:
            where = f"{words[row.sheet_id]}, {row.student.full_name}, {row.component} {row.number}"
            yield _leave(row, where, tuple(written.get(row.pk, ())))


def _written(batch: list[Dispensation]) -> dict[int, list[Any]]:
    history: Any = Mark.history
    found: dict[int, list[Any]] = {}
    for row in history.filter(dispensation__in=[one.pk for one in batch]).order_by("history_id"):
        found.setdefault(row.dispensation_id, []).append(row)
    return found


def _leave(row: Dispensation, words: str, written: tuple[Any, ...]) -> Leave:
    sheet = row.sheet
    page = (
        {"class_subject": sheet.class_subject_id}
        if sheet.class_subject_id
        else {"class_group": sheet.class_group_id}
    )
    return Leave(
        id=row.pk,
        words=f"{words}, leave {row.pk}",
        place={**page, "term": sheet.term},
        cell=(row.student_id, row.component, row.number),
        old_version=row.old_version,
        old=row.old,
        entry=entry_of(row),
        number=row.correction,
        approved_by=row.approved_by_id,
        written=written,
    )


def strays(school: School) -> Iterator[str]:
    """Changes that name a leave which is not there, or one of another school: where, which row."""
    history: Any = Mark.history
    known = Dispensation.objects.filter(school=school).values("pk")
    rows = history.filter(school=school, dispensation__isnull=False)
    for row in rows.exclude(dispensation__in=known).order_by("history_id").iterator(BATCH):
        words = sheet_words([row.sheet_id]).get(row.sheet_id, f"sheet {row.sheet_id}")
        yield (
            f"{words}, {row.component} {row.number}: history row {row.history_id} names leave"
            f" {row.dispensation_id}, which is not there"
        )
