"""The table of the life of a request, gone through as a whole: every state with every event, every reason against."""

from dataclasses import replace
from itertools import product

import pytest

from approvals.rules import workflow
from approvals.rules.items import item_name
from approvals.rules.workflow import DECIDED, ENDED, OPEN, TRANSITIONS, Event, Facts, State, Why
from schoolbook.rules.regulation import Witness

# The state machine of the requirements, written down once more by hand.
LIFE = {
    "draft": {"submit": "submitted", "withdraw": "withdrawn"},
    "submitted": {
        "withdraw": "withdrawn",
        "refuse": "refused",
        "approve": "approved",
        "expire": "expired",
    },
    "approved": {"complete": "witnessed", "expire": "expired"},
    "witnessed": {"apply": "applied", "expire": "expired"},
}
ASKS, DECIDES, LEADS, KEEPS, NOBODY = 1, 2, 3, 4, 9
DRAFT = Facts(State.DRAFT, ASKS, lines=1, evidence=1, has_reason=True)
SENT = replace(DRAFT, state=State.SUBMITTED, deciders=frozenset({DECIDES}))
APPROVED = replace(
    DRAFT,
    state=State.APPROVED,
    decided_by=DECIDES,
    candidates={
        Witness.ADMIN: frozenset({KEEPS, LEADS}),
        Witness.HOMEROOM_TEACHER: frozenset({LEADS}),
    },
)
WITNESSED = replace(APPROVED, state=State.WITNESSED)


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_every_event_leads_from_every_state_where_the_requirements_say(state, event):
    assert workflow.after(state, event) == LIFE.get(state, {}).get(event)


def test_every_state_is_reached_and_an_ended_request_goes_nowhere():
    assert {step.to for step in TRANSITIONS.values()} | {State.DRAFT} == set(State)
    assert not {state for state, _event in TRANSITIONS} & ENDED
    assert set(State) == OPEN | ENDED | {State.DRAFT}
    assert {State.DRAFT, State.SUBMITTED, State.WITHDRAWN, State.EXPIRED} == set(State) - DECIDED


def test_every_request_ends_only_by_a_way_that_the_requirements_name():
    ways: dict[State, set[tuple[Event, ...]]] = {State.DRAFT: {()}}
    for _step in State:
        for (state, event), step in TRANSITIONS.items():
            ways[step.to] = ways.get(step.to, set()) | {
                (*way, event) for way in ways.get(state, ())
            }
    assert ways[State.APPLIED] == {(Event.SUBMIT, Event.APPROVE, Event.COMPLETE, Event.APPLY)}
    assert ways[State.REFUSED] == {(Event.SUBMIT, Event.REFUSE)}
    assert ways[State.WITHDRAWN] == {(Event.WITHDRAW,), (Event.SUBMIT, Event.WITHDRAW)}
    assert len(ways[State.EXPIRED]) == 3


@pytest.mark.parametrize(
    ("facts", "person", "why"),
    [
        (DRAFT, ASKS, None),
        (DRAFT, NOBODY, Why.NOT_YOURS),
        (SENT, ASKS, Why.NOT_NOW),
        (replace(DRAFT, lines=0), ASKS, Why.NO_LINES),
        (replace(DRAFT, has_reason=False), ASKS, Why.NO_REASON),
        (replace(DRAFT, evidence=0), ASKS, Why.NO_EVIDENCE),
    ],
)
def test_a_draft_is_sent_by_its_author_and_whole(facts, person, why):
    assert workflow.why_not_submit(facts, person) is why


@pytest.mark.parametrize("state", State)
def test_who_asked_takes_back_what_nobody_has_decided(state):
    wanted = None if state in {State.DRAFT, State.SUBMITTED} else Why.NOT_NOW
    assert workflow.why_not_withdraw(replace(DRAFT, state=state), ASKS) is wanted
    assert workflow.why_not_withdraw(replace(DRAFT, state=state), DECIDES) is Why.NOT_YOURS


@pytest.mark.parametrize("state", State)
def test_only_who_may_decide_decides_and_only_what_waits(state):
    facts = replace(SENT, state=state)
    wanted = None if state is State.SUBMITTED else Why.NOT_NOW
    assert workflow.why_not_decide(facts, DECIDES) is wanted
    assert workflow.why_not_decide(facts, NOBODY) is (wanted or Why.NOT_THE_DECIDER)
    assert workflow.why_not_decide(facts, ASKS) is Why.OWN_REQUEST


def test_nobody_decides_their_own_even_where_they_are_named_as_the_decider():
    facts = replace(SENT, deciders=frozenset({ASKS, DECIDES}))
    assert workflow.why_not_decide(facts, ASKS) is Why.OWN_REQUEST


@pytest.mark.parametrize("state", State)
def test_only_what_is_witnessed_is_applied(state):
    wanted = None if state is State.WITNESSED else Why.NOT_NOW
    assert workflow.why_not_apply(replace(WITNESSED, state=state)) is wanted


def test_a_witness_is_asked_for_not_the_decider_and_one_person_once():
    able = {**APPROVED.candidates, Witness.LEADER: frozenset({DECIDES, KEEPS})}
    facts = replace(APPROVED, candidates=able)
    said = replace(APPROVED, words={Witness.ADMIN: KEEPS})
    why = workflow.why_not_witness
    assert why(SENT, KEEPS, Witness.ADMIN) is Why.NOT_NOW
    assert why(facts, DECIDES, Witness.LEADER) is Why.DECIDED_IT
    assert why(APPROVED, NOBODY, Witness.ADMIN) is Why.NOT_A_WITNESS
    assert why(APPROVED, KEEPS, Witness.LEADER) is Why.NOT_A_WITNESS
    assert why(said, KEEPS, Witness.HOMEROOM_TEACHER) is Why.WITNESSED_ALREADY
    assert why(said, LEADS, Witness.ADMIN) is Why.WITNESSED_ALREADY
    assert why(said, LEADS, Witness.HOMEROOM_TEACHER) is None


def test_a_witness_does_not_take_the_place_that_would_leave_another_empty():
    why = workflow.why_not_witness
    assert why(APPROVED, LEADS, Witness.ADMIN) is Why.OTHERS_LEFT_OUT
    assert why(APPROVED, LEADS, Witness.HOMEROOM_TEACHER) is None
    assert why(APPROVED, KEEPS, Witness.ADMIN) is None
    assert workflow.seats(APPROVED, LEADS) == (Witness.HOMEROOM_TEACHER,)
    assert workflow.seats(APPROVED, DECIDES) == ()
    assert workflow.seats(SENT, KEEPS) == ()


def test_a_request_is_witnessed_when_everybody_asked_for_has_confirmed():
    one = replace(APPROVED, words={Witness.ADMIN: KEEPS})
    both = replace(APPROVED, words={Witness.ADMIN: KEEPS, Witness.HOMEROOM_TEACHER: LEADS})
    assert not workflow.is_witnessed(APPROVED)
    assert not workflow.is_witnessed(one)
    assert workflow.is_witnessed(both)
    assert workflow.is_witnessed(replace(APPROVED, candidates={}))


def test_an_item_has_one_name_however_its_place_is_written():
    one = item_name("marks", {"term": 1, "class_subject": 7}, 3, "final:1")
    assert one == item_name("marks", {"class_subject": 7, "term": 1}, 3, "final:1")
    others = [
        item_name("attendance", {"term": 1, "class_subject": 7}, 3, "final:1"),
        item_name("marks", {"term": 2, "class_subject": 7}, 3, "final:1"),
        item_name("marks", {"term": 1, "class_group": 7}, 3, "final:1"),
        item_name("marks", {"term": 1, "class_subject": 7}, 4, "final:1"),
        item_name("marks", {"term": 1, "class_subject": 7}, 3, "final:2"),
    ]
    assert len({one, *others}) == 6
