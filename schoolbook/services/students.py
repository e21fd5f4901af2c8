"""Entering pupils and keeping their particulars and places; the list of a class (R-022 – R-025)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolbook import access, audit, clock
from schoolbook.errors import Conflict, Invalid
from schoolbook.models import (
    ClassGroup,
    ClassListConfirmation,
    Enrolment,
    School,
    Student,
    User,
)
from schoolbook.rules import names
from schoolbook.rules.calendar import belongs_to_year
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
EARLIEST_BIRTH = date(1900, 1, 1)
KEYS = {
    "sort_key",
    "search_key",
    "exact_key",
}  # made of the name: what is wrong there is wrong with the name
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
    return _enter(school, particulars, actor=actor, reason=reason)


def _enter(
    school: School, particulars: Sequence[Particulars], *, actor: User, reason: str = ""
) -> list[Student]:
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
def admit(
    *, class_group_id: int, particulars: Particulars, begins_on: date, actor: User
) -> Student:
    """Enter one new pupil into a class from a day on, as its homeroom teacher does with the own class (R-022).

    Raises Http404, PermissionDenied, Invalid.
    """
    group = access.class_group(actor, class_group_id, to=Action.EDIT_STUDENTS, lock=True)
    _check_day(begins_on, group, "begins_on")
    with _told_when_taken():
        try:
            (pupil,) = _enter(group.school, [particulars], actor=actor)
        except Invalid as refusal:
            raise Invalid(_of_the_only_one(refusal.errors)) from refusal
        place = Enrolment(
            school=group.school, student=pupil, class_group=group, begins_on=begins_on
        )
        rows.enter(place, actor=actor)
    return pupil


def _of_the_only_one(errors: Mapping[str, StrOrPromise]) -> dict[str, StrOrPromise]:
    return {name.removeprefix("0."): sentence for name, sentence in errors.items()}


@contextmanager
def _told_when_taken() -> Iterator[None]:
    """Say which code is taken when somebody else took it in this moment, after it had been looked up.

    Raises Invalid.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for name, sentence in TAKEN.items():
            if f"student_{name}_once" in str(error):
                raise Invalid({name: sentence}) from error
        raise


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
    if found := faults(student, wanted):
        raise Invalid(found)
    return put_right(student, wanted, actor=actor, reason=names.tidy(reason))


def faults(student: Student, wanted: Mapping[str, object]) -> Mapping[str, StrOrPromise]:
    """Set these fields, without writing them: why the pupil cannot be so, by field; empty where all is well."""
    for name, value in wanted.items():
        setattr(student, name, value)
    _named(student)
    return _faults(student) or _taken(student)


@transaction.atomic
def put_right(
    student: Student, wanted: Mapping[str, object], *, actor: User, reason: str
) -> Student:
    """Write these fields of a pupil whom the caller has locked, with a right and `faults` asked for. Raises Invalid."""
    for name, value in wanted.items():
        setattr(student, name, value)
    student.version += 1
    _named(student)
    with _told_when_taken():
        student.save()
    audit.record([student], actor=actor, reason=reason)
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
    """End a pupil's place in a class; the pupil stays in its book, with the day. A wrong day is set right so, too.

    Raises Http404, PermissionDenied, Invalid.
    """
    place = access.enrolment(actor, enrolment_id, to=Action.EDIT_STUDENTS, lock=True)
    _check_day(last_day, place.class_group, "last_day")
    if last_day < place.begins_on:
        raise Invalid({"last_day": _("The last day is before the first day.")})
    return _end(place, last_day=last_day, reason=reason, actor=actor)


def _end(place: Enrolment, *, last_day: date, reason: str, actor: User) -> Enrolment:
    place.end_reason = names.tidy(reason)
    if not place.end_reason:
        raise Invalid({"reason": _("Say why: it stays in the history.")})
    place.ends_on = last_day
    rows.check(place)
    place.save(update_fields=["ends_on", "end_reason"])
    audit.record([place], actor=actor, reason=place.end_reason)
    return place


@transaction.atomic
def move(*, student_id: int, to: ClassGroup, day: date, reason: str, actor: User) -> Enrolment:
    """Move a pupil to another class from a day on; the old place ends the day before. Who had left comes back so.

    Raises Http404, PermissionDenied, Invalid.
    """
    student = access.student(actor, student_id, to=Action.PLACE_STUDENTS, lock=True)
    _check_day(day, to, "day")
    held = student.enrolments.select_related("class_group").select_for_update(
        no_key=True, of=("self",)
    )
    for place in held.on(day).order_by("pk"):
        if place.class_group_id == to.pk:
            raise Invalid({"to": _("The pupil is in this class already.")})
        if place.begins_on == day:
            raise Invalid(
                {"day": _("On this day the pupil came into the present class: choose a later one.")}
            )
        _end(place, last_day=rows.day_before(day), reason=reason, actor=actor)
    (made,) = enrol(class_group=to, pupils=[student], begins_on=day, actor=actor)
    return made


def _check_day(day: date, group: ClassGroup, field: str) -> None:
    if not belongs_to_year(day, group.year.start):
        sentence = _("The day is outside of school year %(year)s.")
        raise Invalid({field: str(sentence) % {"year": group.year.name}})


@transaction.atomic
def confirm_class_list(*, class_group_id: int, digest: str, actor: User) -> ClassListConfirmation:
    """Record the homeroom teacher's word that the list is right: exactly the list whose digest was shown (R-024).

    The same word on the same list again is no news, so a double click does no harm.

    Raises Http404, PermissionDenied, and Invalid when the list has changed since it was shown.
    """
    group = access.class_group(actor, class_group_id, to=Action.CONFIRM_CLASS_LIST, lock=True)
    listed = students.class_list(group)
    if not listed:
        raise Invalid({"digest": _("There is no pupil in the list yet.")})
    if students.list_digest(listed) != digest:
        raise Invalid({"digest": _("The list has changed since you opened it. Look at it again.")})
    newest = group.list_confirmations.order_by("-confirmed_at", "-pk").first()
    if newest and (newest.digest, newest.user_id) == (digest, actor.pk):
        return newest
    row = ClassListConfirmation(
        school=group.school,
        class_group=group,
        user=actor,
        confirmed_at=timezone.now(),
        pupils=len(listed),
        digest=digest,
    )
    return rows.enter(row, actor=actor)


def _named(student: Student) -> Student:
    student.sort_key = names.sort_key(student.full_name)
    student.search_key = names.search_key(student.full_name)
    student.exact_key = names.exact_key(student.full_name)
    return student


def _faults(student: Student) -> Mapping[str, StrOrPromise]:
    if not student.sort_key:
        return {"full_name": _("The name needs at least one letter.")}
    try:
        student.clean_fields(exclude=rows.references(student))
    except ValidationError as error:
        found = Invalid.of(error).errors
        if KEYS & set(found):
            return {"full_name": _("This name is too long.")}
        return found
    if student.born_on >= clock.today():
        return {"born_on": _("The date of birth is in the future.")}
    if student.born_on < EARLIEST_BIRTH:
        return {"born_on": _("Nobody is that old: please check the year.")}
    digits = student.national_id
    if digits and not (len(digits) == NATIONAL_ID_DIGITS and digits.isascii() and digits.isdigit()):
        return {"national_id": _("An identity code has 12 digits.")}
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
