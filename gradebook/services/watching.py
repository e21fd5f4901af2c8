"""Lateness and figures of months, kept as rows (R-109, R-110, R-116).

They are worked out as of the moment from history, never from what stands there now: a job that comes three days late
keeps the same figures as one in time. Nothing is kept of a time before the school used the program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from gradebook.models import Lateness, MonthFigure
from gradebook.rules.columns import TERMS
from gradebook.rules.progress import (
    PlannedWindow,
    last_day_before,
    month_end,
    months,
    tally,
)
from gradebook.selectors import as_of
from gradebook.selectors.as_of import ClassThen, Plans
from gradebook.selectors.progress import columns_of, days, due_of, over
from schoolbook import access, audit, clock
from schoolbook.models import ClassGroup, SchoolYear, User
from schoolbook.rules.school_year import first_calendar_year


@dataclass(frozen=True, slots=True)
class Kept:
    """How many rows were kept."""

    lateness: int = 0
    months: int = 0

    def __add__(self, other: Kept) -> Kept:
        return Kept(self.lateness + other.lateness, self.months + other.months)


def keep_figures(*, actor: User) -> Kept:
    """Keep what is not kept yet of every window that has closed and every month that is over, at all schools.

    Of this school year and the one before. Doing it twice, or at the same time, is doing it once. Only jobs and
    commands do this, as the system actor. Raises PermissionDenied.
    """
    if not actor.is_system:
        raise access.refusal()
    years = SchoolYear.objects.filter(start__gte=first_calendar_year(clock.today()) - 1)
    found = Kept()
    for year in years.select_related("school").order_by("pk"):
        found += _keep_year(year, actor)
    return found


def _keep_year(year: SchoolYear, actor: User) -> Kept:
    plans = as_of.plans(year)
    closed = [window for window in plans.windows if window.closes_at <= clock.now()]
    ended = [month for month in _months_over(year) if _in_use(year, plans, month)]
    found = Kept()
    for group in ClassGroup.objects.filter(year=year).order_by("pk"):
        mine = [one for one in closed if _is_for(one, group, plans)]
        found += _keep_class(group, year, plans, mine, ended, actor)
    return found


@transaction.atomic
def _keep_class(
    group: ClassGroup,
    year: SchoolYear,
    plans: Plans,
    closed: Sequence[PlannedWindow],
    ended: Sequence[date],
    actor: User,
) -> Kept:
    """Keep what one class lacks; two at once wait for each other here."""
    if not any(_lacking(group, closed, ended)):
        return Kept()
    ClassGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    windows, months_ = _lacking(group, closed, ended)
    late = [row for window in windows for row in _lateness(group, year, window)]
    figures = [row for month in months_ for row in _figures(group, year, plans, month)]
    # What was counted needs no validation; an empty list of teachers is nobody, and no fault.
    audit.record(Lateness.objects.bulk_create(late), actor=actor, created=True)
    audit.record(MonthFigure.objects.bulk_create(figures), actor=actor, created=True)
    return Kept(len(late), len(figures))


def _lacking(
    group: ClassGroup, closed: Sequence[PlannedWindow], ended: Sequence[date]
) -> tuple[list[PlannedWindow], list[date]]:
    """Which windows and months have no row of this class yet."""
    have = set(Lateness.objects.filter(class_group=group).values_list("window", flat=True))
    kept = set(MonthFigure.objects.filter(class_group=group).values_list("month", flat=True))
    return [one for one in closed if one.id not in have], [one for one in ended if one not in kept]


def _real(moment: datetime) -> datetime:
    """A moment of the school clock as history is dated."""
    return moment - clock.offset()


def _is_for(window: PlannedWindow, group: ClassGroup, plans: Plans) -> bool:
    """Whether a window was that of a class when it closed: of its grade, or of all where the grade had none.

    It was nobody's where its plan was not in force then: a plan decided later is about later windows.
    """
    due = due_of(plans.at(_real(window.closes_at)), group.year)
    return due.window(group.grade, window.term, window.component) == window


def _months_over(year: SchoolYear) -> list[date]:
    wanted = months(year.term1_begins_on, year.term2_ends_on)
    return [month for month in wanted if month_end(month) <= clock.now()]


def _in_use(year: SchoolYear, plans: Plans, month: date) -> bool:
    end = _real(month_end(month))
    return bool(plans.first and plans.first < end) or as_of.marked_before(year, end)


def _books(then: ClassThen) -> list[Any]:
    """The subjects of a class, and None for the class itself."""
    return [*then.subjects, None]


def _then(group: ClassGroup, year: SchoolYear, moment: datetime) -> ClassThen:
    return as_of.class_then(group, days(year), _real(moment), last_day_before(moment))


def _row_of(group: ClassGroup, taught: Any, then: ClassThen, moment: datetime) -> dict[str, Any]:
    which = taught.id if taught else None
    return {
        "school_id": group.school_id,
        "class_group": group,
        "class_subject_id": which,
        "teachers": then.teachers.get(which, []),
        "as_of": moment,
    }


def _lateness(group: ClassGroup, year: SchoolYear, window: PlannedWindow) -> list[Lateness]:
    """A row for each sheet that asks for something in the window, also where nothing was missing."""
    then = _then(group, year, window.closes_at)
    pupils = then.pupils[window.term]
    found = []
    for taught in _books(then):
        columns = [
            column
            for column in columns_of(group, taught, window.term)
            if column[0] == window.component
        ]
        if not columns or not pupils:
            continue
        filled = then.filled.get((taught.id if taught else None, window.term), {})
        sums = tally(columns, pupils, filled, {window.component: True})
        found.append(
            Lateness(
                window_id=window.id,
                required=sums.required,
                missing=sums.missing,
                **_row_of(group, taught, then, window.closes_at),
            )
        )
    return found


def _figures(group: ClassGroup, year: SchoolYear, plans: Plans, month: date) -> list[MonthFigure]:
    """A row for each book that asked for anything then."""
    end = month_end(month)
    then = _then(group, year, end)
    due = due_of(plans.at(_real(end)), year)
    over_by_term: Mapping[int, Mapping[str, bool]] = {
        term: over(due, group.grade, term, end) for term in TERMS
    }
    found = []
    for taught in _books(then):
        sums = [
            tally(
                columns_of(group, taught, term),
                then.pupils[term],
                then.filled.get((taught.id if taught else None, term), {}),
                over_by_term[term],
            )
            for term in TERMS
        ]
        whole = sums[0] + sums[1]
        if not whole.required:
            continue
        found.append(
            MonthFigure(
                month=month,
                required=whole.required,
                due=whole.due,
                entered=whole.entered,
                entered_due=whole.entered_due,
                **_row_of(group, taught, then, end),
            )
        )
    return found
