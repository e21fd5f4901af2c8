"""Titles of a term or a year (danh hiệu, khen thưởng)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gradebook.rules.entries import as_level, as_mark
from gradebook.rules.errors import EmptyInput
from gradebook.rules.scheme import AwardRule, Period, SecondaryScheme
from gradebook.rules.shapes import AwardResult
from gradebook.rules.steps import Fact


def award(
    scheme: SecondaryScheme,
    academic_level: str | None,
    conduct_level: str | None,
    year_averages: Sequence[Decimal | str | None] = (),
    period: Period = Period.YEAR,
) -> AwardResult:
    """Return the title of a pupil, None where the circular has none for the results or the period.

    TT 58/2011 Đ18 gives titles by term and year; TT 22/2021 Đ15 and TT 43/2021 Đ14 by year only,
    the highest also by the number of `year_averages` from 9.0. Raises UnknownLevel, BadMark, and
    EmptyInput where that number decides and there are no averages.
    """
    known = [None if mark is None else as_mark(mark) for mark in year_averages]
    if academic_level is not None:
        as_level(academic_level, scheme.academic_levels)
    if conduct_level is not None:
        as_level(conduct_level, scheme.conduct_levels)
    article = scheme.articles["award"]
    rules = [rule for rule in scheme.awards if period in rule.periods]
    if not rules:
        return _result(scheme, None, (), [Fact("no_title_by_term", article, {})])
    if academic_level is None or conduct_level is None:
        return _result(scheme, None, (), [Fact("title_waits", article, {})])
    lacking: list[Fact] = []
    steps: list[Fact] = []
    for rule in rules:
        checked = _levels(scheme, rule, academic_level, conduct_level)
        if rule.counted and all(fact.params["met"] for fact in checked):
            checked.append(_count(scheme, rule, known))
        steps += checked
        unmet = [fact for fact in checked if not fact.params["met"]]
        if not unmet:
            params = {"title": rule.title, "academic": academic_level, "conduct": conduct_level}
            return _result(scheme, rule.title, lacking, [*steps, Fact("title", article, params)])
        lacking = unmet
    params = {"academic": academic_level, "conduct": conduct_level}
    return _result(scheme, None, lacking, [*steps, Fact("no_title", article, params)])


def _levels(
    scheme: SecondaryScheme, rule: AwardRule, academic_level: str, conduct_level: str
) -> list[Fact]:
    """Whether academic level and conduct are high enough for a title."""
    article = scheme.articles["award"]
    return [
        Fact(
            code,
            article,
            {
                "title": rule.title,
                "level": level,
                "least": least,
                "met": ranked.index(level) <= ranked.index(least),
            },
        )
        for code, level, least, ranked in (
            ("title_academic", academic_level, rule.academic, scheme.academic_levels),
            ("title_conduct", conduct_level, rule.conduct, scheme.conduct_levels),
        )
    ]


def _count(scheme: SecondaryScheme, rule: AwardRule, averages: list[Decimal | None]) -> Fact:
    """Whether enough averages are high enough for a title. Raises EmptyInput."""
    if not averages:
        raise EmptyInput(what="year_averages")
    known = tuple(sorted(mark for mark in averages if mark is not None))
    found = sum([mark >= scheme.award_at for mark in known])
    params = {
        "title": rule.title,
        "averages": known,
        "at": scheme.award_at,
        "required": scheme.award_count,
        "found": found,
        "met": found >= scheme.award_count,
    }
    return Fact("title_count", scheme.articles["award"], params)


def _result(
    scheme: SecondaryScheme,
    title: str | None,
    blocking: Sequence[Fact],
    steps: Sequence[Fact],
) -> AwardResult:
    return AwardResult(scheme.id, scheme.version, title, tuple(blocking), tuple(steps))
