"""The school clock, which windows, locks, deadlines and dated duties go by. History, sessions and codes: real time.

In a demo it may stand on another day than the real one (architecture, invariant 15). The row with the offset is read
at most once in a few seconds; a school in earnest never asks.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from threading import Lock

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from schoolbook.models import ClockOffset

KEPT_SECONDS = 2.0
NONE = timedelta(0)


class _Kept:
    """The offset as it was read last, for a moment."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._read_at = float("-inf")
        self._offset = NONE

    def get(self) -> timedelta:
        with self._lock:
            if time.monotonic() - self._read_at > KEPT_SECONDS:
                row = ClockOffset.objects.first()
                self._offset, self._read_at = (row.offset if row else NONE), time.monotonic()
            return self._offset

    def forget(self) -> None:
        with self._lock:
            self._read_at = float("-inf")


_kept = _Kept()


def offset() -> timedelta:
    """How far the school clock is ahead of the real one; nothing where it cannot be moved."""
    return _kept.get() if settings.CLOCK_MOVES else NONE


def now() -> datetime:
    """The moment, by the school clock."""
    return timezone.now() + offset()


def today() -> date:
    """The day in Viet Nam, by the school clock."""
    return timezone.localdate(now())


def move_to(moment: datetime, *, kind: ClockOffset.Kind) -> timedelta:
    """Let the school clock go on from this moment; only the owner role of the database can."""
    moved = moment - timezone.now()
    ClockOffset.objects.update_or_create(id=1, defaults={"kind": kind, "offset": moved})
    _kept.forget()
    return moved


def refuse_in_earnest() -> None:
    """Raise ImproperlyConfigured when the database of a school in earnest has a clock that was moved."""
    if ClockOffset.objects.exists():
        raise ImproperlyConfigured(
            "This database is marked as one of a demo or a test: its school clock was moved. "
            "No school may use it."
        )
