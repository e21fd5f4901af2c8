"""What became of a pupil's particulars, field by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from schoolbook.models import Student


def _rows(student_id: int) -> list[Any]:
    history: Any = Student.history
    return list(history.filter(id=student_id).order_by("history_id"))


def versions(student_id: int) -> Mapping[str, int]:
    """For each field the version of the pupil in which it last changed, whatever other fields did; in one query."""
    found: dict[str, int] = defaultdict(lambda: 1)
    before: Any = None
    for row in _rows(student_id):
        for field in row.tracked_fields if before is not None else ():
            if getattr(row, field.attname) != getattr(before, field.attname):
                found[field.attname] = row.version
        before = row
    return found


def edits(student_id: int, keys: Collection[str]) -> Sequence[tuple[datetime, str, str, Any, str]]:
    """When, by whom, which of these fields, its new value and why; newest first, in one query."""
    found, before = [], None
    for row in _rows(student_id):
        for key in keys:
            if before is None or getattr(row, key) != getattr(before, key):
                why = row.history_change_reason or ""
                found.append((row.history_date, row.actor_name, key, getattr(row, key), why))
        before = row
    return found[::-1]
