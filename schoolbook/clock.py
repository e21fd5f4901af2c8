"""The school clock, which windows, locks, deadlines and dated duties go by. History, sessions and codes: real time."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The moment, by the school clock."""
    return timezone.now()


def today() -> date:
    """The day in Viet Nam, by the school clock."""
    return timezone.localdate(now())
