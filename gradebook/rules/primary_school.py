"""Primary pupils (TT 27/2020): what is recorded at four moments, level of completion, awards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gradebook.rules.entries import as_level, as_whole_mark
from gradebook.rules.errors import (
    EmptyInput,
    UnexpectedTest,
    UnknownGrade,
    UnknownMoment,
    UnknownSubject,
)
from gradebook.rules.scheme import Outcome, PrimaryRule, PrimaryScheme
from gradebook.rules.shapes import AwardResult, PrimaryResult, PromotionResult
from gradebook.rules.steps import Check, Commented, Fact, Listing, Scored, Step
from gradebook.rules.subjects import subject_name

YEAR = "year"


@dataclass(frozen=True, slots=True)
class PrimaryRecord:
    """What a pupil's book holds at one moment, by code; None for not yet recorded.

    `subjects` are T / H / C, `qualities` and `competences` T / Đ / C, `tests` whole marks.
    `repeated` holds the mark of a second test where the first was abnormal: the last one stands
    (Đ7).
    """

    grade: int
    moment: str
    subjects: Mapping[str, str | None]
    qualities: Mapping[str, str | None]
    competences: Mapping[str, str | None]
    tests: Mapping[str, Decimal | str | None] = field(default_factory=dict)
    repeated: Mapping[str, Decimal | str] = field(default_factory=dict)
    not_studied: frozenset[str] = frozenset()
    individual_plan: bool = False


def planned_tests(scheme: PrimaryScheme, grade: int, moment: str) -> tuple[str, ...]:
    """Return the codes of the subjects with a periodic test of that grade at that moment (Đ7).

    Moments are midterm1, term1, midterm2 and year. Raises UnknownGrade, UnknownMoment.
    """
    if grade not in scheme.tests:
        raise UnknownGrade(given=grade, accepted=tuple(scheme.tests))
    if moment not in scheme.moments:
        raise UnknownMoment(given=moment, accepted=scheme.moments)
    midterm = moment.startswith("midterm")
    return scheme.midterm_tests[grade] if midterm else scheme.tests[grade]


def primary_moment(scheme: PrimaryScheme, record: PrimaryRecord) -> PrimaryResult:
    """Return what a pupil's record at one moment amounts to, and what it still misses.

    Every quality, every competence and every test of the grade is expected, except tests of
    subjects the class does not study (`not_studied`). At the year's end, when nothing is missing,
    the level of completion follows (Đ9.2); other moments have none. A pupil on an individual plan
    is given no level unless the school says so. Raises EmptyInput, UnknownLevel, UnknownSubject,
    UnexpectedTest, BadMark and as `planned_tests`.
    """
    planned = planned_tests(scheme, record.grade, record.moment)
    if not record.subjects:
        raise EmptyInput(what="subjects")
    expected = tuple(code for code in planned if code not in record.not_studied)
    tests = _tests(record, expected)
    qualities = _expected(record.qualities, scheme.qualities)
    competences = _expected(record.competences, scheme.competences)
    missing = (*_blank({**record.subjects, **qualities, **competences}), *_blank(tests, "test "))
    steps: list[Step] = [
        Fact("test_repeated", scheme.articles["tests"], {"name": subject_name(code), "mark": mark})
        for code, mark in sorted(record.repeated.items())
    ]
    judged = _Levels(scheme, record.subjects, qualities | competences, tests)
    article = scheme.articles["moment"]
    if record.individual_plan and not scheme.individual_plan_compared:
        plan = Fact("primary_plan", scheme.articles["individual_plan"], {})
        return _result(scheme, record.moment, None, (*steps, plan), missing, expected)
    if missing:
        waits = Fact("primary_waits", article, {"names": missing})
        return _result(scheme, record.moment, None, (*steps, waits), missing, expected)
    if record.moment != YEAR:
        recorded = Fact("primary_recorded", article, {"counts": judged.counts()})
        return _result(scheme, record.moment, None, (*steps, recorded), (), expected)
    return _year(scheme, judged, steps, expected)


def primary_year(
    scheme: PrimaryScheme,
    subjects: Sequence[str | None],
    qualities: Sequence[str | None],
    competences: Sequence[str | None],
    tests: Sequence[Decimal | str | None],
) -> PrimaryResult:
    """Return the level of completion at the year's end from bare lists (Đ9.2).

    Subjects T / H / C, qualities and competences T / Đ / C, whole marks of the subjects with a
    test. The level is None while one is None. Raises EmptyInput, UnknownLevel, BadMark.
    """
    given: dict[str, Sequence[object]] = {
        "subjects": subjects,
        "qualities": qualities,
        "competences": competences,
        "tests": tests,
    }
    for what, values in given.items():
        if not values:
            raise EmptyInput(what=what)
    held = _Levels(
        scheme,
        _numbered("subject", subjects),
        _numbered("quality", qualities) | _numbered("competence", competences),
        {
            f"test {place}": None if mark is None else as_whole_mark(mark)
            for place, mark in enumerate(tests, 1)
        },
    )
    missing = _blank({**held.subjects, **held.others, **held.tests})
    if missing:
        waits = Fact("primary_waits", scheme.articles["year"], {"names": missing})
        return _result(scheme, YEAR, None, (waits,), missing, ())
    return _year(scheme, held, [], ())


class _Levels:
    """Levels and marks of one pupil, checked, as the conditions read them."""

    def __init__(
        self,
        scheme: PrimaryScheme,
        subjects: Mapping[str, str | None],
        others: Mapping[str, str | None],
        tests: Mapping[str, Decimal | None],
    ) -> None:
        """Check every level that is there. Raises UnknownLevel."""
        for levels, accepted in (
            (subjects, scheme.subject_levels),
            (others, scheme.quality_levels),
        ):
            for level in levels.values():
                if level is not None:
                    as_level(level, accepted)
        self.subjects, self.others, self.tests = subjects, others, tests

    def shown(self, article: str) -> tuple[Listing, Listing]:
        """Everything the level rests on, as two steps."""
        tests = tuple(
            Scored(code, subject_name(code), mark)
            for code, mark in self.tests.items()
            if mark is not None
        )
        return (
            Listing("primary_subjects_given", article, tests, _listed(self.subjects)),
            Listing("primary_others_given", article, (), _listed(self.others)),
        )

    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many subjects stand at each level."""
        levels = [level for level in self.subjects.values() if level is not None]
        return tuple((level, levels.count(level)) for level in sorted(set(levels)))


def _listed(levels: Mapping[str, str | None]) -> tuple[Commented, ...]:
    return tuple(
        Commented(code, subject_name(code), level)
        for code, level in levels.items()
        if level is not None
    )


def _tests(record: PrimaryRecord, expected: tuple[str, ...]) -> dict[str, Decimal | None]:
    for code in (*record.tests, *record.repeated):
        if code not in expected:
            raise UnexpectedTest(code=code, grade=record.grade, moment=record.moment)
    given = dict(record.tests) | dict(record.repeated)
    marks = {code: given.get(code) for code in expected}
    return {code: None if mark is None else as_whole_mark(mark) for code, mark in marks.items()}


def _expected(given: Mapping[str, str | None], codes: tuple[str, ...]) -> dict[str, str | None]:
    for code in given:
        if code not in codes:
            raise UnknownSubject(code=code)
    return {code: given.get(code) for code in codes}


def _blank(values: Mapping[str, object], what: str = "") -> tuple[str, ...]:
    return tuple(f"{what}{code}" for code, value in values.items() if value is None)


def _numbered(what: str, levels: Sequence[str | None]) -> dict[str, str | None]:
    return {f"{what} {place}": level for place, level in enumerate(levels, 1)}


def _year(
    scheme: PrimaryScheme, held: _Levels, steps: list[Step], tests: tuple[str, ...]
) -> PrimaryResult:
    level = scheme.lowest
    steps.extend(held.shown(scheme.articles["year"]))
    last: tuple[Check, ...] = ()
    higher: str | None = None
    for rule in scheme.levels:
        found = _checks(scheme, rule, held)
        steps.extend(found)
        if all(check.met for check in found):
            level = rule.label
            break
        higher, last = rule.label, found
    steps.append(Fact("primary_level", scheme.articles["year"], {"level": level}))
    blocking = tuple(check for check in last if not check.met)
    return _result(scheme, YEAR, level, tuple(steps), (), tests, higher, blocking)


def _checks(scheme: PrimaryScheme, rule: PrimaryRule, held: _Levels) -> tuple[Check, ...]:
    article = scheme.articles["year"]
    found = [
        _worse(
            "primary_subjects",
            article,
            rule.label,
            rule.subjects,
            held.subjects,
            scheme.subject_levels,
        ),
        _worse(
            "primary_others",
            article,
            rule.label,
            rule.qualities,
            held.others,
            scheme.quality_levels,
        ),
    ]
    low = tuple(
        Scored(code, subject_name(code), mark)
        for code, mark in held.tests.items()
        if mark is not None and mark < rule.mark
    )
    tests = Check("primary_tests", article, rule.label, rule.mark, 0, len(low), low, not low)
    return (*found, tests)


def _worse(
    code: str,
    article: str,
    label: str,
    worst: int,
    levels: Mapping[str, str | None],
    ranked: tuple[str, ...],
) -> Check:
    """The condition that no level is worse than the accepted one."""
    items = tuple(
        Commented(each, subject_name(each), level)
        for each, level in levels.items()
        if level is not None and ranked.index(level) > worst
    )
    return Check(code, article, label, ranked[worst], 0, len(items), items, not items)


def primary_promotion(
    scheme: PrimaryScheme, level: str, *, promoted_by_head: bool | None = None, reason: str = ""
) -> PromotionResult:
    """Return whether a pupil completes the grade (Đ11).

    Any level but the lowest completes it. For the lowest, after support and another assessment, the
    head decides case by case: None while no decision is recorded. Raises UnknownLevel; EmptyInput
    for a decision without a reason.
    """
    article = scheme.articles["promotion"]
    as_level(level, _labels(scheme))
    if level != scheme.lowest:
        outcome, fact = Outcome.PROMOTED, Fact("primary_completed", article, {"level": level})
    elif promoted_by_head is None:
        outcome, fact = Outcome.HEAD_DECIDES, Fact("primary_head", article, {"level": level})
    else:
        if not reason:
            raise EmptyInput(what="reason")
        outcome = Outcome.PROMOTED if promoted_by_head else Outcome.RETAINED
        fact = Fact(f"primary_head_{outcome}", article, {"reason": reason})
    blocking = () if outcome is Outcome.PROMOTED else (fact,)
    return PromotionResult(scheme.id, scheme.version, outcome, blocking, (fact,))


def primary_award(
    scheme: PrimaryScheme, level: str, *, recognised_by_class: bool | None = None
) -> AwardResult:
    """Return the title of the year (Đ13).

    Hoàn thành tốt earns its title only when the class recognises outstanding work in a subject or
    clear progress: `recognised_by_class` is None while that is not asked, and no title follows
    then. Raises UnknownLevel.
    """
    as_level(level, _labels(scheme))
    article = scheme.articles["award"]
    for rule in scheme.levels:
        if rule.label != level or not rule.award:
            continue
        params = {"title": rule.award, "level": level}
        if not rule.award_needs_class or recognised_by_class:
            fact = Fact("primary_title", article, params)
            return AwardResult(scheme.id, scheme.version, rule.award, (), (fact,))
        asked = "primary_class_declined" if recognised_by_class is False else "primary_class_asked"
        lacking = Fact(asked, article, params)
        return AwardResult(scheme.id, scheme.version, None, (lacking,), (lacking,))
    none = Fact("primary_no_title", article, {"level": level})
    return AwardResult(scheme.id, scheme.version, None, (none,), (none,))


def _labels(scheme: PrimaryScheme) -> tuple[str, ...]:
    return (*(rule.label for rule in scheme.levels), scheme.lowest)


def _result(
    scheme: PrimaryScheme,
    moment: str,
    level: str | None,
    steps: tuple[Step, ...],
    missing: tuple[str, ...],
    tests: tuple[str, ...],
    next_level: str | None = None,
    blocking: tuple[Check, ...] = (),
) -> PrimaryResult:
    return PrimaryResult(
        scheme.id,
        scheme.version,
        moment,
        level,
        next_level,
        blocking,
        missing,
        tests,
        steps,
    )
