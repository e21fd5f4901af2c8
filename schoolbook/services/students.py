"""Entering pupils and keeping their places, particulars and papers (R-022 – R-029)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolbook import access, audit, clock
from schoolbook.errors import Conflict, Invalid
from schoolbook.models import (
    ClassGroup,
    ClassListConfirmation,
    Enrolment,
    Exemption,
    Guardian,
    School,
    SchoolYear,
    Student,
    Subject,
    User,
)
from schoolbook.rules import names
from schoolbook.rules.permissions import Action
from schoolbook.selectors import history, students
from schoolbook.services import rows

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Particulars:
    """What the class book prints of a pupil."""

    code: str
    full_name: str
    sex: str
    born_on: date
    national_id: str = ""
    birth_place: str = ""
    ethnicity: str = ""
    priority: str = ""
    address: str = ""
    note: str = ""

    def tidied(self) -> dict[str, object]:
        """The same by field, with spaces and letters put in order."""
        return {
            name: names.tidy(value) if isinstance(value, str) else value
            for name, value in asdict(self).items()
        }


PARTICULARS = tuple(field.name for field in fields(Particulars))
NATIONAL_ID_DIGITS = 12
TAKEN = {
    "code": _("Another pupil of the school has this code."),
    "national_id": _("Another pupil of the school has this identity code."),
}


@transaction.atomic
def enter(
    *,
    school: School,
    particulars: Sequence[Particulars],
    actor: User,
    reason: str = "",
) -> list[Student]:
    """Enter pupils, all or none, in a number of queries that does not grow with theirs.

    Raises Http404, PermissionDenied, and Invalid, whose keys are "0.code" for the code of the first and so on.
    """
    access.allow(actor, school, to=Action.EDIT_STUDENTS)
    pupils = [_named(Student(school=school, **one.tidied())) for one in particulars]
    problems: dict[str, StrOrPromise] = {}
    for place, pupil in enumerate(pupils):
        problems |= {f"{place}.{name}": text for name, text in _faults(pupil).items()}
    problems |= _repeated(school, pupils)
    if problems:
        raise Invalid(problems)
    made = Student.objects.bulk_create(pupils)
    audit.record(made, actor=actor, reason=reason, created=True)
    return made


@transaction.atomic
def edit(
    *, student_id: int, version: int, particulars: Particulars, reason: str, actor: User
) -> Student:
    """Change a pupil's particulars; `version` is the one the actor saw. The same content again is no change.

    Raises Http404, PermissionDenied, Invalid, and Conflict when somebody else was faster.
    """
    student = access.student(actor, student_id, to=Action.EDIT_STUDENTS, lock=True)
    wanted = particulars.tidied()
    present = {name: getattr(student, name) for name in PARTICULARS}
    if wanted == present:
        return student
    if student.version != version:
        author, at = history.newest(student)
        shown = {name: str(value) for name, value in present.items()}
        raise Conflict(version=student.version, values=shown, author=author, at=at)
    for name, value in wanted.items():
        setattr(student, name, value)
    student.version += 1
    _named(student)
    faults = _faults(student) or _taken(student)
    if faults:
        raise Invalid(faults)
    student.save()
    audit.record([student], actor=actor, reason=names.tidy(reason))
    return student


@transaction.atomic
def enrol(
    *, class_group: ClassGroup, pupils: Sequence[Student], begins_on: date, actor: User
) -> list[Enrolment]:
    """Put pupils into a class from a day on, in a number of queries that does not grow with theirs.

    Raises Http404, PermissionDenied, and Invalid when one of them is in a class already.
    """
    access.allow(actor, class_group.school, to=Action.EDIT_STUDENTS)
    placed = Enrolment.objects.filter(student__in=pupils, begins_on__gte=begins_on)
    placed |= Enrolment.objects.filter(student__in=pupils).on(begins_on)
    if clash := placed.select_related("student", "class_group").first():
        sentence = _("%(pupil)s is in class %(class)s already in these days.")
        found = {"pupil": clash.student.full_name, "class": clash.class_group.name}
        raise Invalid({"pupils": str(sentence) % found})
    places = [
        Enrolment(
            school=class_group.school, student=pupil, class_group=class_group, begins_on=begins_on
        )
        for pupil in pupils
    ]
    made = Enrolment.objects.bulk_create(places)
    audit.record(made, actor=actor, created=True)
    return made


@transaction.atomic
def leave(*, enrolment_id: int, last_day: date, reason: str, actor: User) -> Enrolment:
    """End a pupil's place in a class; the pupil stays in its book, with the day.

    Raises Http404, PermissionDenied, Invalid.
    """
    row = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment_id)
    access.student(actor, row.student_id, to=Action.EDIT_STUDENTS)
    row.end_reason = names.tidy(reason)
    row.ends_on = last_day
    rows.check(row)
    row.save(update_fields=["ends_on", "end_reason"])
    audit.record([row], actor=actor, reason=reason)
    return row


@transaction.atomic
def move(*, student_id: int, to: ClassGroup, day: date, reason: str, actor: User) -> Enrolment:
    """Move a pupil to another class from a day on; the old place ends the day before.

    Raises Http404, PermissionDenied, Invalid.
    """
    student = access.student(actor, student_id, to=Action.EDIT_STUDENTS, lock=True)
    for row in student.enrolments.select_for_update(no_key=True).on(day):
        leave(enrolment_id=row.pk, last_day=rows.day_before(day), reason=reason, actor=actor)
    (made,) = enrol(class_group=to, pupils=[student], begins_on=day, actor=actor)
    return made


@transaction.atomic
def exempt(
    *,
    student_id: int,
    subject: Subject,
    year: SchoolYear,
    terms: tuple[bool, bool],
    kind: str,
    paper: str,
    actor: User,
) -> Exemption:
    """Record an exemption from a subject, or a reduced requirement in it, with the paper that allows it (R-027).

    Raises Http404, PermissionDenied, Invalid.
    """
    student = access.student(actor, student_id, to=Action.EDIT_STUDENTS, lock=True)
    row = Exemption(
        school=student.school,
        student=student,
        subject=subject,
        year=year,
        in_term1=terms[0],
        in_term2=terms[1],
        kind=kind,
        paper=names.tidy(paper),
    )
    return rows.enter(row, actor=actor)


@transaction.atomic
def add_guardian(
    *,
    student_id: int,
    relation: str,
    full_name: str,
    actor: User,
    occupation: str = "",
    phone: str = "",
    email: str = "",
) -> Guardian:
    """Enter a parent or guardian of a pupil.

    Raises Http404, PermissionDenied, Invalid.
    """
    student = access.student(actor, student_id, to=Action.EDIT_STUDENTS, lock=True)
    row = Guardian(
        school=student.school,
        student=student,
        relation=relation,
        full_name=names.tidy(full_name),
        occupation=names.tidy(occupation),
        phone=names.tidy(phone),
        email=email.strip(),
    )
    return rows.enter(row, actor=actor)


@transaction.atomic
def confirm_class_list(*, class_group_id: int, digest: str, actor: User) -> ClassListConfirmation:
    """Record the homeroom teacher's word that the list is right: exactly the list whose digest was shown (R-024).

    Raises Http404, PermissionDenied, and Invalid when the list has changed since it was shown.
    """
    group = access.class_group(actor, class_group_id, to=Action.CONFIRM_CLASS_LIST, lock=True)
    listed = students.class_list(group)
    if list_digest(listed) != digest:
        raise Invalid({"digest": _("The list has changed since you opened it. Look at it again.")})
    row = ClassListConfirmation(
        school=group.school,
        class_group=group,
        user=actor,
        confirmed_at=timezone.now(),
        pupils=len(listed),
        digest=digest,
    )
    return rows.enter(row, actor=actor)


def list_digest(listed: Sequence[students.ListedPupil]) -> str:
    """SHA-256 over what the list shows of each pupil, in its order, as hexadecimal digits."""
    lines = (
        "\t".join(
            [row.code, row.full_name, row.born_on.isoformat(), row.sex, str(row.left_on or "")]
        )
        for row in listed
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _named(student: Student) -> Student:
    student.sort_key = names.sort_key(student.full_name)
    student.search_key = names.search_key(student.full_name)
    student.exact_key = names.exact_key(student.full_name)
    return student


def _faults(student: Student) -> Mapping[str, StrOrPromise]:
    try:
        student.clean_fields(exclude=rows.references(student))
    except ValidationError as error:
        return Invalid.of(error).errors
    if student.born_on >= clock.today():
        return {"born_on": str(_("The date of birth is in the future."))}
    digits = student.national_id
    if digits and not (len(digits) == NATIONAL_ID_DIGITS and digits.isascii() and digits.isdigit()):
        return {"national_id": str(_("An identity code has 12 digits."))}
    return {}


def _taken(student: Student) -> dict[str, str]:
    others = Student.objects.filter(school=student.school).exclude(pk=student.pk)
    return {
        name: str(sentence)
        for name, sentence in TAKEN.items()
        if getattr(student, name) and others.filter(**{name: getattr(student, name)}).exists()
    }


def _repeated(school: School, rows: Sequence[Student]) -> dict[str, StrOrPromise]:
    """The codes that another pupil of the school or of these rows has, in two queries."""
    problems: dict[str, StrOrPromise] = {}
    for name, sentence in TAKEN.items():
        given = [getattr(row, name) for row in rows]
        wanted = {value for value in given if value}
        there = Student.objects.filter(school=school, **{f"{name}__in": wanted})
        taken = set(there.values_list(name, flat=True))
        seen: set[str] = set()
        for place, value in enumerate(given):
            if value and (value in taken or value in seen):
                problems[f"{place}.{name}"] = sentence
            seen.add(value)
    return problems
