"""School years: which there are, which one is meant, and on which day to look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schoolbook import clock
from schoolbook.models import School, SchoolYear
from schoolbook.rules import calendar, school_year


def years(school: School) -> list[SchoolYear]:
    """The years of a school, newest first; in one query."""
    return list(school.years.order_by("-start"))


def present(found: Sequence[SchoolYear]) -> SchoolYear | None:
    """The year that is on today, or the last one before; the first to come if there is no other."""
    this = school_year.first_calendar_year(clock.today())
    begun = [year for year in found if year.start <= this]
    return begun[0] if begun else (found[-1] if found else None)


def asked(found: Sequence[SchoolYear], start: str) -> SchoolYear | None:
    """The year that starts then, or the present one when none does."""
    return next((year for year in found if str(year.start) == start), None) or present(found)


def day_of(year: SchoolYear | None) -> date:
    """Today while the year is on; before it the first day of lessons, after it the last."""
    if year is None:
        return clock.today()
    return calendar.within(clock.today(), year.term1_begins_on, year.term2_ends_on)


@dataclass(frozen=True)
class Week:
    """A numbered week of lessons, from a Monday to a Sunday, and the term it is in (0 between the terms)."""

    number: int
    first: date
    last: date
    term: int


def weeks(year: SchoolYear) -> list[Week]:
    """The numbered weeks of a year (R-021)."""
    count = calendar.week_number(year.term2_ends_on, year.term1_begins_on)
    found = []
    for number in range(1, count + 1):
        last = calendar.last_day_of_week(number, year.term1_begins_on)
        first = calendar.monday_of(last)
        in_first = first <= year.term1_ends_on
        in_second = last >= year.term2_begins_on
        term = 1 if in_first else 2 if in_second else 0
        found.append(Week(number, first, last, term))
    return found
