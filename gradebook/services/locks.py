"""Locking and unlocking, in three parts: asked by, decided by, carried out by (R-100, R-102, R-104, R-108)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gradebook import access_locks
from gradebook.models import LockAct, LockKind, LockState
from gradebook.rules.closing import LockScope
from gradebook.services.holding import hold
from schoolbook import audit, clock
from schoolbook.errors import Invalid
from schoolbook.models import ClassGroup, SchoolYear, User
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action
from schoolbook.services import rows
from schoolbook.services.second_factor import require_fresh

LONGEST_UNLOCK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: of which year, lock or unlock, what it freezes, which scope, why, and for an unlock until when."""

    year_id: int
    kind: str
    scope: LockScope
    reason: str
    freezes: str = ""
    ends_at: datetime | None = None


@transaction.atomic
def ask(asked: Asked, *, actor: User) -> LockAct:
    """Record a request. Teachers may ask for an unlock of a class or subject of their own, others for anything.

    Raises Http404, PermissionDenied, Invalid.
    """
    year = access_locks.lockable(actor, asked.year_id, asked.scope, kind=asked.kind)
    _check_end(asked.kind, asked.ends_at)
    row = LockAct(
        school=year.school,
        year=year,
        kind=asked.kind,
        freezes=asked.freezes,
        ends_at=asked.ends_at,
        reason=tidy(asked.reason),
        state=LockState.ASKED,
        asked_by=actor,
        asked_at=timezone.now(),
        **asdict(asked.scope),
    )
    return rows.enter(row, actor=actor, reason=row.reason)


@transaction.atomic
def decide(
    *,
    act_id: int,
    agreed: bool,
    actor: User,
    verified_at: datetime | None,
    decision: str = "",
    decision_number: str = "",
    ends_at: datetime | None = None,
) -> LockAct:
    """Agree to a request, or refuse it with words. The one who decides may set another end of an unlock.

    By the principal, or by whom the school's regulation names. Raises Http404, PermissionDenied, SecondFactorNeeded,
    Invalid.
    """
    row = access_locks.lock_act(actor, act_id, to=Action.DECIDE_LOCKS, lock=True)
    require_fresh(actor, verified_at)
    access_locks.require_decider(actor)
    if row.state != LockState.ASKED:
        raise Invalid({"__all__": _("This was decided or withdrawn already.")})
    if row.kind == LockKind.UNLOCK and row.asked_by_id == actor.pk:
        raise Invalid(
            {"__all__": _("You asked for this yourself, so somebody else has to decide it.")}
        )
    if not agreed and not tidy(decision):
        raise Invalid({"decision": _("Say why not: the one who asked reads it.")})
    if agreed and row.kind == LockKind.UNLOCK:
        row.ends_at = ends_at or row.ends_at
        _check_end(row.kind, row.ends_at)
    row.state = LockState.DECIDED if agreed else LockState.REFUSED
    row.decided_by, row.decided_at = actor, timezone.now()
    row.decision, row.decision_number = tidy(decision), tidy(decision_number)
    return _changed(row, actor)


@transaction.atomic
def withdraw(*, act_id: int, actor: User) -> LockAct:
    """Take back a request of one's own that was not carried out yet. Raises Http404, Invalid."""
    row = access_locks.own_lock_act(actor, act_id, lock=True)
    if row.state not in {LockState.ASKED, LockState.DECIDED}:
        raise Invalid({"__all__": _("This was carried out, refused or withdrawn already.")})
    row.state = LockState.WITHDRAWN
    return _changed(row, actor)


@transaction.atomic
def carry_out(*, act_id: int, actor: User, verified_at: datetime | None) -> LockAct:
    """Do what was decided. Once this has committed no save that began before it can write (invariant 6).

    All subjects, classes and sheets of the scope are locked first, in one order: a save that holds a sheet is waited
    for, one that comes later waits and then sees the lock. Doing it twice is doing it once. Raises Http404,
    PermissionDenied, SecondFactorNeeded, Invalid.
    """
    row = access_locks.lock_act(actor, act_id, to=Action.CARRY_OUT_LOCKS)
    require_fresh(actor, verified_at)
    hold(_classes(row), subject_id=row.subject_id)
    row = access_locks.lock_act(actor, act_id, to=Action.CARRY_OUT_LOCKS, lock=True)
    if row.state == LockState.DONE:
        return row
    if row.state != LockState.DECIDED:
        raise Invalid({"__all__": _("This is not decided, or it was withdrawn.")})
    if row.decided_by_id == actor.pk:
        raise Invalid({"__all__": _("You decided this, so somebody else has to carry it out.")})
    _check_end(row.kind, row.ends_at)
    SchoolYear.objects.select_for_update(no_key=True).get(pk=row.year_id)
    turns = LockAct.objects.filter(year=row.year_id).aggregate(last=Max("turn"))
    row.turn = (turns["last"] or 0) + 1
    row.state, row.done_by, row.done_at = LockState.DONE, actor, timezone.now()
    return _changed(row, actor)


def _check_end(kind: str, ends_at: datetime | None) -> None:
    if kind != LockKind.UNLOCK:
        return
    now = clock.now()
    if ends_at is None or ends_at <= now:
        raise Invalid({"ends_at": _("An unlock ends by itself: say when, in the future.")})
    if ends_at > now + LONGEST_UNLOCK:
        raise Invalid({"ends_at": _("An unlock lasts a month at most.")})


def _changed(row: LockAct, actor: User) -> LockAct:
    rows.check(row)
    row.save()
    audit.record([row], actor=actor, reason=row.decision)
    return row


def _classes(act: LockAct) -> QuerySet[ClassGroup]:
    """The classes of the scope."""
    groups = ClassGroup.objects.filter(year=act.year_id)
    if act.grade is not None:
        groups = groups.filter(grade=act.grade)
    if act.class_group_id is not None:
        groups = groups.filter(pk=act.class_group_id)
    return groups
