"""What closes a cell: windows, locks and unlocks, sign-offs (R-100 – R-108). Plain Python, no Django.

The trigger `models.triggers.KeepClosed` says the same in the database; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

Key = tuple[int, str, int]  # pupil, component, number
LOCK, UNLOCK = "lock", "unlock"
MARKS, ENTRY = "marks", "entry"
NEVER = datetime.max.replace(tzinfo=UTC)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Shut(StrEnum):
    """What keeps a cell closed."""

    ENTRY_LOCKED = "entry_locked"
    MARKS_LOCKED = "marks_locked"
    NOT_OPEN_YET = "not_open_yet"
    WINDOW_OVER = "window_over"
    SIGNED_OFF = "signed_off"


@dataclass(frozen=True, slots=True)
class Act:
    """A lock or an unlock that was carried out, as far as it concerns one sheet; None and "" are all of them."""

    id: int
    kind: str
    turn: int
    done_at: datetime
    freezes: str = ""
    ends_at: datetime = NEVER
    student_id: int | None = None
    component: str = ""
    number: int | None = None
    decided_by: str = ""
    decision_number: str = ""
    reason: str = ""

    def covers(self, cell: Key) -> bool:
        """Whether a cell of the sheet is within the scope."""
        student, component, number = cell
        return (
            self.student_id in {None, student}
            and self.component in {"", component}
            and self.number in {None, number}
        )


@dataclass(frozen=True, slots=True)
class LockScope:
    """What is to be locked or unlocked: what all that is set has in common; nothing set is the whole year."""

    grade: int | None = None
    class_group_id: int | None = None
    subject_id: int | None = None
    book: str = ""
    term: int | None = None
    component: str = ""
    number: int | None = None
    student_id: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The window of a component: from the moment it opens to just before the one it closes."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """The sign-off that stands: whose and when."""

    id: int
    by: str
    at: datetime
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a cell is closed: by which act, window or sign-off."""

    by: Shut
    act: Act | None = None
    span: Span | None = None
    signed: Signed | None = None


@dataclass(frozen=True)
class Closing:
    """What closes and opens the cells of one sheet at one moment of the school clock.

    `acts` are in the order in which they were carried out. `any_signed` says whether a sign-off stands that a change
    here would break: of either term, or of the class.
    """

    moment: datetime = LONG_AGO
    acts: tuple[Act, ...] = ()
    spans: Mapping[str, Span] = field(default_factory=dict)
    signed: Signed | None = None
    any_signed: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was ever said about this sheet, so that every cell is open."""
        return not (self.acts or self.spans or self.signed)

    def closes(self, cell: Key, *, has_value: bool) -> Closed | None:
        """Why this cell may not be written now; None where it may. `has_value` says that it is not blank.

        An unlock counts until just before it ends, against every lock before it, the window, and a sign-off that
        was given before it.
        """
        if self.is_nothing:
            return None
        here = [act for act in self.acts if act.covers(cell)]
        opened = [act for act in here if act.kind == UNLOCK and self.moment < act.ends_at]
        locked = self._locked(here, opened, has_value=has_value)
        if locked:
            return locked
        span = self.spans.get(cell[1])
        if span and not opened:
            if self.moment < span.opens_at:
                return Closed(Shut.NOT_OPEN_YET, span=span)
            if self.moment >= span.closes_at:
                return Closed(Shut.WINDOW_OVER, span=span)
        if self.signed and not any(act.done_at > self.signed.at for act in opened):
            return Closed(Shut.SIGNED_OFF, signed=self.signed)
        return None

    def _locked(self, here: list[Act], opened: list[Act], *, has_value: bool) -> Closed | None:
        since = max((act.turn for act in opened), default=0)
        locks = [act for act in here if act.kind == LOCK and act.turn > since]
        for freezes, shut in ((ENTRY, Shut.ENTRY_LOCKED), (MARKS, Shut.MARKS_LOCKED)):
            found = [act for act in locks if act.freezes == freezes]
            if found and (freezes == ENTRY or has_value):
                return Closed(shut, act=found[-1])
        return None

    def unlocked_until(self, cell: Key) -> datetime | None:
        """When the unlock that opens this cell ends; None where there is none."""
        ends = [
            act.ends_at
            for act in self.acts
            if act.kind == UNLOCK and act.covers(cell) and self.moment < act.ends_at
        ]
        return max(ends, default=None)


OPEN = Closing()


def from_json(
    moment: datetime,
    acts: list[dict[str, Any]],
    windows: list[dict[str, Any]],
    signed: dict[str, Any] | None,
    *,
    any_signed: bool = False,
) -> Closing:
    """What the database said, in one row, of one sheet; windows with those of the grade itself first."""
    spans: dict[str, Span] = {}
    for window in windows:
        spans.setdefault(
            window["component"], Span(_moment(window["opens_at"]), _moment(window["closes_at"]))
        )
    return Closing(
        moment=moment,
        acts=tuple(_act(act) for act in acts),
        spans=spans,
        signed=Signed(signed["id"], signed["by"], _moment(signed["at"]), signed["digest"])
        if signed
        else None,
        any_signed=any_signed,
    )


def _act(said: dict[str, Any]) -> Act:
    return Act(
        **{
            **said,
            "done_at": _moment(said["done_at"]),
            "ends_at": _moment(said["ends_at"]) if said["ends_at"] else NEVER,
        }
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
