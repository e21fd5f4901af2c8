"""What a circular is to the engine: a frozen record of thresholds, counts, labels and choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Self

from gradebook.rules.entries import TEN, ZERO
from gradebook.rules.errors import BadParameter


class AssessedBy(StrEnum):
    """How a subject is assessed: by marks (điểm số) or by comment alone (nhận xét)."""

    SCORE = "score"
    COMMENT = "comment"


class Exemption(StrEnum):
    """What exemption does: the subject is dropped, or its theory takes the place of practice."""

    DROPPED = "dropped"
    THEORY = "theory"


class Topics(StrEnum):
    """How many regular marks the chosen topics (chuyên đề, chủ đề tự chọn) of a subject add."""

    NONE = "none"
    ONE = "one"
    EACH = "each"


class Period(StrEnum):
    """The stretch a result is about."""

    TERM = "term"
    YEAR = "year"


class Outcome(StrEnum):
    """What becomes of a pupil at the year's end."""

    PROMOTED = "promoted"
    RETEST = "retest"
    SUMMER_CONDUCT = "summer_conduct"
    RETAINED = "retained"
    HEAD_DECIDES = "head_decides"


@dataclass(frozen=True, kw_only=True)
class LevelRule:
    """The conditions of one academic level; None where the circular sets none.

    `mean`, `core`, `floor`, `count_at` and `specialised` are marks: the least mean of all subjects,
    what one core subject has to reach, what no subject may fall below, what the counted subjects
    have to reach, what the specialised subject has to reach. `failed` is how many comment-only
    subjects may be Chưa đạt.
    """

    label: str
    floor: Decimal
    mean: Decimal | None = None
    core: Decimal | None = None
    count_at: Decimal | None = None
    specialised: Decimal | None = None
    failed: int | None = None


@dataclass(frozen=True, kw_only=True)
class AwardRule:
    """A title: least level and conduct, whether high averages are counted, and when it is given."""

    title: str
    academic: str
    conduct: str
    counted: bool = False
    periods: frozenset[Period] = frozenset({Period.YEAR})


@dataclass(frozen=True)
class Parameter:
    """A choice a school has to confirm: recalled from the circular (R) or open to two readings (AMB)."""

    name: str
    tag: str
    article: str
    en: str
    vi: str


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """What every circular has. `version` numbers the rules; changed parameters show in it."""

    id: str
    version: str
    circular: str
    articles: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    overrides: tuple[tuple[str, str], ...] = ()

    def with_parameters(self, **changes: object) -> Self:
        """Return this scheme with parameters as a school has decided them.

        Only names listed in `parameters` may change, each to a value of its own type. The version
        of the result ends in a digest of the changes, so a stored result tells which rules made it.
        Raises BadParameter.
        """
        allowed = {parameter.name for parameter in self.parameters}
        for name, value in changes.items():
            if name not in allowed or not _fits(getattr(self, name), value):
                raise BadParameter(name=name, scheme=self.id, given=value)
        known = dict(self.overrides) | {name: _plain(value) for name, value in changes.items()}
        overrides = tuple(sorted(known.items()))
        digest = sha256(repr(overrides).encode()).hexdigest()[:8]
        version = f"{self.version.partition('+')[0]}+{digest}"
        return replace(self, version=version, overrides=overrides, **changes)  # type: ignore[arg-type]

    def is_open(self, parameter: str) -> bool:
        """Whether the text of the circular leaves this parameter to two readings."""
        return any(known.name == parameter and known.tag == "AMB" for known in self.parameters)


def _fits(default: object, value: object) -> bool:
    if isinstance(default, tuple):
        return (
            isinstance(value, tuple)
            and bool(value)
            and all(_fits(default[0], member) for member in value)
        )
    if isinstance(default, Mapping):
        return isinstance(value, Mapping)
    return type(value) is type(default)


def _plain(value: object) -> str:
    """A value as text, the same on every run."""
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(_plain, value)))
    if isinstance(value, tuple):
        shown = (f"({_plain(each)})" if isinstance(each, tuple) else _plain(each) for each in value)
        return ", ".join(shown)
    if isinstance(value, Mapping):
        return "; ".join(sorted(f"{_plain(key)} → {_plain(each)}" for key, each in value.items()))
    return str(value)


@dataclass(frozen=True, kw_only=True)
class SecondaryScheme(Scheme):
    """A circular of marks and levels: TT 58/2011, TT 26/2020, TT 22/2021, TT 43/2021.

    Tables of levels run from the highest down. `level_counts` stands beside `levels`: how many
    subjects have to reach `count_at`. `components` pairs each kind of test with its coefficient.
    """

    components: tuple[tuple[str, int], ...]
    year_weights: tuple[int, int] = (1, 2)
    regular_limits: tuple[tuple[int, int], ...] = ((35, 2), (70, 3))
    regular_most: int = 4
    regular_comment: int = 0
    topics: Topics = Topics.NONE
    minimum_periodic: int = 0
    regular_marks_whole: bool = False
    comment_levels: tuple[str, str] = ("Đ", "CĐ")
    comment_share: tuple[int, int] = (1, 1)
    comment_final_needed: bool = True
    comment_year_needs_both: bool = False
    absence_mark: Decimal = Decimal("0.0")
    absence_level: str = "CĐ"
    absence_covers_regular: bool = False
    exemption: Exemption = Exemption.THEORY
    exemptible: frozenset[str] = frozenset()
    exempt_practice: frozenset[str] = frozenset()
    exempt_term_leaves_other: bool = True
    electives_count: bool = True
    comment_subjects: frozenset[str] = frozenset()
    comment_subjects_count: bool = True
    remark_subjects: frozenset[str] = frozenset({"*"})
    scored_subjects: Mapping[str, frozenset[str]]
    levels: tuple[LevelRule, ...]
    lowest: str
    level_counts: tuple[int, ...]
    core_subjects: tuple[str, ...] = ()
    adjustments: Mapping[tuple[str, str], str]
    adjust_top_to_bottom: str = ""
    adjustment_without_subject: bool = True
    adjustment_by_comment_subject: bool = True
    conduct_levels: tuple[str, ...]
    conduct_table: Mapping[tuple[str, str], str]
    conduct_year_term: int = 2
    summer_certificate: bool = False
    summer_highest: str = ""
    pass_academic: str
    pass_conduct: str
    no_retest: frozenset[str] = frozenset()
    retest_below: Decimal = Decimal("5.0")
    absence_limit: int = 45
    awards: tuple[AwardRule, ...]
    award_at: Decimal = Decimal("9.0")
    award_count: int = 0
    head: tuple[str, str] = ("hiệu trưởng", "head teacher")
    pupil: tuple[str, str] = ("học sinh", "pupil")

    def __post_init__(self) -> None:
        """Refuse tables that do not fit together. Raises BadParameter."""
        ranked = self.academic_levels
        suits = {
            "level_counts": len(self.level_counts) == len(self.levels)
            and min(self.level_counts) >= 0,
            "regular_limits": all(len(pair) == 2 and pair[1] >= 1 for pair in self.regular_limits),
            "regular_most": self.regular_most >= 1,
            "comment_share": len(self.comment_share) == 2
            and 1 <= self.comment_share[0] <= self.comment_share[1],
            "absence_mark": ZERO <= self.absence_mark <= TEN,
            "conduct_year_term": self.conduct_year_term in (1, 2),
            "adjustments": all(
                {target, base, lifted} <= set(ranked)
                and ranked.index(target) < ranked.index(lifted) < ranked.index(base)
                for (target, base), lifted in self.adjustments.items()
            ),
            "adjust_top_to_bottom": self.adjust_top_to_bottom in ("", *ranked[1:-1]),
            "conduct_table": set(self.conduct_table) in (set(), self._conduct_pairs())
            and set(self.conduct_table.values()) <= set(self.conduct_levels),
            "summer_highest": self.summer_highest in ("", *self.conduct_levels),
            "absence_level": self.absence_level in self.comment_levels,
        }
        for name, fine in suits.items():
            if not fine:
                raise BadParameter(name=name, scheme=self.id, given=getattr(self, name))

    def _conduct_pairs(self) -> set[tuple[str, str]]:
        return {(term1, term2) for term1 in self.conduct_levels for term2 in self.conduct_levels}

    @cached_property
    def academic_levels(self) -> tuple[str, ...]:
        """The academic levels from the highest to the lowest."""
        return (*(rule.label for rule in self.levels), self.lowest)

    @cached_property
    def minimum_scored(self) -> int:
        """With fewer scored subjects no level but the lowest can be reached."""
        return min(self.level_counts)

    @cached_property
    def uses_mean(self) -> bool:
        """Whether the circular has a mean over all subjects (TT 58/2011; not TT 22/2021)."""
        return any(rule.mean is not None for rule in self.levels)


@dataclass(frozen=True, kw_only=True)
class PrimaryScheme(Scheme):
    """TT 27/2020: levels of completion from subjects, qualities and competences, and tests.

    `tests` lists by grade the subjects tested at the end of each term, `midterm_tests` those tested
    in the middle.
    """

    subject_levels: tuple[str, ...]
    quality_levels: tuple[str, ...]
    qualities: tuple[str, ...]
    competences: tuple[str, ...]
    moments: tuple[str, ...]
    tests: Mapping[int, tuple[str, ...]]
    midterm_tests: Mapping[int, tuple[str, ...]]
    levels: tuple[PrimaryRule, ...]
    lowest: str
    individual_plan_compared: bool = False

    def __post_init__(self) -> None:
        """Refuse labels that do not fit the rules. Raises BadParameter."""
        labels = self.quality_levels
        if not len(set(labels)) == len(labels) == len(self.subject_levels):
            raise BadParameter(name="quality_levels", scheme=self.id, given=labels)


@dataclass(frozen=True, kw_only=True)
class PrimaryRule:
    """One level of completion.

    `subjects` and `qualities` are the worst accepted place among the levels, from 0 for the best;
    `mark` is the least one of every test.
    """

    label: str
    subjects: int
    qualities: int
    mark: Decimal
    award: str = ""
    award_needs_class: bool = False


def parameter_defaults(scheme: Scheme) -> dict[str, str]:
    """Return every parameter a school has to confirm with the value in force, as text."""
    values = {field.name: getattr(scheme, field.name) for field in fields(scheme)}
    return {parameter.name: _plain(values[parameter.name]) for parameter in scheme.parameters}
