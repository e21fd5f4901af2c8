"""How far a sheet has come: required, due, entered (R-109 – R-111). Plain Python, no Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache

from gradebook.rules.columns import class_columns, subject_columns
from gradebook.rules.registry import scheme_by_id
from gradebook.rules.scheme import AssessedBy
from gradebook.rules.windows import ALL_GRADES, window_of
from schoolbook.rules.calendar import VIET_NAM

ColumnKey = tuple[str, int]  # component, number
HALF, NEARLY, ALL = 50, 90, 100


class Tone(StrEnum):
    """How far a tile of the board is, beside its number."""

    NOBODY = "nobody"
    NONE = "none"
    SOME = "some"
    MOST = "most"
    NEARLY = "nearly"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cells are required, due and entered; `entered_due` of those that are due."""

    required: int = 0
    due: int = 0
    entered: int = 0
    entered_due: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.required + other.required,
            self.due + other.due,
            self.entered + other.entered,
            self.entered_due + other.entered_due,
        )

    @property
    def missing(self) -> int:
        """How many required cells are blank."""
        return self.required - self.entered

    @property
    def late(self) -> int:
        """How many cells are blank though they were due."""
        return self.due - self.entered_due

    @property
    def percent(self) -> int:
        """The whole percents entered: 100 only when nothing is missing."""
        return self.entered * ALL // self.required if self.required else 0

    @property
    def tone(self) -> Tone:
        """How far that is, in steps."""
        if not self.required:
            return Tone.NOBODY
        for bound, tone in ((ALL, Tone.COMPLETE), (NEARLY, Tone.NEARLY), (HALF, Tone.MOST)):
            if self.percent >= bound:
                return tone
        return Tone.SOME if self.entered else Tone.NONE


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    found = Tally()
    for one in tallies:
        found += one
    return found


@cache
def required_columns(
    scheme: str, code: str | None, assessed_by: str, periods: int, grade: int, term: int
) -> tuple[ColumnKey, ...]:
    """The columns of a sheet in which a blank cell is missing; without a code, of the homeroom teacher's sheet.

    How many columns a teacher added makes no difference: those are not required.
    """
    circular = scheme_by_id(scheme)
    columns = (
        class_columns(circular, term=term)
        if code is None
        else subject_columns(
            circular,
            code=code,
            assessed_by=AssessedBy(assessed_by),
            periods=periods,
            grade=grade,
            term=term,
        )
    )
    return tuple(column.key for column in columns if column.required)


@dataclass(frozen=True, slots=True)
class PlannedWindow:
    """A window of a plan: of a grade, or without one of all grades that have none of their own."""

    id: int
    grade: int | None
    term: int
    component: str
    opens_at: datetime
    closes_at: datetime


class Due:
    """When what is due: the window of a component, or without one the last day of the term (R-105)."""

    def __init__(self, windows: Iterable[PlannedWindow], last_days: Mapping[int, date]) -> None:
        self._windows = {(one.term, one.component, one.grade or ALL_GRADES): one for one in windows}
        self._ends = {term: day_after(last) for term, last in last_days.items()}

    def window(self, grade: int, term: int, component: str) -> PlannedWindow | None:
        """The window in which a class of this grade enters a component; None where the plan has none."""
        return window_of(self._windows, (term, component, grade))

    def is_due(self, grade: int, term: int, component: str, moment: datetime) -> bool:
        """Whether the time to enter it is over at this moment of the school clock."""
        window = self.window(grade, term, component)
        return moment >= (window.closes_at if window else self._ends[term])


def tally(
    columns: Iterable[ColumnKey],
    pupils: int,
    filled: Mapping[ColumnKey, int],
    due: Mapping[str, bool],
) -> Tally:
    """The figures of one sheet: `filled` says by column how many of its pupils have something there."""
    required = due_cells = entered = entered_due = 0
    for column in columns:
        there = min(filled.get(column, 0), pupils)
        required += pupils
        entered += there
        if due[column[0]]:
            due_cells += pupils
            entered_due += there
    return Tally(required, due_cells, entered, entered_due)


def day_after(day: date) -> datetime:
    """The moment at which a day is over in Viet Nam."""
    return first_instant(day + timedelta(days=1))


def first_instant(day: date) -> datetime:
    """The first moment of a day in Viet Nam."""
    return datetime(day.year, day.month, day.day, tzinfo=VIET_NAM).astimezone(UTC)


def last_day_before(moment: datetime) -> date:
    """The day in Viet Nam that a deadline belongs to: the one that still has an instant before it."""
    return (moment - timedelta(microseconds=1)).astimezone(VIET_NAM).date()


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_end(month: date) -> datetime:
    """The first moment of the next month in Viet Nam: what was there before belongs to the month."""
    return first_instant(next_month(month))


def months(first: date, last: date) -> list[date]:
    """The first days of the months from one day to another."""
    found = [first.replace(day=1)]
    while (following := next_month(found[-1])) <= last:
        found.append(following)
    return found
