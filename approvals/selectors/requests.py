"""Requests as services and pages read them."""

from __future__ import annotations

from approvals.models import CorrectionLine, CorrectionRequest, Evidence
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
