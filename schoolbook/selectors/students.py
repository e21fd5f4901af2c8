"""Pupils as pages and services read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from schoolbook.models import (
    ClassGroup,
    Enrolment,
    Exemption,
    Guardian,
    SchoolYear,
    Student,
)
from schoolbook.rules import class_list as lists
from schoolbook.rules import names


@dataclass(frozen=True)
class ListedPupil:
    """One line of a class list; `left_on` is the last day of a pupil who has left."""

    enrolment_id: int
    student_id: int
    code: str
    full_name: str
    born_on: date
    sex: str
    joined_on: date
    left_on: date | None

    def is_in(self, day: date) -> bool:
        """Whether the pupil is in the class on a day."""
        return self.joined_on <= day and (self.left_on is None or self.left_on >= day)


def class_list(group: ClassGroup) -> Sequence[ListedPupil]:
    """The pupils of a class in the order of the books, those who left included, in one query."""
    return class_lists([group])[group.pk]


def class_lists(groups: Iterable[ClassGroup]) -> dict[int, list[ListedPupil]]:
    """The same for several classes, by the id of the class, in one query for all of them."""
    found: dict[int, list[ListedPupil]] = {group.pk: [] for group in groups}
    places = Enrolment.objects.filter(class_group__in=found).select_related("student")
    for place in places.order_by("student__sort_key", "student_id", "begins_on"):
        found[place.class_group_id].append(
            ListedPupil(
                enrolment_id=place.pk,
                student_id=place.student_id,
                code=place.student.code,
                full_name=place.student.full_name,
                born_on=place.student.born_on,
                sex=place.student.sex,
                joined_on=place.begins_on,
                left_on=place.ends_on,
            )
        )
    return found


def list_digest(listed: Sequence[ListedPupil]) -> str:
    """The digest of exactly what the list shows: the one that a homeroom teacher confirms."""
    return lists.digest(
        (row.code, row.full_name, row.born_on.isoformat(), row.sex, str(row.left_on or ""))
        for row in listed
    )


class State(StrEnum):
    """Which pupils a search is for."""

    PRESENT = "present"
    LEFT = "left"
    ALL = "all"
    NO_CLASS = "no_class"


def named(words: str, prefix: str = "") -> Q:
    """The condition that every word begins a word of the name, with or without diacritics; see `names.search_terms`.

    `prefix` leads to the person, as in "user__".
    """
    without, exactly = names.search_terms(words)
    if not without and not exactly:
        return Q(pk__in=[])  # nothing but signs
    condition = Q()
    for term in without:
        condition &= _begins_a_word(f"{prefix}search_key", term)
    for spellings in exactly:
        either = Q()
        for spelling in spellings:
            either |= _begins_a_word(f"{prefix}exact_key", spelling)
        condition &= either
    return condition


def _begins_a_word(key: str, term: str) -> Q:
    return Q(**{f"{key}__startswith": term}) | Q(**{f"{key}__contains": f" {term}"})


@dataclass(frozen=True)
class Search:
    """What a search is for: words of a name or a code, and the part of the year's classes."""

    year: SchoolYear | None
    day: date
    words: str = ""
    class_group: ClassGroup | None = None
    state: State = State.PRESENT


def search(reachable: QuerySet[Student], wanted: Search) -> QuerySet[Any]:
    """The pupils that are meant, in the order of the books; each with the place in the year that was last.

    The place is `class_id`, `class_name`, `joined_on` and `left_on`.
    """
    in_year = Enrolment.objects.filter(student=OuterRef("pk"), class_group__year=wanted.year)
    places = in_year
    if wanted.class_group:
        places = places.filter(class_group=wanted.class_group)
    present = Exists(places.on(wanted.day))
    conditions = {
        State.PRESENT: Q(present),
        State.LEFT: Q(Exists(places)) & ~Q(present),
        State.ALL: Q(Exists(places)),
        State.NO_CLASS: ~Q(Exists(in_year)),
    }
    found = reachable.filter(conditions[wanted.state])
    if wanted.words:
        code = names.tidy(wanted.words)
        found = found.filter(named(wanted.words) | Q(code__istartswith=code))
    last = places.order_by("-begins_on", "-pk")
    return found.annotate(
        class_id=Subquery(last.values("class_group")[:1]),
        class_name=Subquery(last.values("class_group__name")[:1]),
        joined_on=Subquery(last.values("begins_on")[:1]),
        left_on=Subquery(last.values("ends_on")[:1]),
    ).order_by("sort_key", "pk")


def places(student: Student) -> list[Enrolment]:
    """Where a pupil was from when to when, newest first, with class and year; in one query."""
    found = student.enrolments.select_related("class_group__year")
    return list(found.order_by("-begins_on", "-pk"))


def guardians(student: Student) -> list[Guardian]:
    """The guardians of a pupil, those no longer in use last; in one query."""
    return list(student.guardians.order_by("-is_active", "pk"))


def exemptions(student: Student) -> list[Exemption]:
    """The exemptions of a pupil, newest year first, the withdrawn ones of a year last; in one query."""
    found = student.exemptions.select_related("subject", "year")
    return sorted(
        found.order_by("pk"),
        key=lambda row: (-row.year.start, row.withdrawn_on is not None, row.subject.place, row.pk),
    )


def label(name: str) -> str:
    """What a particular of a pupil is called."""
    field: Any = Student._meta.get_field(name)
    return str(field.verbose_name)
