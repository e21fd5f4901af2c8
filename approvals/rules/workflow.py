"""The life of a request for a correction, as one table; plain Python, no Django (R-120 – R-127).

draft → submitted → refused | approved → witnessed → applied, and withdrawn or expired. The database holds the same
table: `models.triggers.FollowsWorkflow` is written from `TRANSITIONS`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from schoolbook.rules import approvers
from schoolbook.rules.regulation import Witness


class State(StrEnum):
    """How far a request has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REFUSED = "refused"
    APPROVED = "approved"
    WITNESSED = "witnessed"  # every witness the regulation asks for has confirmed; also where it asks for none
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"  # what it would change was changed meanwhile


class Event(StrEnum):
    """What happens to a request."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    REFUSE = "refuse"
    APPROVE = "approve"
    COMPLETE = "complete"  # the last witness has confirmed, or none is asked for
    APPLY = "apply"
    EXPIRE = "expire"


class Part(StrEnum):
    """Whose step it is."""

    REQUESTER = "requester"
    DECIDER = "decider"  # by the regulation in force on the day of filing, and never the requester
    WITNESS = "witness"
    ADMIN = "admin"
    SYSTEM = "system"  # follows from something else


@dataclass(frozen=True, slots=True)
class Step:
    """Where an event leads, and who may let it happen."""

    to: State
    by: Part


TRANSITIONS: dict[tuple[State, Event], Step] = {
    (State.DRAFT, Event.SUBMIT): Step(State.SUBMITTED, Part.REQUESTER),
    (State.DRAFT, Event.WITHDRAW): Step(State.WITHDRAWN, Part.REQUESTER),
    (State.SUBMITTED, Event.WITHDRAW): Step(State.WITHDRAWN, Part.REQUESTER),
    (State.SUBMITTED, Event.REFUSE): Step(State.REFUSED, Part.DECIDER),
    (State.SUBMITTED, Event.APPROVE): Step(State.APPROVED, Part.DECIDER),
    (State.SUBMITTED, Event.EXPIRE): Step(State.EXPIRED, Part.SYSTEM),
    (State.APPROVED, Event.COMPLETE): Step(State.WITNESSED, Part.WITNESS),
    (State.APPROVED, Event.EXPIRE): Step(State.EXPIRED, Part.SYSTEM),
    (State.WITNESSED, Event.APPLY): Step(State.APPLIED, Part.ADMIN),
    (State.WITNESSED, Event.EXPIRE): Step(State.EXPIRED, Part.SYSTEM),
}
# A request that is open holds its cells: there is no other for them.
OPEN = frozenset({State.SUBMITTED, State.APPROVED, State.WITNESSED})
ENDED = frozenset({State.REFUSED, State.APPLIED, State.WITHDRAWN, State.EXPIRED})
DECIDED = frozenset({State.REFUSED, State.APPROVED, State.WITNESSED, State.APPLIED})


class Why(StrEnum):
    """Why a step cannot be taken."""

    NOT_NOW = "not_now"  # the request has come to another place in its life
    NOT_YOURS = "not_yours"
    OWN_REQUEST = "own_request"
    NOT_THE_DECIDER = "not_the_decider"
    NOT_A_WITNESS = "not_a_witness"
    DECIDED_IT = "decided_it"
    WITNESSED_ALREADY = "witnessed_already"
    OTHERS_LEFT_OUT = "others_left_out"  # the rest of the witnesses could not be found then
    NO_EVIDENCE = "no_evidence"
    NO_LINES = "no_lines"
    NO_REASON = "no_reason"


@dataclass(frozen=True)
class Facts:
    """What is known of a request when somebody wants to take a step; people are named by their ids.

    `deciders` are those who may decide it; `candidates` says who may be each of the witnesses asked for, and `words`
    who has confirmed as what.
    """

    state: State
    requester: int
    decided_by: int | None = None
    deciders: frozenset[int] = frozenset()
    candidates: Mapping[Witness, frozenset[int]] = field(default_factory=dict)
    words: Mapping[Witness, int] = field(default_factory=dict)
    lines: int = 0
    evidence: int = 0
    has_reason: bool = False


def after(state: State, event: Event) -> State | None:
    """Where an event leads from here; None where it cannot happen."""
    step = TRANSITIONS.get((state, event))
    return step.to if step else None


def why_not_submit(facts: Facts, person: int) -> Why | None:
    """The first reason against sending a draft."""
    reasons = (
        (Why.NOT_YOURS, person != facts.requester),
        (Why.NOT_NOW, after(facts.state, Event.SUBMIT) is None),
        (Why.NO_LINES, facts.lines == 0),
        (Why.NO_REASON, not facts.has_reason),
        (Why.NO_EVIDENCE, facts.evidence == 0),
    )
    return _first(reasons)


def why_not_withdraw(facts: Facts, person: int) -> Why | None:
    """The first reason against taking a request back."""
    reasons = (
        (Why.NOT_YOURS, person != facts.requester),
        (Why.NOT_NOW, after(facts.state, Event.WITHDRAW) is None),
    )
    return _first(reasons)


def why_not_decide(facts: Facts, person: int) -> Why | None:
    """The first reason against this person approving or refusing: by person, not only by role (R-122, R-127)."""
    reasons = (
        (Why.OWN_REQUEST, person == facts.requester),
        (Why.NOT_NOW, after(facts.state, Event.APPROVE) is None),
        (Why.NOT_THE_DECIDER, person not in facts.deciders),
    )
    return _first(reasons)


def seats(facts: Facts, person: int) -> tuple[Witness, ...]:
    """As which witnesses this person could confirm now, so that the others can still be found (R-125, R-126)."""
    if facts.state is not State.APPROVED or person == facts.decided_by:
        return ()
    if person in facts.words.values():
        return ()
    sure: dict[Witness, Collection[int]] = {role: {one} for role, one in facts.words.items()}
    left = {role: able for role, able in facts.candidates.items() if role not in facts.words}
    return tuple(
        role
        for role, able in left.items()
        if person in able and approvers.seats({**left, **sure, role: {person}}) is not None
    )


def why_not_witness(facts: Facts, person: int, role: Witness) -> Why | None:
    """The first reason against this person confirming as this witness."""
    reasons = (
        (Why.NOT_NOW, facts.state is not State.APPROVED),
        (Why.DECIDED_IT, person == facts.decided_by),
        (Why.WITNESSED_ALREADY, person in facts.words.values() or role in facts.words),
        (Why.NOT_A_WITNESS, person not in facts.candidates.get(role, frozenset())),
        (Why.OTHERS_LEFT_OUT, role not in seats(facts, person)),
    )
    return _first(reasons)


def why_not_apply(facts: Facts) -> Why | None:
    """The reason against applying; that the person is an administrator is asked where the request is fetched."""
    return None if after(facts.state, Event.APPLY) else Why.NOT_NOW


def is_witnessed(facts: Facts) -> bool:
    """Whether every witness asked for has confirmed."""
    return set(facts.words) == set(facts.candidates)


def _first(reasons: Sequence[tuple[Why, bool]]) -> Why | None:
    return next((why for why, holds in reasons if holds), None)
