"""Setting up a school year: years, classes, subjects, and who teaches what (R-020 – R-037)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from schoolbook import access, audit, clock, registry
from schoolbook.errors import Conflict, Invalid
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
from schoolbook.selectors import history
from schoolbook.services import rows


@transaction.atomic
def open_year(*, school: School, start: int, plan: YearPlan, actor: User) -> SchoolYear:
    """Enter a school year with the days of its terms.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, school, to=Action.SET_UP_YEAR)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
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
    """Enter the Ministry's subjects of the school's level that it does not have yet, in the order of the books.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, school, to=Action.SET_UP_YEAR)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    entries = {entry.code: entry for entry in reversed(CATALOGUE[Level(school.level)])}
    there = set(school.subjects.values_list("code", flat=True))
    subjects = [
        Subject(
            school=school,
            code=entry.code,
            name=entry.name,
            assessed_by=entry.assessed_by,
            place=place,
        )
        for place, entry in enumerate(reversed(entries.values()), start=1)
        if entry.code not in there
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
    SchoolYear.objects.select_for_update(no_key=True).get(pk=year.pk)
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
    ClassGroup.objects.select_for_update(no_key=True).get(pk=class_group.pk)
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
def take_usual_subjects(
    *, class_group: ClassGroup, actor: User, codes: Collection[str] | None = None
) -> list[ClassSubject]:
    """Give a class the subjects that its grade usually has, of those the school teaches, with the usual periods.

    With `codes` only those of them; what the class has already stays as it is.

    Raises Http404, PermissionDenied, Invalid.
    """
    school = class_group.school
    access.allow(actor, school, to=Action.SET_UP_YEAR)
    ClassGroup.objects.select_for_update(no_key=True).get(pk=class_group.pk)
    usual = {entry.code: entry for entry in usual_subjects(Level(school.level), class_group.grade)}
    there = set(class_group.class_subjects.values_list("subject_id", flat=True))
    taught = [
        ClassSubject(
            school=school,
            class_group=class_group,
            subject=subject,
            periods=usual[subject.code].periods,
            assessed_by=subject.assessed_by,
        )
        for subject in school.subjects.filter(code__in=usual)
        if subject.pk not in there and (codes is None or subject.code in codes)
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
    colleague(user, class_subject.school)
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
    *,
    class_subject_id: int,
    to: User,
    day: date,
    actor: User,
    reason: str = "",
    version: int | None = None,
) -> TeachingAssignment:
    """Let another person take a subject over from a day on; what was entered before stays in the first one's name.

    Whoever teaches it alone or gives its assessment ends the day before (R-035); so does what the other one did
    beside. `version` is the state of the assignments that the actor saw.

    Raises Http404, PermissionDenied, Invalid, and Conflict when somebody else was faster.
    """
    class_subject = lock_class_subject(class_subject_id, actor=actor, version=version)
    held = TeachingAssignment.objects.select_for_update(no_key=True, of=("self",)).order_by("id")
    either = held.filter(class_subject=class_subject).filter(Q(gives_final=True) | Q(user=to))
    for row in either.on(day).select_related("user"):
        if row.user_id == to.pk and row.gives_final:
            raise Invalid(
                {"user": _("This person already teaches the subject there in these days.")}
            )
        if row.begins_on < day:
            rows.end(row, last_day=rows.day_before(day), actor=actor, reason=reason)
        elif row.user_id == to.pk:
            raise Invalid({"day": begun(row)})
        else:
            return _put_in_place(row, to, actor=actor, reason=reason)
    return assign_teacher(
        class_subject=class_subject, user=to, begins_on=day, actor=actor, reason=reason
    )


@transaction.atomic
def assign_homeroom(
    *,
    class_group: ClassGroup,
    user: User,
    begins_on: date,
    actor: User,
    reason: str = "",
    version: int | None = None,
) -> HomeroomAssignment:
    """Make a person the homeroom teacher of a class from a day on; who was so before ends the day before (R-033).

    Raises Http404, PermissionDenied, Invalid, and Conflict when somebody else was faster.
    """
    access.allow(actor, class_group.school, to=Action.ASSIGN)
    # Two who assign at once wait here for each other.
    ClassGroup.objects.select_for_update(no_key=True).get(pk=class_group.pk)
    unchanged(HomeroomAssignment, Q(class_group_id=class_group.pk), version)
    colleague(user, class_group.school)
    held = HomeroomAssignment.objects.select_for_update(no_key=True, of=("self",)).order_by("id")
    for row in held.filter(class_group=class_group).on(begins_on).select_related("user"):
        if row.user_id == user.pk:
            raise Invalid({"user": _("This person is the homeroom teacher in these days already.")})
        if row.begins_on == begins_on:
            return _put_in_place(row, user, actor=actor, reason=reason)
        rows.end(row, last_day=rows.day_before(begins_on), actor=actor, reason=reason)
    row = HomeroomAssignment(
        school=class_group.school, class_group=class_group, user=user, begins_on=begins_on
    )
    return rows.enter(row, actor=actor, reason=reason)


def lock_class_subject(
    class_subject_id: int, *, actor: User, version: int | None = None
) -> ClassSubject:
    """The subject of a class, locked, so that those who assign at once wait for each other.

    Raises Http404, PermissionDenied, and Conflict when its assignments are no longer those of `version`.
    """
    if actor.is_system:
        locked = ClassSubject.objects.select_for_update(no_key=True, of=("self",))
        found = locked.select_related("school").get(pk=class_subject_id)
    else:
        found = access.class_subject(actor, class_subject_id, to=Action.ASSIGN, lock=True)
    unchanged(TeachingAssignment, Q(class_subject_id=class_subject_id), version)
    return found


def unchanged(model: type[Model], found: Q, version: int | None) -> None:
    """Raise Conflict unless the newest change of these objects is still the one the actor saw; None saw nothing."""
    if version is None:
        return
    newest = history.mark(model, found)
    if newest != version:
        author, at, values = history.newest_of(model, found)
        raise Conflict(version=newest, values=values, author=author, at=at)


def colleague(user: User, school: School) -> None:
    """Raise Http404 for somebody of another school, and Invalid for somebody whose account is deactivated."""
    if user.school_id != school.pk:
        raise Http404
    if not user.is_active:
        raise Invalid({"user": _("This account is deactivated. Choose somebody else.")})


def begun(row: TeachingAssignment | HomeroomAssignment) -> str:
    """Why something cannot change on the very day on which it began."""
    sentence = _("%(name)s began on %(day)s. Choose a later day.")
    return str(sentence) % {"name": row.user.full_name, "day": f"{row.begins_on:%d/%m/%Y}"}


Assignment = TypeVar("Assignment", TeachingAssignment, HomeroomAssignment)


def _put_in_place(row: Assignment, user: User, *, actor: User, reason: str) -> Assignment:
    """Put another person into an assignment of which no day has passed: nobody did anything under it yet.

    Raises Invalid when days have passed: those stay in the name of who had it then (R-035).
    """
    if row.begins_on < clock.today():
        raise Invalid({"day": begun(row)})
    row.user = user
    rows.check(row)
    row.save()
    audit.record([row], actor=actor, reason=reason)
    return row
