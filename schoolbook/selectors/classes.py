"""Classes as pages read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Length

from schoolbook import registry
from schoolbook.models import (
    ClassGroup,
    ClassListConfirmation,
    ClassSubject,
    HomeroomAssignment,
    School,
    SchoolYear,
    Subject,
    TeachingAssignment,
    User,
)
from schoolbook.rules import class_list as lists
from schoolbook.rules import school_year
from schoolbook.rules.calendar import nearest
from schoolbook.rules.names import tidy
from schoolbook.selectors import students


def years(school: School) -> QuerySet[SchoolYear]:
    """The school years of a school, newest first."""
    return school.years.order_by("-start")


def year_of(years: Iterable[SchoolYear], day: date) -> SchoolYear | None:
    """The school year of a day among these, newest first; the newest if it is none of them."""
    known, start = list(years), school_year.first_calendar_year(day)
    return next((year for year in known if year.start == start), known[0] if known else None)


def day_in(year: SchoolYear | None, day: date) -> date:
    """The day for which a year is shown: this one, or the end of the year's lessons that is nearest to it."""
    return nearest(day, year.term1_begins_on, year.term2_ends_on) if year else day


# By length before the name, so that 6A10 comes after 6A9.
IN_ORDER = ("grade", Length("name"), "name")


@dataclass(frozen=True)
class ClassRow:
    """One class of the list; `own` marks the class whose homeroom teacher one is."""

    id: int
    name: str
    grade: int
    circular: str
    specialised_subject: str
    homeroom_teacher: str
    own: bool
    pupils: int
    state: lists.ListState
    late: bool


def find(
    groups: QuerySet[ClassGroup],
    *,
    year: SchoolYear | None,
    user: User,
    day: date,
    grade: int | None = None,
    words: str = "",
) -> QuerySet[ClassGroup]:
    """Those of a year, of a grade, with these words in their name or their homeroom teacher's; one's own first.

    With what `rows` needs to know of each.
    """
    homerooms = HomeroomAssignment.objects.on(day)
    found = groups.filter(year=year)
    if grade:
        found = found.filter(grade=grade)
    if words:
        led = homerooms.filter(students.named(words, "user__"))
        found = found.filter(Q(name__icontains=tidy(words)) | Q(pk__in=led.values("class_group")))
    own = Exists(homerooms.filter(user=user, class_group=OuterRef("pk")))
    return (
        found.select_related("year", "specialised_subject")
        .annotate(own=own, confirmed=_newest_confirmed())
        .prefetch_related(
            Prefetch(
                "homeroom_assignments", homerooms.select_related("user"), to_attr="homerooms_then"
            )
        )
        .order_by("-own", *IN_ORDER)
    )


def in_order(groups: QuerySet[ClassGroup]) -> QuerySet[ClassGroup]:
    """Classes as a school lists them."""
    return groups.order_by(*IN_ORDER)


def rows(found: Sequence[Any], *, day: date) -> list[ClassRow]:
    """The lines of the list for these classes, which `find` has found; in one query however many there are."""
    pupils = students.class_lists(found)
    return [
        ClassRow(
            id=group.pk,
            name=group.name,
            grade=group.grade,
            circular=registry.schemes.circular(group.scheme),
            specialised_subject=str(group.specialised_subject or ""),
            homeroom_teacher=", ".join(row.user.full_name for row in group.homerooms_then),
            own=group.own,
            pupils=sum(pupil.is_in(day) for pupil in pupils[group.pk]),
            state=lists.state(group.confirmed, students.list_digest(pupils[group.pk])),
            late=day > lists.due_by(group.year.term1_begins_on),
        )
        for group in found
    ]


def _newest_confirmed() -> Subquery:
    mine = ClassListConfirmation.objects.filter(class_group=OuterRef("pk"))
    return Subquery(mine.order_by("-confirmed_at", "-pk").values("digest")[:1])


def homeroom_teachers(group: ClassGroup, day: date) -> list[HomeroomAssignment]:
    """Who leads the class on a day; in one query."""
    return list(group.homeroom_assignments.on(day).select_related("user"))


def subjects(group: ClassGroup, day: date) -> list[Any]:
    """What the class is taught, in the order of the books, with `teachers_today`; in two queries."""
    teaching = TeachingAssignment.objects.on(day).select_related("user").order_by("begins_on", "pk")
    taught = ClassSubject.objects.filter(class_group=group).select_related("subject")
    return list(
        taught.order_by("subject__place", "subject_id").prefetch_related(
            Prefetch("assignments", teaching, to_attr="teachers_today")
        )
    )


def subjects_of(school: School) -> QuerySet[Subject]:
    """The subjects that a school teaches, in the order of the books."""
    return school.subjects.order_by("place", "pk")


@dataclass(frozen=True)
class Confirmation:
    """The state of a class list, the newest word on it if any, and by when it is due."""

    state: lists.ListState
    digest: str
    newest: ClassListConfirmation | None
    due_by: date


def confirmation(group: ClassGroup, listed: Sequence[students.ListedPupil]) -> Confirmation:
    """What became of the list of a class, which comes with its year; in one query."""
    given = group.list_confirmations.select_related("user").order_by("-confirmed_at", "-pk")
    newest, digest = given.first(), students.list_digest(listed)
    return Confirmation(
        state=lists.state(newest.digest if newest else None, digest),
        digest=digest,
        newest=newest,
        due_by=lists.due_by(group.year.term1_begins_on),
    )


@dataclass(frozen=True)
class DueList:
    """A list that somebody still has to confirm."""

    class_group_id: int
    name: str
    due_by: date
    changed: bool


def lists_to_confirm(user: User, day: date) -> list[DueList]:
    """The lists of the classes that this person leads and has to confirm; in one query, or two.

    A list that changes after the second week is no news: particulars are kept up all year (R-023).
    """
    led = HomeroomAssignment.objects.on(day).filter(user=user)
    groups: Any = (
        ClassGroup.objects.filter(pk__in=led.values("class_group"), year__term2_ends_on__gte=day)
        .select_related("year")
        .annotate(confirmed=_newest_confirmed())
        .order_by(*IN_ORDER)
    )
    due = {group: lists.due_by(group.year.term1_begins_on) for group in groups}
    again = [group for group, until in due.items() if group.confirmed and day <= until]
    listed = students.class_lists(again) if again else {}
    return [
        DueList(group.pk, group.name, until, changed=bool(group.confirmed))
        for group, until in due.items()
        if not group.confirmed
        or (group in again and group.confirmed != students.list_digest(listed[group.pk]))
    ]
