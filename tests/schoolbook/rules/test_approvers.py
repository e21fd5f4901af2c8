"""Who decides a correction, who can witness it, and when a regulation would leave nobody."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolbook.rules.approvers import (
    SOMEBODY_ELSE,
    Shortage,
    candidates,
    deciders,
    empty_seat,
    seats,
    shortage,
)
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Regulation, Witness

HEAD, DEPUTY_HEAD, ANOTHER, ADMIN, TEACHER, NAMED = 1, 2, 3, 4, 5, 6
VICE, FIRST = Role.VICE_PRINCIPAL, Role.PRINCIPAL


def held(heads=(), vices=(), admins=()):
    return {Role.PRINCIPAL: heads, Role.VICE_PRINCIPAL: vices, Role.ADMIN: admins}


@pytest.mark.parametrize(
    ("approver", "holders", "deputy", "requester", "expected"),
    [
        (VICE, held([HEAD], [DEPUTY_HEAD, ANOTHER]), NAMED, TEACHER, (DEPUTY_HEAD, ANOTHER)),
        (VICE, held([HEAD], [DEPUTY_HEAD, ANOTHER]), NAMED, DEPUTY_HEAD, (ANOTHER,)),
        # the only vice-principal asks: the principal decides
        (VICE, held([HEAD], [DEPUTY_HEAD]), NAMED, DEPUTY_HEAD, (HEAD,)),
        # who is both decides nothing of their own: the deputy does
        (VICE, held([HEAD], [HEAD]), NAMED, HEAD, (NAMED,)),
        (VICE, held([], [DEPUTY_HEAD]), NAMED, DEPUTY_HEAD, (NAMED,)),
        (VICE, held([HEAD], []), NAMED, TEACHER, (HEAD,)),
        (FIRST, held([HEAD], [DEPUTY_HEAD]), NAMED, TEACHER, (HEAD,)),
        (FIRST, held([HEAD], [DEPUTY_HEAD]), NAMED, HEAD, (DEPUTY_HEAD,)),
        (FIRST, held([HEAD], []), NAMED, HEAD, (NAMED,)),
        (VICE, held(), NAMED, TEACHER, (NAMED,)),
        (VICE, held(), NAMED, NAMED, ()),
        (VICE, held(), None, TEACHER, ()),
        (VICE, {}, None, TEACHER, ()),
    ],
)
def test_who_decides(approver, holders, deputy, requester, expected):
    assert deciders(approver, holders, deputy, requester) == expected


some = st.lists(st.integers(1, 5), max_size=3, unique=True)


@given(st.sampled_from([VICE, FIRST]), some, some, st.none() | st.integers(1, 5), st.integers(1, 5))
def test_nobody_ever_decides_what_they_asked_for(approver, heads, vices, deputy, requester):
    found = deciders(approver, held(heads, vices), deputy, requester)
    assert requester not in found
    others = {*heads, *vices, deputy} - {requester, None}
    assert bool(found) == bool(others)


# For each witness's place, who of four people can take it: a bit for each.
@given(st.lists(st.integers(0, 15), max_size=4))
def test_seats_are_found_exactly_when_there_are_people_enough(bits):
    able = {
        witness: {person for person in range(1, 5) if one & 1 << person - 1}
        for witness, one in zip(Witness, bits, strict=False)
    }
    found = seats(able)
    possible = any(
        all(person in able[witness] for witness, person in zip(able, row, strict=True))
        for row in permutations(range(1, 5), len(able))
    )
    assert (found is not None) == possible
    if found is not None:
        assert set(found) == set(able)
        assert len(set(found.values())) == len(found)
        assert all(person in able[witness] for witness, person in found.items())


def test_who_decided_witnesses_nothing_in_whatever_place():
    everything = {
        "holders": held([HEAD], [DEPUTY_HEAD], [ADMIN, HEAD]),
        "requester": TEACHER,
        "homeroom": TEACHER,
    }
    assert candidates(Witness.LEADER, decider=DEPUTY_HEAD, **everything) == (HEAD,)
    assert candidates(Witness.ADMIN, decider=HEAD, **everything) == (ADMIN,)
    assert candidates(Witness.HOMEROOM_TEACHER, decider=TEACHER, **everything) == ()
    assert candidates(Witness.REQUESTER, decider=HEAD, **everything) == (TEACHER,)


@pytest.mark.parametrize(
    ("witnesses", "homeroom", "expected"),
    [
        ([Witness.LEADER, Witness.ADMIN, Witness.REQUESTER], TEACHER, None),
        ([Witness.ADMIN, Witness.HOMEROOM_TEACHER], None, Witness.HOMEROOM_TEACHER),
        ([Witness.ADMIN, Witness.HOMEROOM_TEACHER], ADMIN, Witness.HOMEROOM_TEACHER),
        ([Witness.HOMEROOM_TEACHER, Witness.REQUESTER], TEACHER, Witness.REQUESTER),
    ],
)
def test_a_place_that_nobody_is_left_for_is_named(witnesses, homeroom, expected):
    holders = held([HEAD], [DEPUTY_HEAD], [ADMIN])
    assert (
        empty_seat(
            witnesses, holders=holders, requester=TEACHER, decider=DEPUTY_HEAD, homeroom=homeroom
        )
        is expected
    )


USUAL = held([HEAD], [DEPUTY_HEAD], [ADMIN])


@pytest.mark.parametrize(
    ("parameters", "holders", "deputy", "expected"),
    [
        ({}, USUAL, None, None),
        ({"correction_approver": FIRST}, USUAL, None, None),
        ({}, held(admins=[ADMIN]), None, Shortage(None)),
        ({}, held([HEAD]), None, Shortage(HEAD)),
        ({}, held([HEAD]), HEAD, Shortage(HEAD)),
        ({}, held([HEAD]), NAMED, None),
        ({}, held(), NAMED, Shortage(NAMED)),
        ({"correction_witnesses": (Witness.ADMIN,)}, USUAL, None, None),
        ({"correction_witnesses": (Witness.ADMIN,)}, held([HEAD], [ANOTHER]), None, "admin"),
        ({"correction_witnesses": (Witness.LEADER,)}, USUAL, None, None),
        ({"correction_witnesses": (Witness.LEADER,)}, held([HEAD]), NAMED, "leader"),
        # the only administrator is the vice-principal, who decides
        (
            {"correction_witnesses": (Witness.ADMIN,)},
            held([HEAD], [ANOTHER], [ANOTHER]),
            6,
            "admin",
        ),
    ],
)
def test_a_regulation_that_would_leave_nobody_is_found(parameters, holders, deputy, expected):
    if isinstance(expected, str):
        expected = Shortage(None, Witness(expected))
    assert shortage(Regulation(**parameters), holders, deputy) == expected


def test_a_leader_who_asks_cannot_also_stand_for_the_leaders():
    witnesses = (Witness.LEADER, Witness.ADMIN, Witness.REQUESTER)
    parameters = Regulation(correction_approver=FIRST, correction_witnesses=witnesses)
    assert shortage(parameters, USUAL, None) == Shortage(HEAD, Witness.REQUESTER)
    three = held([HEAD], [DEPUTY_HEAD, ANOTHER], [ADMIN])
    assert shortage(parameters, three, None) == Shortage(ADMIN, Witness.REQUESTER)
    assert shortage(parameters, {**three, Role.ADMIN: [ADMIN, NAMED]}, None) is None


def test_people_without_duties_are_asked_for_first():
    assert SOMEBODY_ELSE not in {HEAD, DEPUTY_HEAD}
    assert shortage(Regulation(), held(), None) == Shortage(None)
