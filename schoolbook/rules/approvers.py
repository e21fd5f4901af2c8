"""Who decides a correction, and who can witness it, by the duties of a day and the school's regulation. No Django here.

People are their ids. `holders` says who holds which duty that day, without those whose accounts are deactivated;
`deputy` is the one whom the regulation names, if that account is open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Regulation, Witness

Holders = Mapping[Role, Sequence[int]]

LEADERS = (Role.PRINCIPAL, Role.VICE_PRINCIPAL)
# Stands for a person who holds none of the duties looked at, such as the homeroom teacher of some class.
SOMEBODY, SOMEBODY_ELSE = -1, -2


def deciders(
    approver: Role, holders: Holders, deputy: int | None, requester: int
) -> tuple[int, ...]:
    """Those any of whom decides what this person asks for; nobody decides their own (R-122, R-123, R-127).

    Whoever holds the duty that approves; if only the requester does, a principal, then a vice-principal, then the
    deputy. Empty when there is nobody.
    """
    for role in dict.fromkeys((approver, *LEADERS)):
        if found := tuple(one for one in holders.get(role, ()) if one != requester):
            return found
    return () if deputy in {None, requester} else (deputy,)


def candidates(
    witness: Witness, *, holders: Holders, requester: int, decider: int, homeroom: int | None
) -> tuple[int, ...]:
    """Who can take this witness's place: never the one who decided (R-125, R-126).

    `homeroom` is the homeroom teacher of the pupil's class, None where it has none.
    """
    able: Mapping[Witness, Sequence[int | None]] = {
        Witness.LEADER: [one for role in LEADERS for one in holders.get(role, ())],
        Witness.ADMIN: holders.get(Role.ADMIN, ()),
        Witness.HOMEROOM_TEACHER: [homeroom],
        Witness.REQUESTER: [requester],
    }
    found = dict.fromkeys(able[witness])
    return tuple(one for one in found if one is not None and one != decider)


def seats(able: Mapping[Witness, Collection[int]]) -> dict[Witness, int] | None:
    """A person for each witness's place, each person once; None if that cannot be.

    `able` says who can take which place: only the one who has, where somebody has witnessed already.
    """
    taken: dict[int, Witness] = {}

    def finds(witness: Witness, asked: set[int]) -> bool:
        for person in able[witness]:
            if person not in asked:
                asked.add(person)
                if person not in taken or finds(taken[person], asked):
                    taken[person] = witness
                    return True
        return False

    if not all(finds(witness, set()) for witness in able):
        return None
    return {witness: person for person, witness in taken.items()}


def empty_seat(
    witnesses: Sequence[Witness],
    *,
    holders: Holders,
    requester: int,
    decider: int,
    homeroom: int | None = SOMEBODY,
) -> Witness | None:
    """The first of these places that nobody is left for; None when all can be taken by different people."""
    able: dict[Witness, tuple[int, ...]] = {}
    for witness in witnesses:
        able[witness] = candidates(
            witness, holders=holders, requester=requester, decider=decider, homeroom=homeroom
        )
        if seats(able) is None:
            return witness
    return None


@dataclass(frozen=True, slots=True)
class Shortage:
    """For whose request somebody is missing: to decide it, or to witness it in this place.

    `requester` is None where it is so for anybody who holds none of the duties looked at.
    """

    requester: int | None
    witness: Witness | None = None


def shortage(parameters: Regulation, holders: Holders, deputy: int | None) -> Shortage | None:
    """The first request that nobody could decide or witness under this regulation; None when all could be.

    It is asked for teachers without other duties, then for everybody who holds one. Whoever of those who may decide
    does so, the witnesses must be left.
    """
    charged = {one for held in holders.values() for one in held} | ({deputy} - {None})
    for requester in (SOMEBODY_ELSE, *sorted(one for one in charged if one is not None)):
        who = None if requester == SOMEBODY_ELSE else requester
        able = deciders(parameters.correction_approver, holders, deputy, requester)
        if not able:
            return Shortage(who)
        for decider in able:
            empty = empty_seat(
                parameters.correction_witnesses,
                holders=holders,
                requester=requester,
                decider=decider,
            )
            if empty:
                return Shortage(who, empty)
    return None
