"""Deciding requests: by whom the regulation names, and never by who asked (R-122, R-123, R-127)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals import access
from approvals.models import CorrectionRequest, Opened
from approvals.rules import workflow
from approvals.rules.workflow import Event
from approvals.selectors import parties
from approvals.services.steps import expired, refuse, step
from schoolbook.errors import Invalid
from schoolbook.models import User
from schoolbook.rules.names import tidy
from schoolbook.services import rows
from schoolbook.services.second_factor import require_fresh

MOST_AT_ONCE = 50


@transaction.atomic
def note_opened(*, correction_id: int, actor: User) -> None:
    """Record that somebody who decides requests has looked at one; once. Raises Http404, PermissionDenied."""
    row = access.decidable(actor, correction_id)
    if Opened.objects.filter(correction=row, user=actor).exists():
        return
    access.decidable(actor, correction_id, lock=True)  # two tabs of one person
    if not Opened.objects.filter(correction=row, user=actor).exists():
        opened = Opened(
            school_id=row.school_id, correction=row, user=actor, opened_at=timezone.now()
        )
        rows.enter(opened, actor=actor)


@transaction.atomic
def decide(
    *,
    correction_id: int,
    agreed: bool,
    actor: User,
    verified_at: datetime | None,
    decision: str = "",
) -> CorrectionRequest:
    """Approve a request, or refuse it with words. Where no witness is asked for it can be applied at once.

    The request that is given back is expired where an item has changed since it was filed. Raises Http404,
    PermissionDenied, SecondFactorNeeded, Invalid.
    """
    row = access.decidable(actor, correction_id, lock=True)
    require_fresh(actor, verified_at)
    refuse(workflow.why_not_decide(parties.facts(row), actor.pk))
    said = tidy(decision)
    if not agreed and not said:
        raise Invalid({"decision": _("Say why not: the one who asked reads it.")})
    if expired(row, actor=actor):
        return row
    event = Event.APPROVE if agreed else Event.REFUSE
    step(
        row,
        event,
        actor=actor,
        reason=said,
        decided_by=actor,
        decided_at=timezone.now(),
        decision=said,
    )
    if agreed and not row.witness_roles:
        step(row, Event.COMPLETE, actor=actor, witnessed_at=timezone.now())
    return row


@transaction.atomic
def decide_several(
    *,
    correction_ids: Sequence[int],
    agreed: bool,
    actor: User,
    verified_at: datetime | None,
    decision: str = "",
) -> list[CorrectionRequest]:
    """Decide several requests alike, each of which this person has opened: all or none.

    Raises Http404, PermissionDenied, SecondFactorNeeded, Invalid.
    """
    wanted = sorted(set(correction_ids))
    if not wanted:
        raise Invalid({"__all__": _("Tick at least one request.")})
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid({"__all__": _("Fifty at once are the most.")})
    seen = Opened.objects.filter(correction__in=wanted, user=actor).values_list(
        "correction", flat=True
    )
    if set(wanted) - set(seen):
        raise Invalid({"__all__": _("Open each request before you decide several at once.")})
    return [
        _one_of_several(
            correction_id=one,
            agreed=agreed,
            actor=actor,
            verified_at=verified_at,
            decision=decision,
        )
        for one in wanted
    ]


def _one_of_several(*, correction_id: int, **given: Any) -> CorrectionRequest:
    """Decide one, and name it where it is why nothing was decided. Raises as `decide`."""
    try:
        return decide(correction_id=correction_id, **given)
    except Invalid as refusal:
        if "__all__" not in refusal.errors:
            raise
        sentence = _("Request no. %(number)s: %(why)s") % {
            "number": correction_id,
            "why": refusal.errors["__all__"],
        }
        raise Invalid({"__all__": sentence}) from refusal
