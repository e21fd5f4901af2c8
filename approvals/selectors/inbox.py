"""Requests as those who deal with them look for them: what waits for somebody, and lists of a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone

from approvals.models import CorrectionLine, CorrectionRequest, Opened, Witnessing
from approvals.rules import workflow
from approvals.rules.workflow import OPEN, Facts, State
from approvals.selectors import parties
from schoolbook import clock
from schoolbook.models import ClassGroup, SchoolYear, Subject, User
from schoolbook.rules.permissions import Action, Role
from schoolbook.rules.regulation import Witness
from schoolbook.selectors import approvers as read

# The lines and whether somebody opened it, as a list shows them.
LINES = Prefetch(
    "lines",
    CorrectionLine.objects.filter(is_dropped=False).order_by("place", "id"),
    to_attr="shown_lines",
)


@dataclass(frozen=True)
class Waiting:
    """What waits for one person, oldest first: to be decided, to be witnessed, to be applied."""

    to_decide: tuple[CorrectionRequest, ...] = ()
    to_witness: tuple[CorrectionRequest, ...] = ()
    to_apply: tuple[CorrectionRequest, ...] = ()


def waiting(rows: QuerySet[CorrectionRequest], user: User, rights: Collection[Action]) -> Waiting:
    """What of these requests waits for this person, who has these rights today.

    In four queries: requests, words of witnesses, duties, homerooms; in one where none is open.
    """
    found = list(
        rows.filter(state__in=sorted(OPEN))
        .prefetch_related("witnesses")
        .order_by("submitted_at", "id")
    )
    if not found or user.school is None:
        return Waiting()
    known = parties.duties(user.school, {row.class_group_id for row in found})
    facts = {row.pk: parties.facts(row, known) for row in found}
    return Waiting(
        to_decide=tuple(row for row in found if may_decide(row, facts[row.pk], user, rights)),
        to_witness=tuple(row for row in found if workflow.seats(facts[row.pk], user.pk)),
        to_apply=tuple(row for row in found if may_apply(facts[row.pk], rights)),
    )


def may_decide(
    row: CorrectionRequest, facts: Facts, user: User, rights: Collection[Action]
) -> bool:
    """Whether this person decides a request now: by duty or as the deputy, and by the workflow."""
    lets = Action.DECIDE_CORRECTIONS in rights or row.deputy_id == user.pk
    return lets and workflow.why_not_decide(facts, user.pk) is None


def may_apply(facts: Facts, rights: Collection[Action]) -> bool:
    """Whether somebody with these rights applies a request now."""
    return Action.APPLY_CORRECTIONS in rights and workflow.why_not_apply(facts) is None


def with_lines(found: Sequence[CorrectionRequest]) -> Sequence[CorrectionRequest]:
    """The same requests with what they would change as `shown_lines`; in one query."""
    prefetch_related_objects(list(found), LINES)
    return found


def opened(found: Sequence[CorrectionRequest], user: User) -> set[int]:
    """Which of these requests this person has opened, by id; in one query."""
    rows = Opened.objects.filter(correction__in=[row.pk for row in found], user=user)
    return set(rows.values_list("correction", flat=True))


def age(row: CorrectionRequest) -> int:
    """How many days ago a request was sent."""
    return _days(row.submitted_at)


def waits(row: CorrectionRequest) -> int:
    """For how many days a request has waited for whose turn it is."""
    return _days(since(row))


def _days(moment: datetime | None) -> int:
    return (timezone.localdate() - timezone.localdate(moment)).days if moment else 0


@dataclass(frozen=True)
class Wanted:
    """Which requests a list shows; nothing set is all of a year."""

    state: str = ""
    class_group: ClassGroup | None = None
    subject: Subject | None = None
    requested_by: User | None = None


def listed(
    rows: QuerySet[CorrectionRequest], year: SchoolYear | None, wanted: Wanted
) -> QuerySet[CorrectionRequest]:
    """The requests of a year, newest first, with their lines."""
    found = of_year(rows, year)
    for name, value in (
        ("state", wanted.state),
        ("class_group", wanted.class_group),
        ("class_subject__subject", wanted.subject),
        ("requested_by", wanted.requested_by),
    ):
        if value:
            found = found.filter(**{name: value})
    return found.prefetch_related(LINES).order_by("-id")


def of_year(
    rows: QuerySet[CorrectionRequest], year: SchoolYear | None
) -> QuerySet[CorrectionRequest]:
    """Those of a year; all where there is none."""
    return rows.filter(year=year) if year else rows


def words(row: CorrectionRequest) -> list[Witnessing]:
    """The words of a request's witnesses, in the order in which they were given."""
    return list(row.witnesses.select_related("user").order_by("id"))


def asked_before(row: CorrectionRequest) -> dict[State, int]:
    """How many requests of the same person and term there are by what became of them, drafts left out; in one query."""
    rows = CorrectionRequest.objects.filter(
        school=row.school_id,
        year=row.year_id,
        term=row.term,
        requested_by=row.requested_by_id,
        submitted_at__isnull=False,
    )
    counted = Counter(rows.values_list("state", flat=True))
    return {state: counted[state.value] for state in State if counted[state.value]}


@dataclass(frozen=True)
class Turn:
    """Who may take one step now: as which witness, if it is one."""

    names: tuple[str, ...]
    witness: Witness | None = None


def turns(row: CorrectionRequest, facts: Facts) -> list[Turn]:
    """Whose turn it is: who decides, who could be each witness that is missing, who applies; in two queries."""
    able: list[tuple[Collection[int], Witness | None]] = []
    if facts.state is State.SUBMITTED:
        able = [(facts.deciders, None)]
    elif facts.state is State.APPROVED:
        able = [
            (people - set(facts.words.values()), role)
            for role, people in facts.candidates.items()
            if role not in facts.words
        ]
    elif facts.state is State.WITNESSED:
        able = [(read.holders(row.school, clock.today())[Role.ADMIN], None)]
    people = {one for ids, _role in able for one in ids}
    named: dict[int, Any] = User.objects.in_bulk(people)
    return [
        Turn(tuple(named[one].full_name for one in sorted(ids) if one in named), role)
        for ids, role in able
    ]


def since(row: CorrectionRequest) -> datetime | None:
    """Since when a request waits for whose turn it is."""
    return {
        State.SUBMITTED: row.submitted_at,
        State.APPROVED: row.decided_at,
        State.WITNESSED: row.witnessed_at,
    }.get(State(row.state))
