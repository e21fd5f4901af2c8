"""Which locks stand over which books: scopes that meet, and that lie within one another. Plain Python, no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from gradebook.rules.closing import LOCK, MARKS, UNLOCK, LockScope

ANY: Final = {None, ""}
ALL: Final = LockScope()


def meets(one: LockScope, other: LockScope) -> bool:
    """Whether there could be a cell that both cover."""
    pairs = zip(astuple(one), astuple(other), strict=True)
    return all(left in ANY or right in ANY or left == right for left, right in pairs)


def within(inner: LockScope, outer: LockScope) -> bool:
    """Whether the outer scope covers every cell of the inner one."""
    pairs = zip(astuple(inner), astuple(outer), strict=True)
    return all(wide in ANY or wide == narrow for narrow, wide in pairs)


def both(one: LockScope, other: LockScope) -> LockScope:
    """What two scopes that meet have in common."""
    names = LockScope.__dataclass_fields__
    mine = {name: getattr(one, name) for name in names if getattr(one, name) not in ANY}
    return replace(other, **mine)


@dataclass(frozen=True, slots=True)
class Carried:
    """A lock or an unlock that was carried out; `row` is what it came from."""

    kind: str
    freezes: str
    turn: int
    scope: LockScope
    ends_at: datetime | None
    row: Any = None


class How(StrEnum):
    """How a book stands."""

    FREE = "free"
    ENTRY = "entry"  # no cell can be written
    MARKS = "marks"  # only blank ones can
    PARTLY = "partly"  # some subjects, columns or pupils are locked


@dataclass(frozen=True, slots=True)
class BookStanding:
    """How a book of a class and term stands: by which lock, and which unlocks open some of it or all."""

    how: How
    lock: Carried | None = None
    opened: tuple[Carried, ...] = ()


def standing(book: LockScope, acts: Sequence[Carried], moment: datetime) -> BookStanding:
    """How the book of a class and term stands by these acts, in the order in which they were carried out.

    An unlock counts until just before it ends, against the locks before it.
    """
    here = [act for act in acts if meets(act.scope, book)]
    opened = [act for act in here if act.kind == UNLOCK and act.ends_at and moment < act.ends_at]
    locks = [act for act in here if act.kind == LOCK and not _lifted(act, book, opened)]
    whole = [act for act in locks if within(book, act.scope)]
    entry = [act for act in whole if act.freezes != MARKS]
    strongest = (entry or whole or locks)[-1:]
    how = How.FREE
    if entry:
        how = How.ENTRY
    elif whole:
        how = How.MARKS
    elif locks:
        how = How.PARTLY
    useful = tuple(
        act
        for act in opened
        if any(lock.turn < act.turn and meets(lock.scope, act.scope) for lock in here)
        and not is_overtaken(act, here, book)
    )
    return BookStanding(how, strongest[0] if strongest else None, useful)


def is_overtaken(unlock: Carried, acts: Sequence[Carried], book: LockScope = ALL) -> bool:
    """Whether a later lock of all entry closes all that the unlock opened, of a book or at all."""
    opened = both(unlock.scope, book)
    later = [act for act in acts if act.kind == LOCK and act.turn > unlock.turn]
    return any(act.freezes != MARKS and within(opened, act.scope) for act in later)


def _lifted(lock: Carried, book: LockScope, opened: Sequence[Carried]) -> bool:
    """Whether one later unlock opens all that the lock closes of the book."""
    closed = both(lock.scope, book)
    return any(act.turn > lock.turn and within(closed, act.scope) for act in opened)
