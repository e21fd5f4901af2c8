"""The list of a class: by when it is due, and what the homeroom teacher's word on it is worth now (R-022, R-024).

No Django here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from schoolbook.rules.calendar import last_day_of_week

DUE_WEEK = 2


class ListState(StrEnum):
    """What became of a class list."""

    NOT_CONFIRMED = "not_confirmed"
    CONFIRMED = "confirmed"
    CHANGED = "changed"  # confirmed, and another one since


def due_by(first_day_of_lessons: date) -> date:
    """The last day on which the list is confirmed in time: the end of week 2 (regulation 000 Article 7.2)."""
    return last_day_of_week(DUE_WEEK, first_day_of_lessons)


def state(confirmed: str | None, present: str) -> ListState:
    """Compare the digest that was confirmed last, if any, with that of the present list."""
    if confirmed is None:
        return ListState.NOT_CONFIRMED
    return ListState.CONFIRMED if confirmed == present else ListState.CHANGED


def digest(lines: Iterable[Sequence[str]]) -> str:
    """SHA-256 over what the list shows of each pupil, in its order, as hexadecimal digits."""
    return hashlib.sha256("\n".join("\t".join(line) for line in lines).encode()).hexdigest()
