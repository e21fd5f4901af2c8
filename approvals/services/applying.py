"""Witnessing an approved correction, and applying it: the words first, then everything at once (R-124 – R-126)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from approvals import access
from approvals.models import CorrectionRequest, Witnessing
from approvals.rules import workflow
from approvals.rules.workflow import Event, State
from approvals.selectors import parties
from approvals.selectors import requests as read
from approvals.services.steps import expire, expired, refuse, step
from schoolbook import registry
from schoolbook.correctable import Order, Overtaken
from schoolbook.models import User
from schoolbook.rules.permissions import Action
from schoolbook.rules.regulation import Witness
from schoolbook.services import rows
from schoolbook.services.second_factor import require_fresh


@transaction.atomic
def witness(*, correction_id: int, role: Witness, actor: User) -> CorrectionRequest:
    """Confirm as one of the witnesses; with the last one the request can be applied.

    The request that is given back is expired where an item has changed. Raises Http404, Invalid.
    """
    row = access.awaited(actor, correction_id, lock=True)
    refuse(workflow.why_not_witness(parties.facts(row), actor.pk, role))
    if expired(row, actor=actor):
        return row
    word = Witnessing(
        school_id=row.school_id,
        correction=row,
        role=role.value,
        user=actor,
        confirmed_at=timezone.now(),
    )
    rows.enter(word, actor=actor)
    if workflow.is_witnessed(parties.facts(row)):
        step(row, Event.COMPLETE, actor=actor, witnessed_at=timezone.now())
    return row


@transaction.atomic
def apply(*, correction_id: int, actor: User, verified_at: datetime | None) -> CorrectionRequest:
    """Write what was approved: book, history, results, broken confirmations and the request, all in one transaction.

    The page is held before the request, as a save holds it: a lock, a save or the same act beside it come before or
    after, never between. Twice is once. Raises Http404, PermissionDenied, SecondFactorNeeded, Invalid.
    """
    row = access.correction(actor, correction_id, to=Action.APPLY_CORRECTIONS)
    require_fresh(actor, verified_at)
    book = registry.correctables.get(row.book)
    book.hold(actor, row.place)
    row = access.correction(actor, correction_id, to=Action.APPLY_CORRECTIONS, lock=True)
    if row.state == State.APPLIED:
        return row
    refuse(workflow.why_not_apply(parties.facts(row)))
    if expired(row, actor=actor):
        return row
    assert row.decided_by
    order = Order(
        number=row.pk,
        place=row.place,
        student_id=row.student_id,
        changes=read.changes(row),
        approved_by=row.decided_by,
        reason=row.reason,
    )
    try:
        with transaction.atomic():
            book.apply(order, actor=actor)
    except Overtaken as overtaken:
        old = next((one.old for one in order.changes if one.label == overtaken.label), "")
        expire(row, label=overtaken.label, old=old, now=overtaken.shown, actor=actor)
        return row
    return step(
        row,
        Event.APPLY,
        actor=actor,
        reason=row.reason,
        applied_by=actor,
        applied_at=timezone.now(),
    )
