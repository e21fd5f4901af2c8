"""Who has a part in a request: who may decide it, and who may witness it, by the duties of a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from approvals.models import CorrectionRequest
from approvals.rules.workflow import Facts, State
from schoolbook import clock
from schoolbook.models import HomeroomAssignment, School
from schoolbook.rules import approvers
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Witness
from schoolbook.selectors import approvers as read


@dataclass(frozen=True)
class Duties:
    """Who leads and administers a school on a day, and who leads each class there, by their ids."""

    holders: approvers.Holders
    homerooms: Mapping[int, int]


def duties(school: School, class_groups: Collection[int]) -> Duties:
    """Those of today, for these classes; in two queries."""
    day = clock.today()
    return Duties(read.holders(school, day), homerooms(class_groups, day))


def homerooms(class_groups: Collection[int], day: date) -> dict[int, int]:
    """Who leads these classes on a day; in one query."""
    rows = HomeroomAssignment.objects.on(day).filter(
        class_group__in=class_groups, user__is_active=True
    )
    return dict(rows.order_by("id").values_list("class_group", "user"))


def homeroom(class_group_id: int, day: date) -> int | None:
    """Who leads the class on a day."""
    return homerooms([class_group_id], day).get(class_group_id)


def facts(row: CorrectionRequest, known: Duties | None = None) -> Facts:
    """What is known of a request now; who decides and witnesses by the duties of today. In at most six queries.

    In none beside its witnesses where the duties are known and it was sent: what it says counts while it is a draft.
    """
    state = State(row.state)
    held = known
    if held is None and state in {State.SUBMITTED, State.APPROVED}:
        held = duties(row.school, [row.class_group_id])
    deciders: Sequence[int] = ()
    able: dict[Witness, frozenset[int]] = {}
    if held and state is State.SUBMITTED:
        deputy = row.deputy_id if row.deputy and row.deputy.is_active else None
        role = Role(row.approver_role)
        deciders = approvers.deciders(role, held.holders, deputy, row.requested_by_id)
    if held and state is State.APPROVED:
        able = _candidates(row, held)
    is_draft = state is State.DRAFT
    return Facts(
        state=state,
        requester=row.requested_by_id,
        decided_by=row.decided_by_id,
        deciders=frozenset(deciders),
        candidates=able or {Witness(role): frozenset() for role in row.witness_roles},
        words={Witness(one.role): one.user_id for one in row.witnesses.all()},
        lines=sum(not line.is_dropped for line in row.lines.all()) if is_draft else 0,
        evidence=sum(one.withdrawn_at is None for one in row.evidence.all()) if is_draft else 0,
        has_reason=bool(row.reason),
    )


def _candidates(row: CorrectionRequest, held: Duties) -> dict[Witness, frozenset[int]]:
    return {
        Witness(role): frozenset(
            approvers.candidates(
                Witness(role),
                holders=held.holders,
                requester=row.requested_by_id,
                decider=row.decided_by_id or 0,
                homeroom=held.homerooms.get(row.class_group_id),
            )
        )
        for role in row.witness_roles
    }
