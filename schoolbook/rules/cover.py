"""From which day on nobody would be there. No Django here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

Span = tuple[date, date | None]


def first_gap(spans: Iterable[Span], start: date) -> date | None:
    """The first day from `start` on that none of the spans covers; None when there is no such day.

    Both ends of a span count; an open one goes on for ever.
    """
    day = start
    for first, last in sorted(spans, key=lambda span: span[0]):
        if first > day:
            return day
        if last is None:
            return None
        day = max(day, last + timedelta(days=1))
    return day
