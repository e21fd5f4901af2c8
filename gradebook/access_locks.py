"""Fetching is checking, for windows and locks: plans and requests, and what somebody may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from gradebook import access
from gradebook.models import LockAct, WindowPlan
from schoolbook import access as kernel
from schoolbook import clock
from schoolbook.models import ClassGroup, ClassSubject, School, SchoolYear, User
from schoolbook.rules.permissions import Action, Scope
from schoolbook.selectors import classes


def school(user: User) -> School:
    """The school of somebody who is signed in. Raises Http404 for who works at none."""
    return kernel.school(user, user.school_id or 0, to=Action.VIEW_SCHOOL)


def plan(user: User, plan_id: int, *, to: Action, lock: bool = False) -> WindowPlan:
    """A plan of entry windows. Raises Http404 for that of another school, PermissionDenied for too little right."""
    rows = WindowPlan.objects.visible_to(user).select_related("year", "drafted_by", "decided_by")
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    found: WindowPlan | None = rows.filter(pk=plan_id).first()
    if found is None:
        raise Http404
    kernel.require(user, to)
    return found


def requests(user: User) -> QuerySet[LockAct]:
    """The requests to lock and unlock that this person may look at: all, or one's own."""
    rows = LockAct.objects.visible_to(user).select_related(
        "year", "class_group", "subject", "student", "asked_by", "decided_by", "done_by"
    )
    return rows if kernel.may(user, Action.VIEW_LOCKS) else rows.filter(asked_by=user)


def is_decider(user: User) -> bool:
    """Whether the duties of today let this person decide windows and locks, by the school's regulation."""
    try:
        access.require_decider(user)
    except PermissionDenied:
        return False
    return True


@dataclass(frozen=True)
class Askable:
    """What somebody may ask for: anything, or that sheets of one's own be unlocked."""

    everything: bool
    subjects: tuple[ClassSubject, ...] = ()
    groups: tuple[ClassGroup, ...] = ()


def askable(user: User, year: SchoolYear) -> Askable:
    """What this person may ask for in a year; as `access.lockable` decides. Raises PermissionDenied for nothing."""
    far = kernel.reach(user, Action.ASK_LOCK)
    if not far:
        raise kernel.refusal()
    if Scope.OWN_SCHOOL in far:
        return Askable(everything=True)
    day, none = clock.today(), Q(pk__in=[])
    subjects = (
        ClassSubject.objects.visible_to(user)
        .filter(class_group__year=year)
        .within(far & {Scope.TAUGHT_SUBJECTS}, user=user, day=day, granted=none)
    )
    groups = (
        ClassGroup.objects.visible_to(user)
        .filter(year=year)
        .within(far & {Scope.OWN_CLASS}, user=user, day=day, granted=none)
    )
    ordered = [f"class_group__{name}" for name in ("grade", "name")]
    return Askable(
        everything=False,
        subjects=tuple(
            subjects.select_related("subject", "class_group").order_by(*ordered, "subject__place")
        ),
        groups=tuple(classes.in_order(groups)),
    )
