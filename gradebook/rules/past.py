"""What closed a sheet at a moment that is over: told from what has happened since (invariant 6). Plain Python."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gradebook.rules.closing import NEVER, UNLOCK, Act, Closed, Closing, Key, Signed, Span

# A save is judged a little before its history is dated: a window, an unlock or a plan may end or begin in between.
# Locks and sign-offs wait for the save, or it waits for them: there the dates are exact.
UNDER_WAY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """A sign-off, and from when until when it stood, None for still."""

    signed: Signed
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Past:
    """Everything that has closed or opened one sheet, each with the moment from which it counted, by real time.

    `acts` are in the order of those moments; `plans` are such a moment, the number of the plan, and its windows.
    `offset` is how far the school clock is ahead of it; None where it was moved, so that nobody can say what it
    showed: then windows are not judged, and unlocks never end.
    """

    acts: Sequence[tuple[datetime, Act]] = ()
    plans: Sequence[tuple[datetime, int, Mapping[str, Span]]] = ()
    standing: Sequence[Standing] = ()
    offset: timedelta | None = timedelta()
    _kept: dict[object, Closing] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_nothing(self) -> bool:
        """Whether the sheet was open all the time."""
        return not (self.acts or self.plans or self.standing)

    def closed(self, cell: Key, *, had_value: bool, written_at: datetime) -> Closed | None:
        """What kept this cell closed when it was written; None where it was open."""
        found = self._at(written_at, written_at).closes(cell, has_value=had_value)
        if found is None:
            return None
        before = self._at(written_at, written_at - UNDER_WAY)
        return found if before.closes(cell, has_value=had_value) else None

    def _at(self, written_at: datetime, judged_at: datetime) -> Closing:
        """As locks and sign-offs stood when it was written, and windows and clock when it was judged."""
        acts = bisect_left(self.acts, written_at, key=lambda one: one[0])
        signed = next(
            (
                one.signed
                for one in self.standing
                if one.since < written_at and (one.until is None or written_at < one.until)
            ),
            None,
        )
        plan = max(
            (number for since, number, _spans in self.plans if since < judged_at), default=None
        )
        key = (acts, signed, plan)
        if key not in self._kept:
            self._kept[key] = self._closing(acts, signed, plan)
        return replace(self._kept[key], moment=judged_at + (self.offset or timedelta()))

    def _closing(self, acts: int, signed: Signed | None, plan: int | None) -> Closing:
        done = sorted((act for _since, act in self.acts[:acts]), key=lambda act: act.turn)
        if self.offset is None:
            done = [replace(act, ends_at=NEVER) if act.kind == UNLOCK else act for act in done]
        spans = next((spans for _since, number, spans in self.plans if number == plan), {})
        return Closing(acts=tuple(done), spans={} if self.offset is None else spans, signed=signed)
