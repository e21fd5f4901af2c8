"""What a school year still lacks, counted in one query and listed in one for each group that is not empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery

from schoolbook import clock
from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    Department,
    Duty,
    Enrolment,
    HomeroomAssignment,
    School,
    SchoolYear,
    Student,
    TeachingAssignment,
    User,
)
from schoolbook.models.duties import DEPARTMENT
from schoolbook.rules import school_year
from schoolbook.rules.board import FEWEST_ON_BOARD
from schoolbook.rules.subjects import GRADES, Level, last_grades, usual_subjects
from schoolbook.selectors import years as years_of

SHOWN = 30


class Missing(StrEnum):
    """What can be missing, in the order in which it is mended."""

    YEAR = "year"
    CLASSES = "classes"
    REGULATION = "regulation"
    BOARD = "board"
    HEADS = "heads"
    SUBJECTS = "subjects"
    HOMEROOMS = "homerooms"
    TEACHERS = "teachers"
    FINALS = "finals"
    PUPILS = "pupils"
    PLACES = "places"
    PERIODS = "periods"
    ACTIVATION = "activation"


# Worth a look, but a year can be run with it.
HINTS = frozenset({Missing.PERIODS, Missing.ACTIVATION})


@dataclass(frozen=True)
class Gap:
    """One kind of thing that is missing: how many, and the first of them."""

    what: Missing
    count: int
    rows: Sequence[Any]

    @property
    def more(self) -> int:
        """How many are not listed."""
        return self.count - len(self.rows)

    @property
    def hint(self) -> bool:
        """Whether it is only worth a look."""
        return self.what in HINTS


class _Counted(Subquery):
    """How many rows a query has, as one value of another."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


@dataclass(frozen=True)
class _Asked:
    """For which school and year, and on which days."""

    school: School
    year: SchoolYear | None
    start: int

    @property
    def day(self) -> date:
        """The day on which the year is looked at."""
        return years_of.day_of(self.year)

    @property
    def itself(self) -> QuerySet[School]:
        """The school, as something to filter."""
        return School.objects.filter(pk=self.school.pk)

    @property
    def groups(self) -> QuerySet[ClassGroup]:
        """The classes of the year."""
        return ClassGroup.objects.filter(year=self.year).order_by("grade", "name")

    @property
    def taught(self) -> QuerySet[ClassSubject]:
        """The subjects of the classes of the year."""
        return (
            ClassSubject.objects.filter(class_group__year=self.year)
            .select_related("class_group", "subject")
            .order_by("class_group__grade", "class_group__name", "subject__place")
        )


def _year(asked: _Asked) -> QuerySet[Any]:
    there = SchoolYear.objects.filter(school=OuterRef("pk"), start=asked.start)
    return asked.itself.filter(~Exists(there))


def _classes(asked: _Asked) -> QuerySet[Any]:
    return SchoolYear.objects.filter(
        school=asked.school, start=asked.start, class_groups__isnull=True
    )


def _regulation(asked: _Asked) -> QuerySet[Any]:
    return asked.itself.filter(regulations__isnull=True)


def _board(asked: _Asked) -> QuerySet[Any]:
    today = Duty.objects.on(clock.today()).filter(board__isnull=False, user__is_active=True)
    return asked.itself.annotate(
        sitting=Count("duties", filter=Q(duties__in=today.values("pk")))
    ).filter(sitting__lt=FEWEST_ON_BOARD)


def _heads(asked: _Asked) -> QuerySet[Any]:
    headed = Duty.objects.on(clock.today()).filter(department=OuterRef("pk"))
    # A team may do without a head.
    found = Department.objects.filter(school=asked.school, is_active=True, kind=DEPARTMENT)
    return found.filter(~Exists(headed)).order_by("name")


def _subjects(asked: _Asked) -> QuerySet[Any]:
    return asked.groups.filter(class_subjects__isnull=True)


def _homerooms(asked: _Asked) -> QuerySet[Any]:
    held = HomeroomAssignment.objects.on(asked.day).filter(class_group=OuterRef("pk"))
    return asked.groups.filter(~Exists(held))


def _teachers(asked: _Asked) -> QuerySet[Any]:
    held = TeachingAssignment.objects.on(asked.day).filter(class_subject=OuterRef("pk"))
    return asked.taught.filter(~Exists(held))


def _finals(asked: _Asked) -> QuerySet[Any]:
    held = TeachingAssignment.objects.on(asked.day).filter(class_subject=OuterRef("pk"))
    return asked.taught.filter(Exists(held), ~Exists(held.filter(gives_final=True)))


def _periods(asked: _Asked) -> QuerySet[Any]:
    odd = Q(pk__in=[])
    level = Level(asked.school.level)
    for grade in GRADES[level]:
        for usual in usual_subjects(level, grade):
            same = Q(class_group__grade=grade, subject__code=usual.code)
            odd |= same & ~Q(periods=usual.periods)
    # A class that specialises in a subject has more of it.
    special = Q(class_group__specialised_subject_id__isnull=False) & Q(
        subject__in=Subquery(
            ClassGroup.objects.filter(pk=OuterRef("class_group")).values("specialised_subject")[:1]
        )
    )
    return asked.taught.filter(odd).exclude(special)


def _pupils(asked: _Asked) -> QuerySet[Any]:
    inside = Enrolment.objects.on(asked.day).filter(class_group=OuterRef("pk"))
    return asked.groups.filter(~Exists(inside))


def _places(asked: _Asked) -> QuerySet[Any]:
    """Pupils who have never been in a class, or were in one the year before and should have gone on."""
    mine = Enrolment.objects.filter(student=OuterRef("pk"))
    this = mine.filter(class_group__year=asked.year)
    before = mine.filter(class_group__year__start=asked.start - 1, end_reason="").exclude(
        class_group__grade__in=last_grades(Level(asked.school.level))
    )
    found = Student.objects.filter(school=asked.school).filter(~Exists(this))
    return found.filter(Exists(before) | ~Exists(mine)).order_by("sort_key", "id")


def _activation(asked: _Asked) -> QuerySet[Any]:
    unusable = Q(password__startswith="!")  # noqa: S106 - the sign of an account without one
    found = User.objects.filter(school=asked.school, is_active=True)
    return found.filter(unusable).order_by("sort_key", "id")


QUERIES: dict[Missing, Callable[[_Asked], QuerySet[Any]]] = {
    Missing.YEAR: _year,
    Missing.CLASSES: _classes,
    Missing.REGULATION: _regulation,
    Missing.BOARD: _board,
    Missing.HEADS: _heads,
    Missing.SUBJECTS: _subjects,
    Missing.HOMEROOMS: _homerooms,
    Missing.TEACHERS: _teachers,
    Missing.FINALS: _finals,
    Missing.PUPILS: _pupils,
    Missing.PLACES: _places,
    Missing.PERIODS: _periods,
    Missing.ACTIVATION: _activation,
}


def counts(school: School, year: SchoolYear | None, start: int) -> dict[Missing, int]:
    """How much of each is missing for the school year that begins then; in one query."""
    asked = _Asked(school, year, start)
    counted: dict[str, Any] = {
        f"n_{what}": _Counted(query(asked).order_by().values("pk"))
        for what, query in QUERIES.items()
    }
    row = asked.itself.annotate(**counted).values(*counted).get()
    return {what: row[f"n_{what}"] for what in QUERIES}


def gaps(school: School, year: SchoolYear | None, start: int) -> list[Gap]:
    """What is missing, with the first of each; in one query and one for each kind that is missing."""
    asked = _Asked(school, year, start)
    return [
        Gap(what, count, list(QUERIES[what](asked)[:SHOWN]))
        for what, count in counts(school, year, start).items()
        if count
    ]


def this_start() -> int:
    """The calendar year in which the present school year begins."""
    return school_year.first_calendar_year(clock.today())


def kinds_missing(school: School) -> int:
    """How many kinds of things are missing for the present school year, hints aside; in two queries."""
    start = this_start()
    year = school.years.filter(start=start).first()
    found = counts(school, year, start)
    return sum(1 for what, count in found.items() if count and what not in HINTS)
