"""What schools decide differently, as parameters with defaults. No Django here.

The table "Where the regulations disagree" names the source of each. A school's regulation is a version of these with
a day from which it is in force and the decision behind it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from schoolbook.rules.permissions import Role

MOST_WITNESSES = 3
LAST_DAY_TO_CLOSE = 28
FEWEST_IDLE_MINUTES = 5
# How many regular assessments more than the circular asks for a teacher may give, if the school allows any.
MOST_EXTRA_REGULAR = 4
MOST_EVIDENCE_MEGABYTES = 20


class FormNeeded(StrEnum):
    """When a change of a mark needs the paper form."""

    ALWAYS = "always"
    AFTER_WINDOW = "after_window"
    AFTER_LOCK = "after_lock"


class SignOffMode(StrEnum):
    """How books are signed."""

    PAPER = "paper"
    ELECTRONIC = "electronic"
    CERTIFICATE = "certificate"


class Witness(StrEnum):
    """Who may have to witness a correction."""

    LEADER = "leader"
    ADMIN = "admin"
    HOMEROOM_TEACHER = "homeroom_teacher"
    REQUESTER = "requester"  # who asked for it


class Problem(StrEnum):
    """Why a parameter cannot be decided so."""

    APPROVER = "approver"
    WITNESSES = "witnesses"
    DAY = "day"
    NUMBER = "number"


APPROVERS = (Role.PRINCIPAL, Role.VICE_PRINCIPAL)
LIMITS = {
    "evidence_megabytes": (1, MOST_EVIDENCE_MEGABYTES),
    "extra_regular": (0, MOST_EXTRA_REGULAR),
    "password_reminder_days": (30, 730),
    "remind_days": (0, 14),
    "idle_minutes": (FEWEST_IDLE_MINUTES, 120),
    "idle_minutes_admin": (FEWEST_IDLE_MINUTES, 60),
}
# What a school may have words of its own for.
WORDS = (*(role.value for role in Role if role != Role.MEMBER), "pupil")


@dataclass(frozen=True)
class Regulation:
    """The parameters of one school from one day on; every default is the product's own.

    `correction_deputy` is the id of the person who decides where nobody else is left (`rules.approvers`).
    """

    correction_approver: Role = Role.VICE_PRINCIPAL
    correction_witnesses: tuple[Witness, ...] = ()
    correction_deputy: int | None = None
    correction_form: FormNeeded = FormNeeded.AFTER_WINDOW
    evidence_megabytes: int = 10
    attendance_close_day: int = 5
    attendance_close_inclusive: bool = True
    attendance_auto_unexcused: bool = False
    seal_on_sign_out: bool = False
    extra_regular: int = 0
    sign_off: SignOffMode = SignOffMode.PAPER
    lock_decider: Role = Role.PRINCIPAL
    remind_days: int = 3
    password_reminder_days: int = 180
    idle_minutes: int = 30
    idle_minutes_admin: int = 10
    words: dict[str, str] = field(default_factory=dict)

    def problems(self) -> dict[str, Problem]:
        """What cannot be decided so, by parameter; empty when all is well."""
        found = {}
        for name in ("correction_approver", "lock_decider"):
            if getattr(self, name) not in APPROVERS:
                found[name] = Problem.APPROVER
        if len(self.correction_witnesses) > MOST_WITNESSES or len(
            set(self.correction_witnesses)
        ) != len(self.correction_witnesses):
            found["correction_witnesses"] = Problem.WITNESSES
        if not 1 <= self.attendance_close_day <= LAST_DAY_TO_CLOSE:
            found["attendance_close_day"] = Problem.DAY
        for name, (least, most) in LIMITS.items():
            if not least <= getattr(self, name) <= most:
                found[name] = Problem.NUMBER
        return found

    def as_json(self) -> dict[str, Any]:
        """The parameters as plain JSON values, in the order above."""
        return asdict(self) | {"correction_witnesses": list(self.correction_witnesses)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Regulation:
        """The parameters from JSON; those that a later version of the product added have their defaults.

        Raises ValueError for a value that is none of those possible.
        """
        known = {one.name for one in fields(cls)}
        given = {name: value for name, value in data.items() if name in known}
        kinds: dict[str, Any] = {
            "correction_approver": Role,
            "lock_decider": Role,
            "correction_form": FormNeeded,
            "sign_off": SignOffMode,
        }
        for name, kind in kinds.items():
            if name in given:
                given[name] = kind(given[name])
        if "correction_witnesses" in given:
            given["correction_witnesses"] = tuple(map(Witness, given["correction_witnesses"]))
        return cls(**given)
