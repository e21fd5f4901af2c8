"""Starting a school year from the last one: all of it in one act, or nothing (R-020)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schoolbook import access, registry
from schoolbook.errors import Invalid
from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    HomeroomAssignment,
    School,
    SchoolYear,
    TeachingAssignment,
    User,
)
from schoolbook.rules.calendar import YearPlan
from schoolbook.rules.permissions import Action
from schoolbook.selectors import new_year
from schoolbook.selectors.new_year import NewClass
from schoolbook.services import rows, structure


@dataclass(frozen=True)
class Kept:
    """The old classes that keep their homeroom teacher, and those whose subjects keep their teachers."""

    homerooms: Collection[int]
    teachers: Collection[int]


@transaction.atomic
def start_year(
    *,
    school: School,
    old: SchoolYear,
    digest: str,
    plan: YearPlan,
    begins_on: date,
    kept: Kept,
    actor: User,
) -> SchoolYear:
    """Open the year after an old one with its classes a grade higher; pupils are not moved.

    The first grade gets new, empty classes, the last one leaves. `digest` is that of the proposal that was shown.
    Takes a number of queries that does not grow. Raises Http404, PermissionDenied, and Invalid, also when the school
    has the year already or the old one has changed meanwhile.
    """
    access.allow(actor, school, to=Action.SET_UP_YEAR)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    if school.years.filter(start=old.start + 1).exists():
        raise Invalid({"__all__": _("The school has this year already.")})
    proposed = new_year.proposal(school, old)
    if proposed.digest != digest:
        sentence = _("The old year has changed since you opened this page. Look at it again.")
        raise Invalid({"__all__": sentence})
    year = structure.open_year(school=school, start=proposed.start, plan=plan, actor=actor)
    groups = _enter_classes(year, proposed.classes, actor)
    pairs = list(zip(proposed.classes, groups, strict=True))
    _enter_teachers(pairs, _enter_subjects(pairs, actor), begins_on, kept, actor)
    homerooms = [
        HomeroomAssignment(school=school, class_group=group, user=one.homeroom, begins_on=begins_on)
        for one, group in pairs
        if one.homeroom and one.source in kept.homerooms
    ]
    rows.enter_many(homerooms, actor=actor)
    return year


Pairs = Sequence[tuple[NewClass, ClassGroup]]


def _enter_classes(year: SchoolYear, proposed: Sequence[NewClass], actor: User) -> list[ClassGroup]:
    try:
        schemes = {
            grade: registry.schemes.scheme_for(year.school.level, grade, year.start)
            for grade in {one.grade for one in proposed}
        }
    except ValueError as error:
        raise Invalid({"__all__": str(error)}) from error
    groups = [
        ClassGroup(
            school=year.school,
            year=year,
            grade=one.grade,
            name=one.name,
            scheme=schemes[one.grade],
            specialised_subject_id=one.specialised_subject_id,
        )
        for one in proposed
    ]
    return rows.enter_many(groups, actor=actor)


def _enter_subjects(pairs: Pairs, actor: User) -> list[ClassSubject]:
    """The subjects of all classes, in the order of the classes and of their subjects."""
    taught = [
        ClassSubject(
            school=group.school,
            class_group=group,
            subject=wanted.subject,
            periods=wanted.periods,
            assessed_by=wanted.assessed_by,
            in_term1=wanted.in_term1,
            in_term2=wanted.in_term2,
        )
        for one, group in pairs
        for wanted in one.subjects
    ]
    return rows.enter_many(taught, actor=actor)


def _enter_teachers(
    pairs: Pairs, taught: Sequence[ClassSubject], begins_on: date, kept: Kept, actor: User
) -> None:
    wanted = [(one.source, subject) for one, _group in pairs for subject in one.subjects]
    assignments = [
        TeachingAssignment(
            school=row.school,
            class_subject=row,
            user=user,
            gives_final=final,
            begins_on=begins_on,
        )
        for (source, subject), row in zip(wanted, taught, strict=True)
        if source in kept.teachers
        for user, final in subject.teachers
    ]
    rows.enter_many(assignments, actor=actor)
