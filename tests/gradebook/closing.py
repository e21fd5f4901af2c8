"""Locks, unlocks, windows and sign-offs in tests, through the services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from gradebook.models import LockAct, WindowPlan
from gradebook.rules.closing import LockScope
from gradebook.rules.windows import Line
from gradebook.selectors import windows as plans
from gradebook.selectors.books import Place
from gradebook.services import locks, marks, windows
from gradebook.services.marks import Answer, Edit
from schoolbook import clock
from tests import cast


def lock(freezes: str = "entry", **scope: Any) -> LockAct:
    """A lock of 6A's year, asked for by Thu, decided by Bình, carried out by An."""
    return carried_out("lock", freezes=freezes, scope=scope)


def unlock(until: datetime | None = None, **scope: Any) -> LockAct:
    """An unlock, an hour long unless said otherwise."""
    return carried_out("unlock", ends_at=until or clock.now() + timedelta(hours=1), scope=scope)


def carried_out(kind: str, *, scope: dict[str, Any], **more: Any) -> LockAct:
    """All three parts of an act."""
    fresh = timezone.now()
    asked = locks.Asked(
        year_id=cast.class_group().year_id,
        kind=kind,
        scope=LockScope(**scope),
        reason="Hết hạn nhập điểm",
        **more,
    )
    row = locks.ask(asked, actor=cast.user(cast.THU))
    locks.decide(
        act_id=row.pk,
        agreed=True,
        decision_number="12/QĐ",
        actor=cast.user(cast.BINH),
        verified_at=fresh,
    )
    return locks.carry_out(act_id=row.pk, actor=cast.user(cast.AN), verified_at=fresh)


def typed(
    where: Place,
    text: str = "8",
    cell: tuple[str, int] = ("final", 1),
    *,
    person: cast.Person = cast.CHI,
    pupil: str = cast.PUPILS[0],
    seen: int = 0,
) -> Answer:
    """What becomes of one cell that a teacher types."""
    edit = Edit(uuid4(), cast.pupil(pupil).pk, *cell, text, seen)
    outcome = marks.save(place=where, edits=[edit], actor=cast.user(person))
    return outcome.answers[0]


def planned(lines: Sequence[Line], *, decided: bool = True) -> WindowPlan:
    """A plan of entry of these lines, drafted by Thu and, unless it stays a draft, decided by Bình."""
    year = cast.class_group().year
    plan = windows.save_draft(
        year_id=year.pk,
        lines=lines,
        version=plans.mark(plans.draft(year)),
        actor=cast.user(cast.THU),
    )
    if decided:
        windows.decide(
            plan_id=plan.pk,
            version=plans.mark(plan),
            actor=cast.user(cast.BINH),
            verified_at=timezone.now(),
        )
    return plan
