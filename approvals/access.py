"""Fetching is checking, for requests of corrections: who has a part in one sees it, and nobody else does.

All are for those who watch over the school's books; a draft is nobody's but its author's.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from approvals.models import CorrectionRequest, Evidence
from approvals.rules.workflow import State
from approvals.selectors import parties
from schoolbook import access as kernel
from schoolbook import clock
from schoolbook.models import SchoolYear, User
from schoolbook.models.structure import own_classes
from schoolbook.rules.permissions import Action
from schoolbook.rules.regulation import Witness
from schoolbook.rules.school_year import first_calendar_year

LAST_YEAR = 2100
RELATED = (
    "school",
    "year",
    "class_group",
    "class_subject__subject",
    "student",
    "requested_by",
    "deputy",
    "decided_by",
    "applied_by",
)


def corrections(user: User) -> QuerySet[CorrectionRequest]:
    """The requests that this person may look at: all that were sent, or those one has a part in; and own drafts."""
    rows = CorrectionRequest.objects.visible_to(user).select_related(*RELATED)
    own = Q(requested_by=user)
    sent = ~Q(state=State.DRAFT) & Q(submitted_at__isnull=False)
    if kernel.may(user, Action.VIEW_CORRECTIONS):
        return rows.filter(own | sent)
    led = Q(
        witness_roles__contains=[Witness.HOMEROOM_TEACHER.value],
        class_group__in=own_classes(user, clock.today()),
    )
    part = led | Q(deputy=user) | Q(pk__in=user_witnessed(user))
    return rows.filter(own | (sent & part))


def user_witnessed(user: User) -> QuerySet[CorrectionRequest, int]:
    """The ids of the requests that this person has witnessed."""
    return CorrectionRequest.objects.filter(witnesses__user=user).values_list("pk", flat=True)


def correction(
    user: User, correction_id: int, *, to: Action = Action.VIEW_CORRECTIONS, lock: bool = False
) -> CorrectionRequest:
    """A request, to look at for who has a part in it, or for another purpose with the right to it.

    Raises Http404 for that of another school, PermissionDenied for who has no part in it or too little right.
    """
    found = _row(user, correction_id, lock=lock)
    if not corrections(user).filter(pk=found.pk).exists():
        raise kernel.refusal()
    if to != Action.VIEW_CORRECTIONS:
        kernel.require(user, to)
    return found


def decidable(user: User, correction_id: int, *, lock: bool = False) -> CorrectionRequest:
    """A request, for somebody who decides requests: by duty, or as the deputy whom the regulation names.

    Whether this person decides this one is for the workflow to say. Raises Http404, PermissionDenied.
    """
    found = correction(user, correction_id, lock=lock)
    if found.deputy_id != user.pk:
        kernel.require(user, Action.DECIDE_CORRECTIONS)
    return found


def require_decider(user: User) -> None:
    """Raise PermissionDenied unless this person decides requests by duty, or is the deputy whom an open one names."""
    rows = CorrectionRequest.objects.visible_to(user)
    if not rows.filter(deputy=user, state=State.SUBMITTED).exists():
        kernel.require(user, Action.DECIDE_CORRECTIONS)


def own_correction(user: User, correction_id: int, *, lock: bool = False) -> CorrectionRequest:
    """A request of this person's own. Raises Http404 for anybody else's."""
    found = _row(user, correction_id, lock=lock)
    if found.requested_by_id != user.pk:
        raise Http404
    return found


def awaited(user: User, correction_id: int, *, lock: bool = False) -> CorrectionRequest:
    """A request that asks for a witness whom this person could be, or was. Raises Http404 for any other."""
    found = _row(user, correction_id, lock=lock)
    facts = parties.facts(found)
    if user.pk not in {
        *facts.words.values(),
        *(one for able in facts.candidates.values() for one in able),
    }:
        raise Http404
    return found


def evidence(user: User, evidence_id: int) -> Evidence:
    """A piece of evidence of a request that this person may look at; one taken out only its author. As `correction`."""
    rows = Evidence.objects.visible_to(user).select_related("correction")
    found: Evidence | None = rows.filter(pk=evidence_id).first()
    if found is None:
        raise Http404
    correction(user, found.correction_id)
    if found.withdrawn_at and found.added_by_id != user.pk:
        raise Http404
    return found


def own_evidence(user: User, evidence_id: int) -> Evidence:
    """A piece of evidence of a request of one's own. Raises Http404 for anybody else's."""
    rows = Evidence.objects.visible_to(user).filter(correction__requested_by=user)
    found: Evidence | None = rows.filter(pk=evidence_id).first()
    if found is None:
        raise Http404
    return found


def summed_year(user: User, start: int | None) -> SchoolYear:
    """The school year that starts in a calendar year, to sum up its corrections; that of today, or the last, for none.

    Raises Http404 where the school has no such year, PermissionDenied.
    """
    kernel.require(user, Action.VIEW_CORRECTIONS)
    years = SchoolYear.objects.filter(school=user.school).select_related("school")
    if start is None:
        years = years.filter(start__lte=first_calendar_year(clock.today())).order_by("-start")
    elif 0 <= start <= LAST_YEAR:
        years = years.filter(start=start)
    else:
        raise Http404
    found: SchoolYear | None = years.first()
    if found is None:
        raise Http404
    return found


def _row(user: User, correction_id: int, *, lock: bool) -> CorrectionRequest:
    rows = CorrectionRequest.objects.visible_to(user).select_related(*RELATED)
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    found: CorrectionRequest | None = rows.filter(pk=correction_id).first()
    if found is None:
        raise Http404
    return found
