"""Fetching is checking, for windows and locks: plans and requests, and what somebody may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from gradebook.models import LockAct, WindowPlan
from gradebook.rules.closing import LockScope
from schoolbook import access as kernel
from schoolbook import clock
from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    School,
    SchoolYear,
    Subject,
    User,
)
from schoolbook.rules.permissions import Action, Role, Scope
from schoolbook.selectors import classes, duties, schools


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


def lockable(user: User, year_id: int, scope: LockScope, *, kind: str) -> SchoolYear:
    """The year of a scope for which this person may ask that it be locked or unlocked, with all of it in this school.

    Who may ask for the whole school asks for anything; a teacher for an unlock of an own subject of a class, or of
    the own class. Raises Http404 for what is not there, and PermissionDenied.
    """
    years = SchoolYear.objects.filter(school__in=School.objects.visible_to(user))
    year = years.select_related("school").filter(pk=year_id).first()
    if year is None:
        raise Http404
    groups = ClassGroup.objects.filter(year=year)
    group = groups.filter(pk=scope.class_group_id).first() if scope.class_group_id else None
    subjects = Subject.objects.filter(school=year.school)
    if (
        (scope.class_group_id and group is None)
        or (scope.subject_id and not subjects.filter(pk=scope.subject_id).exists())
        or (scope.student_id and (group is None or not _was_in(group, scope.student_id)))
    ):
        raise Http404
    far = kernel.reach(user, Action.ASK_LOCK)
    if Scope.OWN_SCHOOL in far:
        return year
    if kind != "unlock" or group is None or not _is_own(user, far, group, scope):
        raise kernel.refusal()
    return year


def _was_in(group: ClassGroup, student_id: int) -> bool:
    return group.enrolments.filter(student=student_id, withdrawn_on__isnull=True).exists()


def _is_own(user: User, far: set[Scope], group: ClassGroup, scope: LockScope) -> bool:
    day, none = clock.today(), Q(pk__in=[])
    if scope.subject_id is not None:
        rows = ClassSubject.objects.filter(class_group=group, subject=scope.subject_id)
        mine = far & {Scope.TAUGHT_SUBJECTS}
        return bool(rows.within(mine, user=user, day=day, granted=none).exists())
    own = ClassGroup.objects.filter(pk=group.pk)
    led = own.within(far & {Scope.OWN_CLASS}, user=user, day=day, granted=none).exists()
    return led and scope.book == "class"


def lock_act(user: User, act_id: int, *, to: Action, lock: bool = False) -> LockAct:
    """A request to lock or unlock, for somebody who may look at all, decide or carry out; one's own to look at.

    Raises Http404 and PermissionDenied.
    """
    found = _lock_act(user, act_id, lock=lock)
    if to != Action.VIEW_LOCKS or found.asked_by_id != user.pk:
        kernel.require(user, to)
    return found


def own_lock_act(user: User, act_id: int, *, lock: bool = False) -> LockAct:
    """A request of this person's own. Raises Http404 for anybody else's."""
    found = _lock_act(user, act_id, lock=lock)
    if found.asked_by_id != user.pk:
        raise Http404
    return found


def _lock_act(user: User, act_id: int, *, lock: bool) -> LockAct:
    acts = LockAct.objects.visible_to(user).select_related(
        "year", "class_group", "subject", "student", "asked_by", "decided_by", "done_by"
    )
    if lock:
        acts = acts.select_for_update(no_key=True, of=("self",))
    found: LockAct | None = acts.filter(pk=act_id).first()
    if found is None:
        raise Http404
    return found


def require_decider(user: User) -> None:
    """Raise PermissionDenied unless this person holds the duty that the school's regulation lets decide locks.

    The principal always may (R-100).
    """
    assert user.school
    parameters = schools.regulation_on(user.school, clock.today())
    if not {Role.PRINCIPAL, parameters.lock_decider} & duties.roles_today(user):
        raise kernel.refusal()


def is_decider(user: User) -> bool:
    """Whether the duties of today let this person decide windows and locks, by the school's regulation."""
    try:
        require_decider(user)
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
    """What this person may ask for in a year; as `lockable` decides. Raises PermissionDenied for nothing."""
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
