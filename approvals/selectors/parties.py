"""Who has a part in a request: who may decide it, and who may witness it, by the duties of a day."""

from __future__ import annotations

from datetime import date

from approvals.models import CorrectionRequest
from approvals.rules.workflow import Facts, State
from schoolbook import clock
from schoolbook.models import HomeroomAssignment
from schoolbook.rules import approvers
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Witness
from schoolbook.selectors import approvers as read


def homeroom(class_group_id: int, day: date) -> int | None:
    """Who leads the class on a day."""
    rows = HomeroomAssignment.objects.on(day).filter(
        class_group=class_group_id, user__is_active=True
    )
    return rows.order_by("-id").values_list("user", flat=True).first()


def facts(row: CorrectionRequest) -> Facts:
    """What is known of a request now; who decides and witnesses by the duties of today. In at most six queries."""
    state, day = State(row.state), clock.today()
    deciders: tuple[int, ...] = ()
    able: dict[Witness, frozenset[int]] = {}
    if state in {State.SUBMITTED, State.APPROVED}:
        held = read.holders(row.school, day)
        if state is State.SUBMITTED:
            deputy = row.deputy_id if row.deputy and row.deputy.is_active else None
            deciders = approvers.deciders(
                Role(row.approver_role), held, deputy, row.requested_by_id
            )
        else:
            able = _candidates(row, held, day)
    words = {Witness(one.role): one.user_id for one in row.witnesses.all()}
    return Facts(
        state=state,
        requester=row.requested_by_id,
        decided_by=row.decided_by_id,
        deciders=frozenset(deciders),
        candidates=able or {Witness(role): frozenset() for role in row.witness_roles},
        words=words,
        lines=sum(not line.is_dropped for line in row.lines.all()),
        evidence=sum(one.withdrawn_at is None for one in row.evidence.all()),
        has_reason=bool(row.reason),
    )


def _candidates(
    row: CorrectionRequest, held: approvers.Holders, day: date
) -> dict[Witness, frozenset[int]]:
    leads = homeroom(row.class_group_id, day)
    return {
        Witness(role): frozenset(
            approvers.candidates(
                Witness(role),
                holders=held,
                requester=row.requested_by_id,
                decider=row.decided_by_id or 0,
                homeroom=leads,
            )
        )
        for role in row.witness_roles
    }
