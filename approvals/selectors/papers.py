"""What the official form says of the people in a request: by which duty each took part in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from approvals.models import CorrectionRequest, Evidence, Witnessing
from schoolbook.models import Duty, HomeroomAssignment, TeachingAssignment
from schoolbook.rules.approvers import LEADERS
from schoolbook.rules.permissions import Role


def requested_as(row: CorrectionRequest) -> Role | None:
    """As what somebody asked for the correction: as a teacher of the subject, of the class, or of the admin board.

    By what the person was ever charged with; None where it was nothing of these. In at most three queries.
    """
    person = row.requested_by
    if (
        row.class_subject_id
        and TeachingAssignment.objects.filter(
            class_subject=row.class_subject_id, user=person
        ).exists()
    ):
        return Role.SUBJECT_TEACHER
    if HomeroomAssignment.objects.filter(class_group=row.class_group_id, user=person).exists():
        return Role.HOMEROOM_TEACHER
    if Duty.objects.filter(school=row.school_id, user=person, role=Role.ADMIN).exists():
        return Role.ADMIN
    return None


def decided_as(row: CorrectionRequest) -> Role | None:
    """By which duty of that day a request was decided; None for the deputy, or where nobody has yet; in one query."""
    if row.decided_by is None or row.decided_at is None:
        return None
    day: date = timezone.localdate(row.decided_at)
    held = set(
        Duty.objects.on(day)
        .filter(school=row.school_id, user=row.decided_by, role__in=LEADERS)
        .values_list("role", flat=True)
    )
    wanted = (row.approver_role, *LEADERS)
    return next((Role(role) for role in wanted if role in held), None)


def witnesses(row: CorrectionRequest) -> Sequence[Witnessing]:
    """The words of witnesses, in the order in which they were given; in one query."""
    return list(row.witnesses.select_related("user").order_by("confirmed_at", "id"))


def evidence(row: CorrectionRequest) -> Sequence[Evidence]:
    """The files of a request, without those that were taken out, each with whose it is; in one query."""
    return list(row.evidence.filter(withdrawn_at=None).select_related("added_by").order_by("id"))
