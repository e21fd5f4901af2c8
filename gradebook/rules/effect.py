"""What a correction would do, as a plain list of figures before and after, to be shown and kept. No Django here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

SUMMER = "summer"  # as a period: after being assessed again, or after summer training
NONE = "none"  # as a value: there is none, and that is known; an empty text is not known yet


class What(StrEnum):
    """What a line is about."""

    AVERAGE = "average"  # of the subject
    REACHED = "reached"  # the level of a subject without marks
    MOMENT = "moment"  # primary: level and test of the subject at one of the four moments
    CONDUCT = "conduct"
    LEVEL = "level"  # over all subjects
    COMPLETION = "completion"  # the same in primary
    TITLE = "title"
    PROMOTION = "promotion"


class Lacking(StrEnum):
    """What is missing, so that something cannot be said."""

    RESULT = "result"  # marks of the subject itself
    SUBJECTS = "subjects"  # results of other subjects
    CONDUCT = "conduct"
    ABSENCES = "absences"
    RECOGNITION = "recognition"  # primary: the word of the class
    REFUSED = "refused"  # the circular's rules refuse what is entered


@dataclass(frozen=True, slots=True)
class Line:
    """One figure before and after, as the book writes it; `key` says which, such as "average:term1"."""

    key: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Whether the correction makes a difference here."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows from a correction; `missing` are codes such as "conduct:year" of what could not be said."""

    lines: tuple[Line, ...] = ()
    missing: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As plain JSON, so that what was shown can be kept."""
        return {"lines": [asdict(line) for line in self.lines], "missing": list(self.missing)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Effect:
        """The way back."""
        lines = tuple(Line(**line) for line in kept.get("lines", ()))
        return cls(lines, tuple(kept.get("missing", ())))
