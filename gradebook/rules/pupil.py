"""Everything that follows from a pupil's results over all subjects: level, conduct, title. Plain Python, no Django.

It asks the engine, and keeps what the engine refuses as its sentence. Absences are not recorded yet, so nothing here
decides promotion; the right to be assessed again is judged as for a pupil who was never absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from gradebook.rules.awards import award
from gradebook.rules.columns import Component
from gradebook.rules.conduct import after_summer, conduct_year
from gradebook.rules.errors import RulesError
from gradebook.rules.levels import academic
from gradebook.rules.primary_school import (
    PrimaryRecord,
    primary_award,
    primary_moment,
    primary_promotion,
)
from gradebook.rules.scheme import AssessedBy, Period, PrimaryScheme, SecondaryScheme
from gradebook.rules.shapes import (
    AcademicResult,
    AwardResult,
    ConductResult,
    PrimaryResult,
    PromotionResult,
    RetestResult,
    SubjectValue,
)
from gradebook.rules.year_end import after_retest

TERM1, TERM2, YEAR = "term1", "term2", "year"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the homeroom teacher entered of the conduct; None for not yet.

    `year` where the circular leaves it to the homeroom teacher, `summer` after the summer training.
    """

    term1: str | None = None
    term2: str | None = None
    year: str | None = None
    summer: str | None = None


@dataclass(frozen=True)
class Levels:
    """What follows for one pupil and period; None for what is not known yet, or does not exist there.

    `conduct` is the level that counts in the period, `conduct_result` how it came about where it is computed. What
    comes after the summer stands beside the first results: `again` and `summer`. `problems` are the engine's refusals.
    """

    academic: AcademicResult | None = None
    conduct: str | None = None
    conduct_result: ConductResult | None = None
    award: AwardResult | None = None
    again: RetestResult | None = None
    summer: ConductResult | None = None
    primary: PrimaryResult | None = None
    promotion: PromotionResult | None = None
    problems: tuple[RulesError, ...] = field(default=())

    @property
    def level(self) -> str | None:
        """The academic level, or in primary that of completion; before anything is assessed again."""
        found = self.primary or self.academic
        return found.level if found else None

    @property
    def level_again(self) -> str | None:
        """The level after being assessed again."""
        return self.again.again.level if self.again else None

    @property
    def conduct_again(self) -> str | None:
        """The conduct after summer training."""
        return self.summer.level if self.summer else None

    @property
    def title(self) -> str | None:
        """The title."""
        return self.award.title if self.award else None


def secondary_levels(
    scheme: SecondaryScheme,
    period: str,
    subjects: Sequence[SubjectValue],
    behaviour: Behaviour,
    *,
    again: Mapping[str, Decimal | str] | None = None,
    specialised: str | None = None,
) -> Levels:
    """Level, conduct and title of a term or the year (TT 22/2021 Đ8, Đ9, Đ15; TT 58/2011 Đ3, Đ13, Đ18).

    `subjects` are the results of that period, `again` those of the assessment after the summer by code of subject.
    """
    ask = _Asker()
    if period != YEAR:
        conduct = behaviour.term1 if period == TERM1 else behaviour.term2
        level = ask(lambda: academic(scheme, subjects, specialised))
        title = ask(lambda: award(scheme, level.level if level else None, conduct, (), Period.TERM))
        return Levels(level, conduct, None, title, problems=tuple(ask.problems))
    shown = ask(lambda: conduct_year(scheme, behaviour.term1, behaviour.term2))
    conduct = shown.level if shown and not shown.suggested else behaviour.year
    level = ask(lambda: academic(scheme, subjects, specialised))
    averages = [one.average for one in subjects if one.assessed_by is AssessedBy.SCORE]
    title = ask(
        lambda: award(scheme, level.level if level else None, conduct, averages, Period.YEAR)
    )
    summer = _summer(scheme, conduct, behaviour, ask)
    counted = (summer.level if summer else None) or conduct
    retaken = None
    if again and level and level.level and counted:
        held = {"conduct_level": counted, "specialised": specialised}
        retaken = ask(lambda: after_retest(scheme, subjects, again, absences=0, **held))  # type: ignore[arg-type]
    return Levels(level, conduct, shown, title, retaken, summer, problems=tuple(ask.problems))


def _summer(
    scheme: SecondaryScheme, conduct: str | None, behaviour: Behaviour, ask: _Asker
) -> ConductResult | None:
    """Conduct after summer training: that the homeroom teacher rates it says that the tasks were done."""
    rated = behaviour.summer
    if rated is None or conduct is None:
        return None
    return ask(lambda: after_summer(scheme, conduct, completed=True, rated=rated, certified=True))


def primary_levels(scheme: PrimaryScheme, record: PrimaryRecord) -> Levels:
    """What a primary pupil's record amounts to at its moment (TT 27/2020 Đ7, Đ9, Đ11, Đ13)."""
    ask = _Asker()
    found = ask(lambda: primary_moment(scheme, record))
    level = found.level if found else None
    title = ask(lambda: primary_award(scheme, level)) if level else None
    outcome = ask(lambda: primary_promotion(scheme, level)) if level else None
    return Levels(primary=found, award=title, promotion=outcome, problems=tuple(ask.problems))


class _Asker:
    """Asks the engine, and keeps what it refuses."""

    def __init__(self) -> None:
        self.problems: list[RulesError] = []

    def __call__(self, question: Callable[[], T]) -> T | None:
        try:
            return question()
        except RulesError as error:
            if str(error) not in map(str, self.problems):
                self.problems.append(error)
            return None


# Which cells of the homeroom teacher's sheets say what of the conduct, by component and term.
BEHAVIOUR = {
    (Component.CONDUCT.value, 1): "term1",
    (Component.CONDUCT.value, 2): "term2",
    (Component.CONDUCT_YEAR.value, 2): "year",
    (Component.CONDUCT_SUMMER.value, 2): "summer",
}
