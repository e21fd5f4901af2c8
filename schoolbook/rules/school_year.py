"""Which school year a day belongs to, until schools set their own. No Django here."""

from __future__ import annotations

from datetime import date

FIRST_MONTH = 8


def first_calendar_year(day: date) -> int:
    """The calendar year in which the school year of this day began: August to July."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def label(first_year: int) -> str:
    """The school year as it is written: 2026–2027."""
    return f"{first_year}–{first_year + 1}"


def name(first_year: int) -> str:
    """The school year as it is called in lists and file names: 2026-2027."""
    return f"{first_year}-{first_year + 1}"


def first_day(first_year: int) -> date:
    """The first day of the school year that begins in this calendar year."""
    return date(first_year, FIRST_MONTH, 1)
