"""Correcting years, classes and the subjects of classes, with the history of each (R-020, R-021)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, Model, Q
from django.utils.translation import gettext_lazy as _

from schoolbook import access, audit, clock, signals
from schoolbook.errors import Invalid
from schoolbook.models import ClassGroup, ClassSubject, School, SchoolYear, Subject, User
from schoolbook.rules.calendar import YearPlan
from schoolbook.rules.names import plain, tidy
from schoolbook.rules.permissions import Action
from schoolbook.rules.subjects import AssessedBy
from schoolbook.services import rows, structure

LONGEST_CODE = 30


@transaction.atomic
def edit_year(
    *, year_id: int, plan: YearPlan, actor: User, reason: str = "", version: int | None = None
) -> SchoolYear:
    """Correct the days of the terms; the same again is no change.

    Raises Http404, PermissionDenied, Invalid and Conflict.
    """
    year = access.year(actor, year_id, to=Action.SET_UP_YEAR, lock=True)
    (begin1, end1), (begin2, end2) = plan.first_term, plan.second_term
    wanted = {
        "term1_begins_on": begin1,
        "term1_ends_on": end1,
        "term2_begins_on": begin2,
        "term2_ends_on": end2,
    }
    _change(year, wanted, actor=actor, reason=reason, version=version)
    return year


@transaction.atomic
def add_class(
    *,
    year: SchoolYear,
    grade: int,
    name: str,
    actor: User,
    specialised_subject: Subject | None = None,
    usual: bool = True,
) -> ClassGroup:
    """Enter a class, with the usual subjects of its grade unless they are not wanted.

    Raises Http404, PermissionDenied, Invalid.
    """
    group = structure.add_class(
        year=year, grade=grade, name=name, specialised_subject=specialised_subject, actor=actor
    )
    if usual:
        structure.take_usual_subjects(class_group=group, actor=actor)
    return group


@transaction.atomic
def edit_class(
    *,
    class_group_id: int,
    name: str,
    specialised_subject: Subject | None,
    actor: User,
    reason: str = "",
    version: int | None = None,
) -> ClassGroup:
    """Rename a class, or name the subject in which it specialises, while its year is not over.

    Raises Http404, PermissionDenied, Invalid and Conflict.
    """
    group = access.class_group(actor, class_group_id, to=Action.SET_UP_YEAR)
    # Two classes may not take the same name at the same moment.
    access.year(actor, group.year_id, to=Action.SET_UP_YEAR, lock=True)
    group = access.class_group(actor, class_group_id, to=Action.SET_UP_YEAR, lock=True)
    if group.year.term2_ends_on < clock.today():
        raise Invalid({"name": _("The school year is over: its books keep the name of the class.")})
    wanted = {"name": tidy(name), "specialised_subject": specialised_subject}
    _change(group, wanted, actor=actor, reason=reason, version=version)
    return group


@transaction.atomic
def add_subject(*, school: School, name: str, assessed_by: str, actor: User) -> Subject:
    """Enter a subject of the school's own, after those it has; its code is made of the name.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, school, to=Action.SET_UP_YEAR)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    code = re.sub(r"[^a-z0-9]+", "_", plain(tidy(name))).strip("_")[:LONGEST_CODE]
    if school.subjects.filter(Q(code=code) | Q(name=tidy(name))).exists():
        raise Invalid({"name": _("The school has this subject already.")})
    last = school.subjects.aggregate(last=Max("place"))["last"] or 0
    row = Subject(
        school=school, code=code, name=tidy(name), assessed_by=assessed_by, place=last + 1
    )
    try:
        return rows.enter(row, actor=actor)
    except Invalid as refusal:
        if "code" in refusal.errors or "__all__" in refusal.errors:
            raise Invalid({"name": _("The name needs at least two letters or digits.")}) from None
        raise


@transaction.atomic
def edit_subject(
    *,
    subject_id: int,
    name: str,
    assessed_by: str,
    actor: User,
    reason: str = "",
    version: int | None = None,
) -> Subject:
    """Rename a subject, or say how it is assessed in classes that get it from now on.

    Raises Http404, PermissionDenied, Invalid and Conflict.
    """
    subject = access.subject(actor, subject_id, to=Action.SET_UP_YEAR, lock=True)
    wanted = {"name": tidy(name), "assessed_by": assessed_by}
    _change(subject, wanted, actor=actor, reason=reason, version=version)
    return subject


@dataclass(frozen=True)
class Taught:
    """How a subject is taught to a class."""

    periods: int
    assessed_by: AssessedBy
    in_term1: bool
    in_term2: bool


FIELDS = ("periods", "assessed_by", "in_term1", "in_term2")


@transaction.atomic
def edit_subjects(
    *,
    class_group_id: int,
    wanted: Mapping[int, Taught],
    actor: User,
    reason: str = "",
    version: int | None = None,
) -> int:
    """Change periods, kind of assessment and terms of subjects of a class, all or none; how many were changed.

    `wanted` is by the id of the subject of the class; others stay as they are. Takes as many queries for one change
    as for all. Raises Http404, PermissionDenied, Conflict, and Invalid, whose keys are "periods_<id>" and so on.
    """
    group = access.class_group(actor, class_group_id, to=Action.SET_UP_YEAR, lock=True)
    structure.unchanged(ClassSubject, Q(class_group_id=group.pk), version)
    held = ClassSubject.objects.select_for_update(no_key=True).filter(class_group=group)
    changed, problems = [], {}
    for row in held.order_by("id"):
        said = wanted.get(row.pk)
        if said is None or all(getattr(row, name) == getattr(said, name) for name in FIELDS):
            continue
        for name in FIELDS:
            setattr(row, name, getattr(said, name))
        if not (row.in_term1 or row.in_term2):
            problems[f"in_term1_{row.pk}"] = _("A subject is taught in at least one term.")
        changed.append(row)
    if problems:
        raise Invalid(problems)
    ClassSubject.objects.bulk_update(changed, FIELDS)
    audit.record(changed, actor=actor, reason=tidy(reason))
    signals.class_subjects_changed.send(sender=ClassSubject, class_subjects=changed, actor=actor)
    return len(changed)


@transaction.atomic
def copy_subjects(
    *, class_group_id: int, to: Collection[int], actor: User
) -> Sequence[ClassSubject]:
    """Give other classes of the same year and grade the subjects of this one that they lack; in few queries.

    What they have already stays as it is. Raises Http404, PermissionDenied, Invalid.
    """
    group = access.class_group(actor, class_group_id, to=Action.SET_UP_YEAR, lock=True)
    others = ClassGroup.objects.select_for_update(no_key=True).filter(
        year=group.year, grade=group.grade, pk__in=to
    )
    found = {other.pk: other for other in others.exclude(pk=group.pk).order_by("id")}
    if not found:
        raise Invalid({"to": _("Choose at least one other class of the grade.")})
    pairs = ClassSubject.objects.filter(class_group__in=found)
    there = set(pairs.values_list("class_group_id", "subject_id"))
    made = [
        ClassSubject(
            school=group.school,
            class_group=other,
            subject_id=taught.subject_id,
            **{name: getattr(taught, name) for name in FIELDS},
        )
        for taught in group.class_subjects.order_by("id")
        for other in found.values()
        if (other.pk, taught.subject_id) not in there
    ]
    return rows.enter_many(made, actor=actor)


def _change(
    row: Model, wanted: Mapping[str, Any], *, actor: User, reason: str, version: int | None
) -> None:
    """Change a row that the caller has locked, if that changes anything, against the version that was seen."""
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return
    structure.unchanged(type(row), Q(id=row.pk), version)
    for name, value in wanted.items():
        setattr(row, name, value)
    rows.check(row)
    row.save()
    audit.record([row], actor=actor, reason=tidy(reason))
