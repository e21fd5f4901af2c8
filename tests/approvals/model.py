"""The life of requests once more, small and independent: what the services and the database are measured against.

People are their user names. Nothing here is shared with the code under test.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

from tests import cast

AN, BINH, CHI, LAN, MINH, PHUC, THU = (
    person.username
    for person in (cast.AN, cast.BINH, cast.CHI, cast.LAN, cast.MINH, cast.PHUC, cast.THU)
)
PEOPLE = (AN, BINH, CHI, LAN, MINH, PHUC, THU)
# Thu is vice-principal and of the admin board; Phúc holds nothing, and may be named as the deputy.
HOLDS = {"vice_principal": {THU}, "principal": {BINH}, "admin": {AN, THU}}
MAY_ASK, MAY_APPLY = {CHI, AN, THU}, {AN, THU}
OPEN = {"submitted", "approved", "witnessed"}


@dataclass
class Cell:
    """What stands in a cell, and in which version."""

    text: str = "8"
    version: int = 1


@dataclass
class Request:
    """A request as the model knows it; `lines` are key: (version, proposed)."""

    by: str
    lines: dict[str, tuple[int, str]]
    state: str = "draft"
    evidence: int = 0
    approver: str = ""
    roles: tuple[str, ...] = ()
    deputy: str = ""
    decided_by: str = ""
    words: dict[str, str] = field(default_factory=dict)


@dataclass
class School:
    """Two cells of one pupil, whether they are locked, the regulation and all requests by their ids."""

    approver: str
    roles: tuple[str, ...]
    deputy: str = ""
    is_locked: bool = True
    cells: dict[str, Cell] = field(default_factory=lambda: {"final:1": Cell(), "midterm:1": Cell()})
    requests: dict[int, Request] = field(default_factory=dict)

    def draft_of(self, person: str) -> int | None:
        """The draft of this person, if there is one."""
        found = [
            pk for pk, one in self.requests.items() if (one.by, one.state) == (person, "draft")
        ]
        return found[-1] if found else None

    def changed(self, typed: dict[str, str]) -> dict[str, tuple[int, str]]:
        """What of this would change something, as lines."""
        return {
            key: (self.cells[key].version, text)
            for key, text in typed.items()
            if text != self.cells[key].text
        }

    def may_draft(self, person: str, typed: dict[str, str]) -> bool:
        """Whether a draft can be kept: by whom, of something else than there is, while it is locked."""
        return person in MAY_ASK and bool(self.changed(typed)) and self.is_locked

    def deciders(self, approver: str, by: str, deputy: str) -> set[str]:
        """Who decides what this person asks for."""
        for role in (approver, "principal", "vice_principal"):
            if left := HOLDS[role] - {by}:
                return left
        return {deputy} - {by, ""}

    def able(self, role: str, by: str, decider: str) -> set[str]:
        """Who can be this witness."""
        who = {
            "leader": HOLDS["principal"] | HOLDS["vice_principal"],
            "admin": HOLDS["admin"],
            "homeroom_teacher": {LAN},
            "requester": {by},
        }[role]
        return who - {decider}

    def can_sit(self, roles: Iterable[str], by: str, decider: str, words: dict[str, str]) -> bool:
        """Whether all of these can be different people, those who have confirmed where they did; by trying all."""
        able = [{words[one]} if one in words else self.able(one, by, decider) for one in roles]
        return any(len(set(taken)) == len(able) for taken in product(*able))

    def may_send(self, pk: int) -> bool:
        """Whether this draft can be sent now."""
        one = self.requests[pk]
        able = self.deciders(self.approver, one.by, self.deputy)
        return (
            self.is_locked
            and one.evidence > 0
            and all(
                self.cells[key].version == version and self.cells[key].text != text
                for key, (version, text) in one.lines.items()
            )
            and not self.held() & set(one.lines)
            and any(self.can_sit(self.roles, one.by, decider, {}) for decider in able)
        )

    def held(self) -> set[str]:
        """The cells that an open request is about."""
        return {key for one in self.requests.values() if one.state in OPEN for key in one.lines}

    def send(self, pk: int) -> None:
        """It is sent, under the regulation of now."""
        one = self.requests[pk]
        one.state, one.approver, one.roles = "submitted", self.approver, self.roles
        one.deputy = self.deputy

    def may_decide(self, pk: int, person: str) -> bool:
        """Whether this person decides this one now."""
        one = self.requests[pk]
        return one.state == "submitted" and person in self.deciders(
            one.approver, one.by, one.deputy
        )

    def decide(self, pk: int, person: str, *, agreed: bool) -> None:
        """It is approved or refused."""
        one = self.requests[pk]
        one.decided_by = person
        one.state = ("approved" if one.roles else "witnessed") if agreed else "refused"

    def may_witness(self, pk: int, person: str, role: str) -> bool:
        """Whether this person confirms as this witness now."""
        one = self.requests[pk]
        return (
            one.state == "approved"
            and role in one.roles
            and role not in one.words
            and person not in one.words.values()
            and person in self.able(role, one.by, one.decided_by)
            and self.can_sit(one.roles, one.by, one.decided_by, {**one.words, role: person})
        )

    def witness(self, pk: int, person: str, role: str) -> None:
        """The word of a witness; the last one completes."""
        one = self.requests[pk]
        one.words[role] = person
        if set(one.words) == set(one.roles):
            one.state = "witnessed"

    def apply(self, pk: int) -> None:
        """The cells are written."""
        one = self.requests[pk]
        one.state = "applied"
        for key, (version, text) in one.lines.items():
            self.cells[key] = Cell(text, version + 1)

    def write(self, key: str, text: str) -> None:
        """A teacher types into an unlocked cell: whatever is asked about it expires."""
        if text == self.cells[key].text:
            return
        self.cells[key] = Cell(text, self.cells[key].version + 1)
        for one in self.requests.values():
            if one.state in OPEN and key in one.lines:
                one.state = "expired"
