"""School years, terms and numbered weeks, as plain dates. No Django here.

Deadlines of the regulations are given in weeks, months and terms (R-021). Weeks begin on Monday; week 1 is the first
week of lessons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK = timedelta(days=7)
SUNDAY = 6


def year_name(starts_on: date) -> str:
    """How a school year is called: "2026-2027"."""
    return f"{starts_on.year}-{starts_on.year + 1}"


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_number(day: date, first_day: date) -> int:
    """The number of a day's week, counted from the week of the first day of lessons, which is week 1.

    A day before that week gives 0 or less: it belongs to no numbered week.
    """
    return (monday_of(day) - monday_of(first_day)).days // WEEK.days + 1


def last_day_of_week(number: int, first_day: date) -> date:
    """The Sunday of a numbered week; a deadline "within week 2" ends with it (regulation 000 Article 7.2)."""
    return monday_of(first_day) + (number - 1) * WEEK + timedelta(days=SUNDAY)


def nearest(day: date, first: date, last: date) -> date:
    """The day itself, or the end of the period that is nearest to it."""
    return min(max(day, first), last)


def belongs_to_year(day: date, start: int) -> bool:
    """Whether a pupil's place in a class of the year that starts in `start` can begin or end on this day.

    Classes are made up in June, before lessons, and may be left until the summer is over.
    """
    return date(start, 6, 1) <= day <= date(start + 1, 8, 31)


@dataclass(frozen=True)
class YearPlan:
    """The days of a school year as the plan of the year sets them; both ends of each term count."""

    first_term: tuple[date, date]
    second_term: tuple[date, date]

    @property
    def problems(self) -> list[str]:
        """What is wrong with the order of the days, as field names; empty when all is well."""
        days = [*self.first_term, *self.second_term]
        names = ["term1_begins_on", "term1_ends_on", "term2_begins_on", "term2_ends_on"]
        return [
            names[place]
            for place in range(1, len(days))
            if days[place] < days[place - 1] + timedelta(days=place == len(days) // 2)
        ]


LESSON_WEEKS = 35


def weekly(periods: int) -> str:
    """Periods a week of as many a year, over the 35 weeks of lessons, to a tenth: "4", "1,5"."""
    tenths = (Decimal(periods) / LESSON_WEEKS).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{tenths.normalize():f}".replace(".", ",")


def within(day: date, first: date, last: date) -> date:
    """The day, or the nearest one from the first to the last."""
    return max(first, min(day, last))


def usual_plan(start: int) -> YearPlan:
    """The days most provinces use for the year that starts in September: a proposal, to be corrected."""
    return YearPlan(
        first_term=(date(start, 9, 5), date(start + 1, 1, 16)),
        second_term=(date(start + 1, 1, 18), date(start + 1, 5, 29)),
    )
