"""Who a request goes to: by the regulation and the duties of a day, in names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from approvals.models import CorrectionRequest
from approvals.models.requests import WITNESS_NAMES
from approvals.rules.workflow import State
from schoolbook.models import School, User
from schoolbook.models.duties import ROLE_NAMES
from schoolbook.rules import approvers
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Regulation, Witness
from schoolbook.selectors import approvers as people
from schoolbook.selectors import schools


@dataclass(frozen=True, slots=True)
class Outlook:
    """To whom a request would go: who decides, by which duty, and which witnesses are asked for.

    `duty` is empty where a deputy decides; nobody is named where nobody could decide.
    """

    duty: str
    deciders: tuple[str, ...]
    witnesses: tuple[str, ...]


def outlook(requester: User, school: School, day: date) -> Outlook:
    """What the regulation of the day says of a request by this person; in four queries at most."""
    regulation = schools.regulation_on(school, day)
    held, deputy = people.holders(school, day), people.deputy(school, regulation)
    able = approvers.deciders(regulation.correction_approver, held, deputy, requester.pk)
    return Outlook(
        duty=_duty(regulation, held, able),
        deciders=tuple(_names(able).values()),
        witnesses=tuple(str(WITNESS_NAMES[one]) for one in regulation.correction_witnesses),
    )


def _duty(regulation: Regulation, held: approvers.Holders, able: Sequence[int]) -> str:
    """The name of the duty by which these decide, as the school calls it."""
    roles = dict.fromkeys((regulation.correction_approver, *approvers.LEADERS))
    by = next((role for role in roles if set(able) & set(held.get(role, ()))), None)
    return regulation.words.get(by.value) or str(ROLE_NAMES[by]) if by else ""


def _names(ids: Iterable[int]) -> dict[int, str]:
    rows = User.objects.filter(pk__in=set(ids)).order_by("id")
    return dict(rows.values_list("pk", "full_name"))


def awaited(rows: Sequence[CorrectionRequest], school: School, day: date) -> Mapping[int, str]:
    """For each request that waits for a decision or a witness, for whom, in words; in two queries at most."""
    waiting = [row for row in rows if row.state in {State.SUBMITTED, State.APPROVED}]
    if not waiting:
        return {}
    held = people.holders(school, day)
    able = {
        row.pk: approvers.deciders(Role(row.approver_role), held, _deputy(row), row.requested_by_id)
        for row in waiting
        if row.state == State.SUBMITTED
    }
    names = _names(one for found in able.values() for one in found)
    return {
        row.pk: ", ".join(
            [names[one] for one in able[row.pk]] if row.pk in able else _witnesses_left(row)
        )
        for row in waiting
    }


def _deputy(row: CorrectionRequest) -> int | None:
    return row.deputy_id if row.deputy and row.deputy.is_active else None


def _witnesses_left(row: CorrectionRequest) -> list[str]:
    there = {one.role for one in row.witnesses.all()}
    return [str(WITNESS_NAMES[Witness(role)]) for role in row.witness_roles if role not in there]
