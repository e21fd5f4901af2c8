"""Locks and unlocks as pages read them: the board of a year, lists of requests, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from gradebook.models import BookKind, LockAct, LockKind, LockState
from gradebook.rules import scopes
from gradebook.rules.closing import LockScope
from gradebook.rules.scopes import BookStanding, Carried
from schoolbook import clock
from schoolbook.models import ClassGroup, SchoolYear, Student, User
from schoolbook.selectors import classes

RECENT = timedelta(days=7)
# The books of a class in the order of the columns of the board.
BOOKS = tuple((term, kind.value) for term in (1, 2) for kind in BookKind)


@dataclass(frozen=True)
class BoardLine:
    """A class, or a whole grade whose classes all stand alike, with the standing of each of `BOOKS`."""

    grade: int
    name: str
    standings: tuple[BookStanding, ...]


@dataclass(frozen=True)
class Board:
    """What is locked in a year now; `unlocks` are those in force, the first to end first."""

    lines: tuple[BoardLine, ...]
    unlocks: tuple[LockAct, ...]

    @property
    def is_free(self) -> bool:
        """Whether nothing at all is locked."""
        return all(one.how is scopes.How.FREE for line in self.lines for one in line.standings)


def board(year: SchoolYear) -> Board:
    """What is locked in a year now, since when and by whose decision; in two queries."""
    moment = clock.now()
    carried = _carried(year, moment)
    groups = classes.in_order(ClassGroup.objects.filter(year=year))
    lines = [
        BoardLine(group.grade, group.name, _standings(group, carried, moment)) for group in groups
    ]
    unlocks = [
        act.row
        for act in carried
        if act.kind == LockKind.UNLOCK and not scopes.is_overtaken(act, carried)
    ]
    return Board(
        lines=tuple(_compact(lines)),
        unlocks=tuple(sorted(unlocks, key=lambda row: (row.ends_at, row.pk))),
    )


def _carried(year: SchoolYear, moment: datetime) -> list[Carried]:
    rows = (
        LockAct.objects.filter(year=year, state=LockState.DONE)
        .exclude(kind=LockKind.UNLOCK, ends_at__lte=moment)
        .select_related("class_group", "subject", "student", "asked_by", "decided_by", "done_by")
        .order_by("turn")
    )
    return [
        Carried(row.kind, row.freezes, row.turn or 0, scope_of(row), row.ends_at, row)
        for row in rows
    ]


def scope_of(act: LockAct) -> LockScope:
    """What a row covers."""
    return LockScope(**{one.name: getattr(act, one.name) for one in fields(LockScope)})


def _standings(
    group: ClassGroup, carried: Sequence[Carried], moment: datetime
) -> tuple[BookStanding, ...]:
    return tuple(
        scopes.standing(
            LockScope(grade=group.grade, class_group_id=group.pk, term=term, book=kind),
            carried,
            moment,
        )
        for term, kind in BOOKS
    )


def _compact(lines: Sequence[BoardLine]) -> list[BoardLine]:
    """One line for a grade whose classes all stand alike."""
    found: list[BoardLine] = []
    for grade, members in groupby(lines, key=lambda line: line.grade):
        of_grade = list(members)
        if len({line.standings for line in of_grade}) == 1:
            found.append(BoardLine(grade, "", of_grade[0].standings))
        else:
            found.extend(of_grade)
    return found


@dataclass(frozen=True)
class Wanted:
    """Which requests a list shows; nothing set is all of a year."""

    state: str = ""
    kind: str = ""
    class_group: ClassGroup | None = None
    person: User | None = None


def listed(rows: QuerySet[LockAct], year: SchoolYear | None, wanted: Wanted) -> QuerySet[LockAct]:
    """The requests of a year, newest first."""
    found = rows.filter(year=year) if year else rows
    for name in ("state", "kind", "class_group"):
        value = getattr(wanted, name)
        if value:
            found = found.filter(**{name: value})
    if wanted.person:
        one = wanted.person
        found = found.filter(Q(asked_by=one) | Q(decided_by=one) | Q(done_by=one))
    return found.order_by("-id")


def waiting(rows: QuerySet[LockAct]) -> tuple[list[LockAct], list[LockAct]]:
    """The requests that wait for a decision, and those that are decided and wait to be carried out; in one query."""
    found = list(rows.filter(state__in=[LockState.ASKED, LockState.DECIDED]).order_by("id"))
    asked = [row for row in found if row.state == LockState.ASKED]
    return asked, [row for row in found if row.state == LockState.DECIDED]


@dataclass(frozen=True)
class Counts:
    """How many requests wait for this person: to be decided, to be carried out."""

    to_decide: int
    to_carry_out: int


def counts(user: User) -> Counts:
    """How many wait for a decision that this person may take, and to be carried out by this person; in one query."""
    rows = LockAct.objects.visible_to(user)
    mine = Q(kind=LockKind.UNLOCK, asked_by=user)
    said: Any = rows.aggregate(
        asked=Count("pk", filter=Q(state=LockState.ASKED) & ~mine),
        decided=Count("pk", filter=Q(state=LockState.DECIDED) & ~Q(decided_by=user)),
    )
    return Counts(said["asked"], said["decided"])


def answered(user: User) -> list[LockAct]:
    """What became of this person's requests in the last days, newest first; in one query."""
    since = timezone.now() - RECENT
    rows = LockAct.objects.visible_to(user).filter(asked_by=user)
    recent = Q(state__in=[LockState.REFUSED, LockState.DECIDED], decided_at__gte=since) | Q(
        state=LockState.DONE, done_at__gte=since
    )
    return list(
        rows.filter(recent)
        .select_related("class_group", "subject", "student", "decided_by")
        .order_by("-id")[:3]
    )


def pupils_of(group: ClassGroup) -> QuerySet[Student]:
    """Who is or was in a class, in the order of books."""
    return (
        Student.objects.filter(enrolments__class_group=group, enrolments__withdrawn_on__isnull=True)
        .distinct()
        .order_by("sort_key", "pk")
    )
