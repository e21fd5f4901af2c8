"""What stood in the books of a class at an earlier moment, from history alone: always the same answer (R-109)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model, Q, Subquery

from gradebook.models import Mark, MarkSheet, PlanState, Window, WindowPlan
from gradebook.rules.progress import ColumnKey, PlannedWindow
from gradebook.selectors.progress import planned
from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    Enrolment,
    HomeroomAssignment,
    SchoolYear,
    TeachingAssignment,
    User,
)

Known = Mapping[tuple[int | None, int], Mapping[ColumnKey, int]]  # subject and term


@dataclass(frozen=True)
class ClassThen:
    """A class at a moment: its subjects, how many pupils are on the sheets of a term, what they have, who teaches."""

    subjects: Sequence[Any]
    pupils: Mapping[int, int]
    filled: Known
    teachers: Mapping[int | None, list[str]]


def known_at(model: type[Model], at: datetime, **found: Any) -> Any:
    """The rows of a model as they stood just before a real moment: of each object its newest history row."""
    history: Any = model.history  # type: ignore[attr-defined]
    newest = (
        history.filter(history_date__lt=at, **found)
        .order_by("id", "-history_id")
        .distinct("id")
        .values("history_id")
    )
    return history.filter(history_id__in=Subquery(newest))


def class_then(
    group: ClassGroup, terms: Mapping[int, tuple[date, date]], at: datetime, day: date
) -> ClassThen:
    """A class at a real moment, with the pupils and teachers of a day; in seven queries."""
    places = known_at(Enrolment, at, class_group=group.pk).filter(_holds(day, later=True))
    pupils: dict[int, set[int]] = {
        term: {
            place.student_id
            for place in places
            if place.begins_on <= last and (place.ends_on is None or place.ends_on >= first)
        }
        for term, (first, last) in terms.items()
    }
    subjects = list(
        known_at(ClassSubject, at, class_group=group.pk).select_related("subject").order_by("id")
    )
    return ClassThen(
        subjects=subjects,
        pupils={term: len(those) for term, those in pupils.items()},
        filled=_filled(group, at, pupils),
        teachers=_teachers(group, at, day, [row.id for row in subjects]),
    )


def _holds(day: date, *, later: bool = False) -> Q:
    """Whether a dated row holds on a day; with `later` also one that begins after it."""
    begun = Q() if later else Q(begins_on__lte=day)
    open_ended = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    return Q(withdrawn_on__isnull=True) & begun & open_ended


def _filled(group: ClassGroup, at: datetime, pupils: Mapping[int, set[int]]) -> Known:
    sheets = {
        sheet.pk: sheet for sheet in MarkSheet.objects.filter(class_group=group).order_by("pk")
    }
    rows = known_at(Mark, at, sheet__in=list(sheets)).exclude(state="blank")
    found: dict[tuple[int | None, int], Counter[ColumnKey]] = defaultdict(Counter)
    cells = rows.values_list("sheet_id", "student_id", "component", "number")
    for sheet_id, student, component, number in cells:
        sheet = sheets[sheet_id]
        if student in pupils[sheet.term]:
            found[sheet.class_subject_id, sheet.term][component, number] += 1
    return found


def _teachers(
    group: ClassGroup, at: datetime, day: date, subjects: Sequence[int]
) -> dict[int | None, list[str]]:
    held = _holds(day)
    teaching = known_at(TeachingAssignment, at, class_subject__in=subjects).filter(held)
    leading = known_at(HomeroomAssignment, at, class_group=group.pk).filter(held)
    who: list[tuple[int | None, int]] = [
        *teaching.order_by("id").values_list("class_subject_id", "user_id"),
        *((None, user) for user in leading.order_by("id").values_list("user_id", flat=True)),
    ]
    people = User.objects.filter(pk__in={user for _book, user in who})
    names = dict(people.values_list("pk", "full_name"))
    found: dict[int | None, list[str]] = defaultdict(list)
    for book, user in who:
        found[book].append(names[user])
    return found


@dataclass(frozen=True)
class Plans:
    """The decided plans of a year, by number, each with the real moment of its decision and its windows."""

    decided: Sequence[tuple[datetime, Sequence[PlannedWindow]]]

    def at(self, real: datetime) -> Sequence[PlannedWindow]:
        """The windows of the plan that was in force at a real moment."""
        known = [windows for decided_at, windows in self.decided if decided_at <= real]
        return known[-1] if known else ()

    @property
    def windows(self) -> Iterable[PlannedWindow]:
        """The windows of all of them."""
        return (window for _at, windows in self.decided for window in windows)

    @property
    def first(self) -> datetime | None:
        """When the first of them was decided."""
        return min((decided_at for decided_at, _windows in self.decided), default=None)


def plans(year: SchoolYear) -> Plans:
    """The plans of a year; two queries."""
    rows = WindowPlan.objects.filter(year=year, state=PlanState.DECIDED).order_by("number")
    by_plan: dict[int, list[PlannedWindow]] = defaultdict(list)
    for row in Window.objects.filter(plan__in=rows, is_dropped=False).order_by("pk"):
        by_plan[row.plan_id].append(planned(row))
    return Plans([(plan.decided_at, by_plan[plan.pk]) for plan in rows if plan.decided_at])


def marked_before(year: SchoolYear, real: datetime) -> bool:
    """Whether any mark of the year was entered before a real moment."""
    sheets = MarkSheet.objects.filter(class_group__year=year).values("pk")
    return bool(Mark.history.filter(sheet__in=sheets, history_date__lt=real).exists())
