"""Setting up a school year: years, classes, subjects, and who teaches what (R-020 – R-037)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from schoolbook import access, registry
from schoolbook.errors import Invalid
from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    HomeroomAssignment,
    School,
    SchoolYear,
    Subject,
    TeachingAssignment,
    User,
)
from schoolbook.rules.calendar import YearPlan
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action
from schoolbook.rules.subjects import CATALOGUE, AssessedBy, Level, usual_subjects
from schoolbook.services import rows


@transaction.atomic
def open_year(*, school: School, start: int, plan: YearPlan, actor: User) -> SchoolYear:
    """Enter a school year with the days of its terms.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, school, to=Action.SET_UP_YEAR)
    (begin1, end1), (begin2, end2) = plan.first_term, plan.second_term
    year = SchoolYear(
        school=school,
        start=start,
        term1_begins_on=begin1,
        term1_ends_on=end1,
        term2_begins_on=begin2,
        term2_ends_on=end2,
    )
    return rows.enter(year, actor=actor)


@transaction.atomic
def take_catalogue(*, school: School, actor: User) -> list[Subject]:
    """Enter the Ministry's subjects of the school's level as the school's own list, in the order of the books.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, school, to=Action.SET_UP_YEAR)
    entries = {entry.code: entry for entry in reversed(CATALOGUE[Level(school.level)])}
    subjects = [
        Subject(
            school=school,
            code=entry.code,
            name=entry.name,
            assessed_by=entry.assessed_by,
            place=place,
        )
        for place, entry in enumerate(reversed(entries.values()), start=1)
    ]
    return rows.enter_many(subjects, actor=actor)


@transaction.atomic
def add_class(
    *,
    year: SchoolYear,
    grade: int,
    name: str,
    actor: User,
    specialised_subject: Subject | None = None,
) -> ClassGroup:
    """Enter a class; the circular it is assessed by follows from level, grade and year, and stays with it.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, year.school, to=Action.SET_UP_YEAR)
    try:
        scheme = registry.schemes.scheme_for(year.school.level, grade, year.start)
    except ValueError as error:
        raise Invalid({"grade": str(error)}) from error
    group = ClassGroup(
        school=year.school,
        year=year,
        grade=grade,
        name=tidy(name),
        scheme=scheme,
        specialised_subject=specialised_subject,
    )
    return rows.enter(group, actor=actor)


@transaction.atomic
def teach_subject(
    *,
    class_group: ClassGroup,
    subject: Subject,
    periods: int,
    actor: User,
    assessed_by: AssessedBy | None = None,
    in_term1: bool = True,
    in_term2: bool = True,
) -> ClassSubject:
    """Enter a subject as it is taught to a class, with its periods a year.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, class_group.school, to=Action.SET_UP_YEAR)
    row = ClassSubject(
        school=class_group.school,
        class_group=class_group,
        subject=subject,
        periods=periods,
        assessed_by=assessed_by or subject.assessed_by,
        in_term1=in_term1,
        in_term2=in_term2,
    )
    return rows.enter(row, actor=actor)


@transaction.atomic
def take_usual_subjects(*, class_group: ClassGroup, actor: User) -> list[ClassSubject]:
    """Give a class the subjects that its grade usually has, of those the school teaches, with the usual periods.

    Raises Http404, PermissionDenied, Invalid.
    """
    school = class_group.school
    access.allow(actor, school, to=Action.SET_UP_YEAR)
    usual = {entry.code: entry for entry in usual_subjects(Level(school.level), class_group.grade)}
    taught = [
        ClassSubject(
            school=school,
            class_group=class_group,
            subject=subject,
            periods=usual[subject.code].periods,
            assessed_by=subject.assessed_by,
        )
        for subject in school.subjects.filter(code__in=usual)
    ]
    return rows.enter_many(taught, actor=actor)


@transaction.atomic
def assign_teachers(
    *, school: School, pairs: Sequence[tuple[ClassSubject, User]], begins_on: date, actor: User
) -> list[TeachingAssignment]:
    """Let each person teach a subject to a class from a day on, alone, in a number of queries that does not grow.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, school, to=Action.ASSIGN)
    assignments = [
        TeachingAssignment(school=school, class_subject=taught, user=user, begins_on=begins_on)
        for taught, user in pairs
    ]
    return rows.enter_many(assignments, actor=actor)


@transaction.atomic
def assign_teacher(
    *,
    class_subject: ClassSubject,
    user: User,
    begins_on: date,
    actor: User,
    gives_final: bool = True,
    reason: str = "",
) -> TeachingAssignment:
    """Let a person teach a subject to a class from a day on, alone or beside others (R-032, R-037).

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, class_subject.school, to=Action.ASSIGN)
    row = TeachingAssignment(
        school=class_subject.school,
        class_subject=class_subject,
        user=user,
        begins_on=begins_on,
        gives_final=gives_final,
    )
    return rows.enter(row, actor=actor, reason=reason)


@transaction.atomic
def hand_over(
    *, class_subject_id: int, to: User, day: date, actor: User, reason: str = ""
) -> TeachingAssignment:
    """Let another person take a subject over from a day on; what was entered before stays in the first one's name.

    Whoever teaches it alone or gives its assessment ends the day before (R-035).

    Raises Http404, PermissionDenied, Invalid.
    """
    held = TeachingAssignment.objects.select_for_update(no_key=True).order_by("id")
    present = list(held.filter(class_subject_id=class_subject_id, gives_final=True).on(day))
    class_subject = ClassSubject.objects.select_related("school").get(pk=class_subject_id)
    access.allow(actor, class_subject.school, to=Action.ASSIGN)
    for row in present:
        rows.end(row, last_day=rows.day_before(day), actor=actor, reason=reason)
    return assign_teacher(
        class_subject=class_subject, user=to, begins_on=day, actor=actor, reason=reason
    )


@transaction.atomic
def assign_homeroom(
    *, class_group: ClassGroup, user: User, begins_on: date, actor: User, reason: str = ""
) -> HomeroomAssignment:
    """Make a person the homeroom teacher of a class from a day on; who was so before ends the day before (R-033).

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, class_group.school, to=Action.ASSIGN)
    held = HomeroomAssignment.objects.select_for_update(no_key=True).order_by("id")
    for row in held.filter(class_group=class_group).on(begins_on):
        rows.end(row, last_day=rows.day_before(begins_on), actor=actor, reason=reason)
    row = HomeroomAssignment(
        school=class_group.school, class_group=class_group, user=user, begins_on=begins_on
    )
    return rows.enter(row, actor=actor, reason=reason)
