"""Requests as services and pages read them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from approvals.models import CorrectionLine, CorrectionRequest, Evidence
from approvals.rules.workflow import OPEN, State
from gradebook.selectors.books import Book, Key
from schoolbook import registry
from schoolbook.correctable import Change

# The name under which the mark book is announced.
MARKS = "marks"


def lines(row: CorrectionRequest) -> list[CorrectionLine]:
    """What a request would change, in the order of the page."""
    return list(row.lines.filter(is_dropped=False).order_by("place", "id"))


def evidence(row: CorrectionRequest) -> list[Evidence]:
    """The files of a request, without those that were taken out, in the order in which they came."""
    return list(row.evidence.filter(withdrawn_at=None).order_by("id"))


def changes(row: CorrectionRequest) -> list[Change]:
    """The lines as the book takes them."""
    return [
        Change(line.key, line.label, line.group, line.old, line.old_version, line.typed, line.new)
        for line in lines(row)
    ]


def open_about(book: Book, cells: Collection[Key]) -> list[int]:
    """The ids of the open requests about any of these cells of a sheet; in one query."""
    wanted = {(student, f"{component}:{number}") for student, component, number in cells}
    lines = CorrectionLine.objects.filter(
        school=book.school,
        is_open=True,
        correction__book=MARKS,
        correction__class_group=book.class_group,
        correction__class_subject=book.class_subject,
        correction__term=book.term,
        correction__student__in={student for student, _key in wanted},
    ).values_list("correction", "correction__student", "key")
    return sorted({pk for pk, student, key in lines if (student, key) in wanted})


@dataclass(frozen=True, slots=True)
class Moved:
    """An item that is no longer as it was when a correction of it was asked for."""

    label: str
    old: str
    now: str


def moved(row: CorrectionRequest) -> Moved | None:
    """The first item of an open request that was changed since it was filed, as its book stands."""
    if State(row.state) not in OPEN:
        return None
    book = registry.correctables.get(row.book)
    asked = lines(row)
    now = book.standing(row.place, row.student_id, [line.key for line in asked])
    for line in asked:
        version, shown = now[line.key]
        if version != line.old_version:
            return Moved(line.label, line.old, shown)
    return None
