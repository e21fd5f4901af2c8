"""How far the books of a school have come, now and at the ends of months: a fixed number of queries for any school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum

from gradebook.models import Lateness, Mark, MonthFigure, PlanState, Window, WindowPlan
from gradebook.rules.codes import engine_code
from gradebook.rules.columns import TERMS
from gradebook.rules.progress import (
    ColumnKey,
    Due,
    PlannedWindow,
    Tally,
    day_after,
    required_columns,
    tally,
    total,
)
from gradebook.selectors.missing import Which
from schoolbook import clock
from schoolbook.models import ClassGroup, ClassSubject, Enrolment, SchoolYear

Filled = Mapping[tuple[int | None, int, int], Mapping[ColumnKey, int]]  # subject, class, term


@dataclass(frozen=True)
class Line:
    """One book of the board: of a subject of a class, or without one the homeroom teacher's; figures by term.

    `was_late` is what was missing when windows closed, as it is recorded; `then` who taught at an earlier moment.
    """

    group: ClassGroup
    taught: ClassSubject | None
    tallies: Mapping[int, Tally]
    was_late: Mapping[int, int] = field(default_factory=dict)
    then: Sequence[dict[str, Any]] | None = None

    @property
    def which(self) -> Which:
        """The ids of its subject and class."""
        return (self.taught.pk if self.taught else None, self.group.pk)

    @property
    def teachers(self) -> list[dict[str, Any]]:
        """Who fills it in today, or did at the moment of the figures: id and name."""
        if self.then is not None:
            return list(self.then)
        row: Any = self.taught or self.group
        return list(row.taught_by)

    @property
    def looks(self) -> bool:
        """Whether the person who asked may look at the sheet."""
        row: Any = self.taught or self.group
        return bool(row.looks)

    def tally(self, terms: Iterable[int]) -> Tally:
        """The figures of some terms together."""
        return total(self.tallies.get(term, Tally()) for term in terms)

    def missed(self, terms: Iterable[int]) -> int:
        """What was missing at the ends of entry of some terms together."""
        return sum(self.was_late.get(term, 0) for term in terms)


def lines(
    year: SchoolYear,
    subjects: Sequence[ClassSubject],
    groups: Sequence[ClassGroup],
    terms: Sequence[int] = TERMS,
) -> list[Line]:
    """Every one of these books with its figures of now, in the order given; in four queries."""
    if not subjects and not groups:
        return []
    due = due_of(windows_in_force(year), year)
    known = {group.pk: group for group in groups}
    known |= {row.class_group_id: row.class_group for row in subjects}
    present = _present(year, known)
    filled = _filled(year, subjects, groups, terms)
    late = _recorded(year)
    moment = clock.now()
    grades = {group.grade for group in known.values()}
    overdue = {(grade, term): over(due, grade, term, moment) for grade in grades for term in terms}
    books: list[tuple[ClassGroup, ClassSubject | None]] = [
        *((row.class_group, row) for row in subjects),
        *((group, None) for group in groups),
    ]
    found = []
    for group, taught in books:
        which = (taught.pk if taught else None, group.pk)
        tallies = {
            term: tally(
                columns_of(group, taught, term),
                present[group.pk, term],
                filled.get((*which, term), {}),
                overdue[group.grade, term],
            )
            for term in terms
        }
        found.append(Line(group, taught, tallies, late.get(which, {})))
    return found


class _Over(dict[str, bool]):
    """Which components of a grade and term are due, worked out once for each."""

    def __init__(self, due: Due, grade: int, term: int, moment: datetime) -> None:
        super().__init__()
        self._asked = (due, grade, term, moment)

    def __missing__(self, component: str) -> bool:
        due, grade, term, moment = self._asked
        self[component] = due.is_due(grade, term, component, moment)
        return self[component]


def over(due: Due, grade: int, term: int, moment: datetime) -> Mapping[str, bool]:
    """Which components of a grade and term are due at a moment of the school clock."""
    return _Over(due, grade, term, moment)


def columns_of(group: ClassGroup, taught: Any, term: int) -> tuple[ColumnKey, ...]:
    """The required columns of a book in a term; none where the subject is not taught in it."""
    if taught is None:
        return required_columns(group.scheme, None, "", 0, group.grade, term)
    if not (taught.in_term1 if term == 1 else taught.in_term2):
        return ()
    return required_columns(
        group.scheme,
        engine_code(taught.subject.code),
        taught.assessed_by,
        taught.periods,
        group.grade,
        term,
    )


def days(year: SchoolYear) -> dict[int, tuple[date, date]]:
    """The first and the last day of each term."""
    return {term: year.days_of(term) for term in TERMS}


def due_of(windows: Iterable[PlannedWindow], year: SchoolYear) -> Due:
    """When what of a year is due."""
    return Due(windows, {term: last for term, (_first, last) in days(year).items()})


def anything_due(year: SchoolYear) -> bool:
    """Whether the time for anything is over: a window has closed, or a term has ended; at most one query."""
    now = clock.now()
    if any(now >= day_after(last) for _first, last in days(year).values()):
        return True
    return any(now >= window.closes_at for window in windows_in_force(year))


def windows_in_force(year: SchoolYear) -> list[PlannedWindow]:
    """The windows of the plan in force; one query."""
    decided = WindowPlan.objects.filter(year=year, state=PlanState.DECIDED).order_by("-number")
    rows = Window.objects.filter(plan=Subquery(decided.values("pk")[:1]), is_dropped=False)
    return [planned(row) for row in rows]


def planned(row: Window) -> PlannedWindow:
    """A window as the rules know it."""
    return PlannedWindow(row.pk, row.grade, row.term, row.component, row.opens_at, row.closes_at)


def _staying(year: SchoolYear, term: int) -> Any:
    """Places of those who are on the sheets of a term and have not left."""
    first, last = days(year)[term]
    return Enrolment.objects.between(first, last).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    )


def _present(year: SchoolYear, groups: Iterable[int]) -> Mapping[tuple[int, int], int]:
    """How many pupils are on the sheets of each class and term; one query."""
    today = clock.today()
    first, last = days(year), {term: last for term, (_first, last) in days(year).items()}
    rows = Enrolment.objects.filter(class_group__in=list(groups)).order_by()
    counted: Any = rows.values("class_group").annotate(
        **{
            f"term{term}": Count(
                "student",
                distinct=True,
                filter=Q(begins_on__lte=last[term])
                & (Q(ends_on__isnull=True) | Q(ends_on__gte=max(first[term][0], today))),
            )
            for term in TERMS
        }
    )
    found: dict[tuple[int, int], int] = defaultdict(int)
    for row in counted:
        for term in TERMS:
            found[row["class_group"], term] = row[f"term{term}"]
    return found


def filled_rows(
    year: SchoolYear,
    subjects: Sequence[ClassSubject],
    groups: Sequence[ClassGroup],
    terms: Sequence[int] = TERMS,
) -> Any:
    """The one aggregate: how many pupils have something in each required column of each sheet."""
    taught, led = [row.pk for row in subjects], [group.pk for group in groups]
    there = Q(pk__in=[])
    for term in terms:
        here = _staying(year, term).filter(
            class_group=OuterRef("sheet__class_group"), student=OuterRef("student")
        )
        there |= Q(sheet__term=term) & Q(Exists(here))
    components = {
        component
        for group, row in [
            *((row.class_group, row) for row in subjects),
            *((g, None) for g in groups),
        ]
        for term in terms
        for component, _number in columns_of(group, row, term)
    }
    rows = Mark.objects.filter(
        Q(sheet__class_subject__in=taught)
        | Q(sheet__class_subject__isnull=True, sheet__class_group__in=led),
        component__in=components,
    ).exclude(state="blank")
    return (
        rows.filter(there)
        .order_by()
        .values_list(
            "sheet__class_subject", "sheet__class_group", "sheet__term", "component", "number"
        )
        .annotate(count=Count("id"))
    )


def _filled(
    year: SchoolYear,
    subjects: Sequence[ClassSubject],
    groups: Sequence[ClassGroup],
    terms: Sequence[int],
) -> Filled:
    found: dict[tuple[int | None, int, int], dict[ColumnKey, int]] = defaultdict(dict)
    for subject, group, term, component, number, count in filled_rows(
        year, subjects, groups, terms
    ):
        found[subject, group, term][component, number] = count
    return found


def _recorded(year: SchoolYear) -> Mapping[Which, Mapping[int, int]]:
    """What was missing when windows closed, by book and term; one query."""
    rows = (
        Lateness.objects.filter(window__plan__year=year, missing__gt=0)
        .order_by()
        .values_list("class_subject", "class_group", "window__term")
        .annotate(count=Sum("missing"))
    )
    found: dict[Which, dict[int, int]] = defaultdict(dict)
    for subject, group, term, count in rows:
        found[subject, group][term] = count
    return found


def kept_by_month(year: SchoolYear) -> dict[date, dict[Which, tuple[Tally, list[str]]]]:
    """The frozen figures of each month by book, with the teachers of its last day; one query."""
    names = ("required", "due", "entered", "entered_due")
    rows = MonthFigure.objects.filter(class_group__year=year).values_list(
        "month", "class_subject", "class_group", "teachers", *names
    )
    found: dict[date, dict[Which, tuple[Tally, list[str]]]] = defaultdict(dict)
    for month, subject, group, teachers, *figures in rows:
        found[month][subject, group] = (Tally(*figures), teachers)
    return dict(found)


def frozen(row: Any) -> Tally:
    """The figures of a kept row."""
    return Tally(row.required, row.due, row.entered, row.entered_due)
