"""What goes in and what comes out: frozen records, so that no result changes once shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from gradebook.rules.scheme import AssessedBy, Outcome
from gradebook.rules.steps import Check, Fact, Step


class Standing(StrEnum):
    """How a pupil stands in a subject.

    COUNTED: like everyone. EXEMPT: miễn học, which the circular drops or turns into theory tests.
    REDUCED: reduced requirements, assessed and counted. INDIVIDUAL_PLAN: by the pupil's own plan,
    in no average or level; the head decides.
    """

    COUNTED = "counted"
    EXEMPT = "exempt"
    REDUCED = "reduced"
    INDIVIDUAL_PLAN = "individual_plan"


class Status(StrEnum):
    """Whether a result exists: complete, something still missing, exempt, or by individual plan."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    EXEMPT = "exempt"
    INDIVIDUAL_PLAN = "individual_plan"


@dataclass(frozen=True, slots=True)
class Absence:
    """A test the pupil missed (V). Without a decision it waits for the make-up test.

    `decision` names the recorded decision (number, date, who) that turns it into 0 / Chưa đạt.
    """

    decision: str = ""


Cell = Decimal | str | Absence | None
"""What a cell of the book holds: a mark or level, an absence, or None for not yet assessed."""


@dataclass(frozen=True, slots=True)
class SubjectTerm:
    """The cells of one pupil, subject and term.

    `periodic` (TT 58/2011) and `midterm` (the others) are read where the circular has them.
    `required_regular` is how many regular marks the circular demands; None takes those given as
    all. `tests_in_one_list` says that a comment-only subject's tests, the final apart, are all in
    `regular`.
    """

    code: str
    assessed_by: AssessedBy
    regular: tuple[Cell, ...] = ()
    periodic: tuple[Cell, ...] = ()
    midterm: Cell = None
    final: Cell = None
    required_regular: int | None = None
    standing: Standing = Standing.COUNTED
    tests_in_one_list: bool = False


@dataclass(frozen=True, slots=True)
class SubjectYear:
    """The results of the two terms of one pupil in one subject; None for no result yet."""

    code: str
    assessed_by: AssessedBy
    term1: Decimal | str | None
    term2: Decimal | str | None
    standing1: Standing = Standing.COUNTED
    standing2: Standing = Standing.COUNTED


class Missing(StrEnum):
    """Why a cell has no value: nothing entered, or an absence that waits for its make-up test."""

    BLANK = "blank"
    AWAITING = "awaiting"


@dataclass(frozen=True, slots=True)
class MissingCell:
    """A cell without which there is no result: its kind (regular, …) and place, from 1."""

    component: str
    place: int
    why: Missing


@dataclass(frozen=True, slots=True)
class SubjectResult:
    """The result of a subject for a term or a year: `average` (one decimal) or `level` (Đ / CĐ).

    None means not yet assessed (see `missing`), exempt, or by individual plan, as `status` says.
    """

    scheme: str
    version: str
    code: str
    assessed_by: AssessedBy
    status: Status
    average: Decimal | None
    level: str | None
    missing: tuple[MissingCell, ...]
    steps: tuple[Step, ...]


class Judged(Protocol):
    """What a level needs to know of a subject; a SubjectResult or a SubjectValue."""

    @property
    def code(self) -> str:
        """The code of the subject."""

    @property
    def assessed_by(self) -> AssessedBy:
        """By marks or by comment."""

    @property
    def status(self) -> Status:
        """Whether there is a result that takes part."""

    @property
    def average(self) -> Decimal | str | None:
        """The published average of a scored subject."""

    @property
    def level(self) -> str | None:
        """The level of a comment-only subject."""


@dataclass(frozen=True, slots=True)
class SubjectValue:
    """The published result of a subject, as kept in the book.

    `name` is for sentences; empty: the usual one. An elective counts as the scheme says.
    """

    code: str
    assessed_by: AssessedBy
    average: Decimal | str | None = None
    level: str | None = None
    status: Status = Status.COMPLETE
    name: str = ""
    elective: bool = False


@dataclass(frozen=True, slots=True)
class RegularCount:
    """How many regular marks a subject needs in a term, those of chosen topics included."""

    scheme: str
    version: str
    count: int
    topics: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class AcademicResult:
    """The academic level of a term or a year (học lực, kết quả học tập).

    `base` is the level by the table, `level` after the adjustment; both None while subjects in
    `missing` have no result. `blocking` holds the unmet conditions of `next_level`; `adjustment`
    says whether the adjustment applied and why; `warnings` name what the head should look at.
    """

    scheme: str
    version: str
    level: str | None
    base: str | None
    mean: Decimal | None
    adjusted: bool
    adjustment: Fact
    next_level: str | None
    blocking: tuple[Check, ...]
    missing: tuple[str, ...]
    warnings: tuple[Fact, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ConductResult:
    """Conduct of the year. `suggested` where the circular leaves it to the homeroom teacher."""

    scheme: str
    version: str
    level: str | None
    first: str | None
    suggested: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class PromotionResult:
    """What becomes of the pupil; None while conduct or level is not known. `blocking` says why not."""

    scheme: str
    version: str
    outcome: Outcome | None
    blocking: tuple[Fact, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class RetestRight:
    """Whether the pupil may retake, and which subjects are open to it."""

    scheme: str
    version: str
    allowed: bool
    subjects: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Retaken:
    """One retaken subject: the first result, kept, and the one that replaces it for promotion."""

    code: str
    first: Decimal | str
    again: Decimal | str


@dataclass(frozen=True, slots=True)
class RetestResult:
    """The level before and after retests; `retaken` keeps both results of each subject."""

    scheme: str
    version: str
    first: AcademicResult
    again: AcademicResult
    retaken: tuple[Retaken, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class AwardResult:
    """The title, or None; `blocking` says what the next title still lacks."""

    scheme: str
    version: str
    title: str | None
    blocking: tuple[Fact, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class PrimaryResult:
    """A primary pupil at one moment: `level` at the year's end only.

    `missing` holds the codes still open, a test as "test toan"; `tests` the subjects to be tested.
    """

    scheme: str
    version: str
    moment: str
    level: str | None
    next_level: str | None
    blocking: tuple[Check, ...]
    missing: tuple[str, ...]
    tests: tuple[str, ...]
    steps: tuple[Step, ...]
