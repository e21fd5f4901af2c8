"""Requests as services and pages read them."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.models import CorrectionLine, CorrectionRequest, Evidence
from approvals.rules.workflow import OPEN, State
from schoolbook import registry
from schoolbook.correctable import Change


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
