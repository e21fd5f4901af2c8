"""From the cells of one pupil on the two sheets of a subject to its results. Plain Python, no Django.

It gives the engine what it asks for, and says why where it gives nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gradebook.rules.columns import Component
from gradebook.rules.errors import RulesError
from gradebook.rules.scheme import AssessedBy, SecondaryScheme
from gradebook.rules.shapes import (
    Standing,
    Status,
    SubjectResult,
    SubjectTerm,
    SubjectYear,
)
from gradebook.rules.steps import Fact
from gradebook.rules.subject import subject_term, subject_year
from gradebook.rules.typed import BLANK, Entry

Cells = Mapping[tuple[str, int], Entry]
TERM1, TERM2, YEAR = "term1", "term2", "year"


@dataclass(frozen=True, slots=True)
class Setting:
    """What the results of a subject of a class depend on beside the cells; terms by number."""

    scheme: SecondaryScheme
    code: str
    assessed_by: AssessedBy
    required_regular: int
    taught: Mapping[int, bool]


@dataclass(frozen=True, slots=True)
class Results:
    """The results of one pupil by period; `problem` is the engine's sentence where it refused the cells."""

    by_period: Mapping[str, SubjectResult]
    problem: RulesError | None = None
    taken_over: frozenset[str] = frozenset()


def results(
    setting: Setting, cells: Mapping[int, Cells], standings: Mapping[int, Standing]
) -> Results:
    """Work out term 1, term 2 and the year (TT 22/2021 Đ9.1, TT 58/2011 Đ10–11).

    A figure taken over from another system stands for its period. A subject taught in one term only has that term's
    result for the year. Never raises: what the engine refuses becomes an incomplete result with its sentence.
    """
    problem: RulesError | None = None
    found: dict[str, SubjectResult] = {}
    over: set[str] = set()
    for term, period in ((1, TERM1), (2, TERM2)):
        mine = cells.get(term, {})
        given = mine.get((Component.TERM_RESULT.value, 1), BLANK)
        if given != BLANK:
            found[period] = _taken_over(setting, given)
            over.add(period)
        elif setting.taught[term]:
            try:
                found[period] = subject_term(
                    setting.scheme, _term(setting, mine, standings.get(term, Standing.COUNTED))
                )
            except RulesError as error:
                problem, found[period] = error, _incomplete(setting)
    given = cells.get(2, {}).get((Component.YEAR_RESULT.value, 1), BLANK)
    if given != BLANK:
        found[YEAR] = _taken_over(setting, given)
        over.add(YEAR)
    else:
        try:
            found[YEAR] = _year(setting, found, standings)
        except RulesError as error:
            problem, found[YEAR] = problem or error, _incomplete(setting)
    return Results(found, problem, frozenset(over))


def _term(setting: Setting, cells: Cells, standing: Standing) -> SubjectTerm:
    def many(component: Component) -> tuple[Entry, ...]:
        numbers = [number for name, number in cells if name == component.value]
        return tuple(
            cells.get((component.value, number), BLANK)
            for number in range(1, max(numbers, default=0) + 1)
        )

    regular = [entry.cell for entry in many(Component.REGULAR)]
    # A blank column beyond those that the circular asks for is not missing.
    while len(regular) > setting.required_regular and regular[-1] is None:
        regular.pop()
    needed = {name for name, _weight in setting.scheme.components}
    periodic = [entry.cell for entry in many(Component.PERIODIC)]
    while len(periodic) > setting.scheme.minimum_periodic and periodic[-1] is None:
        periodic.pop()
    if "periodic" in needed and not periodic:
        periodic = [None] * max(1, setting.scheme.minimum_periodic)
    return SubjectTerm(
        code=setting.code,
        assessed_by=setting.assessed_by,
        regular=tuple(regular),
        periodic=tuple(periodic),
        midterm=cells.get((Component.MIDTERM.value, 1), BLANK).cell,
        final=cells.get((Component.FINAL.value, 1), BLANK).cell,
        required_regular=setting.required_regular,
        standing=standing,
    )


def _year(
    setting: Setting, found: Mapping[str, SubjectResult], standings: Mapping[int, Standing]
) -> SubjectResult:
    if not all(setting.taught.values()):
        period, other = (TERM1, TERM2) if setting.taught[1] else (TERM2, TERM1)
        only = found.get(period)
        if only is None or other in found:
            return _incomplete(setting)
        fact = Fact(
            "taught_one_term",
            setting.scheme.articles["subject_year"],
            {"term": 1 if period == TERM1 else 2, "value": value_of(only)},
        )
        steps = (fact,) if only.status is Status.COMPLETE else only.steps
        return SubjectResult(
            only.scheme,
            only.version,
            only.code,
            only.assessed_by,
            only.status,
            only.average,
            only.level,
            only.missing,
            steps,
        )
    return subject_year(
        setting.scheme,
        SubjectYear(
            code=setting.code,
            assessed_by=setting.assessed_by,
            term1=value_of(found[TERM1]),
            term2=value_of(found[TERM2]),
            standing1=standings.get(1, Standing.COUNTED),
            standing2=standings.get(2, Standing.COUNTED),
        ),
    )


def value_of(result: SubjectResult) -> Decimal | str | None:
    """The average or the level, whichever the subject has."""
    return result.average if result.average is not None else result.level


def _taken_over(setting: Setting, entry: Entry) -> SubjectResult:
    return SubjectResult(
        setting.scheme.id,
        setting.scheme.version,
        setting.code,
        setting.assessed_by,
        Status.COMPLETE,
        entry.score,
        entry.level or None,
        (),
        (
            Fact(
                "taken_over",
                setting.scheme.articles["subject_term"],
                {"value": entry.score or entry.level},
            ),
        ),
    )


def _incomplete(setting: Setting) -> SubjectResult:
    return SubjectResult(
        setting.scheme.id,
        setting.scheme.version,
        setting.code,
        setting.assessed_by,
        Status.INCOMPLETE,
        None,
        None,
        (),
        (),
    )
