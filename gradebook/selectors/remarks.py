"""Remarks on books by month, with the figures of the month beside them (R-113)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from gradebook.models import BookRemark, MonthFigure
from gradebook.rules.progress import Tally, month_end, months
from gradebook.selectors.ledger import Seen
from gradebook.selectors.progress import frozen
from schoolbook import clock
from schoolbook.models import ClassGroup, School, SchoolYear
from schoolbook.rules.school_year import first_calendar_year
from schoolbook.selectors import history
from schoolbook.selectors.history import Panel


@dataclass(frozen=True)
class Month:
    """A month of a class: its frozen figures, and the remark, if there is one."""

    day: date
    tally: Tally | None
    remark: BookRemark | None


def begun(year: SchoolYear) -> list[date]:
    """The months of a school year that have begun, newest first."""
    today = clock.today()
    wanted = months(year.term1_begins_on, year.term2_ends_on)
    return [month for month in reversed(wanted) if month <= today]


def last_over(year: SchoolYear) -> date | None:
    """The newest month of a school year that is over."""
    now = clock.now()
    return next((month for month in begun(year) if month_end(month) <= now), None)


def of_class(seen: Seen) -> list[Month]:
    """The months of a class that have begun, newest first; the figures of what this person may see. Two queries."""
    group = seen.class_group
    remarks = BookRemark.objects.filter(class_group=group).select_related("written_by")
    known = {row.month: row for row in remarks}
    sums: dict[date, Tally] = defaultdict(Tally)
    for row in MonthFigure.objects.filter(class_group=group):
        if seen.whole or row.class_subject_id in seen.only:
            sums[row.month] += frozen(row)
    return [Month(day, sums.get(day), known.get(day)) for day in begun(group.year)]


def of_month(group: ClassGroup, month: date) -> tuple[BookRemark | None, list[Any]]:
    """The remark on a class for a month, and the frozen figures of its books; two queries."""
    rows = MonthFigure.objects.filter(class_group=group, month=month).select_related(
        "class_subject__subject"
    )
    ordered = sorted(
        rows,
        key=lambda row: (
            row.class_subject is None,
            row.class_subject and row.class_subject.subject.place,
        ),
    )
    found = BookRemark.objects.filter(class_group=group, month=month).first()
    return found, [(row, frozen(row)) for row in ordered]


def changes(group: ClassGroup) -> Panel:
    """Who wrote and changed the remarks on a class's book."""
    return history.panel_of(
        BookRemark, Q(class_group=group), ["text"], about=lambda row: f"{row.month:%m/%Y}"
    )


def year_of(school: School) -> SchoolYear | None:
    """The school year of today, or the last one before; one query."""
    start = first_calendar_year(clock.today())
    return school.years.filter(start__lte=start).order_by("-start").first()


def of_school(year: SchoolYear, month: date) -> list[tuple[ClassGroup, Tally | None, Any]]:
    """Every class of a year with its figures of a month and its remark; three queries."""
    remarks = BookRemark.objects.filter(class_group__year=year, month=month)
    known = {row.class_group_id: row for row in remarks.select_related("written_by")}
    sums: dict[int, Tally] = defaultdict(Tally)
    for row in MonthFigure.objects.filter(class_group__year=year, month=month):
        sums[row.class_group_id] += frozen(row)
    groups: Sequence[ClassGroup] = list(ClassGroup.objects.filter(year=year))
    ordered = sorted(groups, key=lambda one: (one.grade, len(one.name), one.name))
    return [(group, sums.get(group.pk), known.get(group.pk)) for group in ordered]


def lacking(year: SchoolYear, month: date) -> int:
    """How many classes with figures of a month have no remark for it; one query."""
    done = BookRemark.objects.filter(class_group__year=year, month=month).values("class_group")
    figures = MonthFigure.objects.filter(class_group__year=year, month=month)
    found = figures.exclude(class_group__in=done).order_by()
    return int(found.values("class_group").distinct().count())
