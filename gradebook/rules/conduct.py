"""Conduct of the year (hạnh kiểm, kết quả rèn luyện) and after summer training."""

from __future__ import annotations

from gradebook.rules.entries import as_level
from gradebook.rules.errors import NoSummerTraining
from gradebook.rules.scheme import SecondaryScheme
from gradebook.rules.shapes import ConductResult
from gradebook.rules.steps import Fact


def conduct_year(scheme: SecondaryScheme, term1: str | None, term2: str | None) -> ConductResult:
    """Return the conduct of the year from the two terms; None while one is not known.

    TT 22/2021 Đ8.2 fixes it by a table of sixteen cells. TT 58/2011 Đ3 leaves it to the homeroom
    teacher: there the result is only a suggestion, the second term's. Raises UnknownLevel.
    """
    article = scheme.articles["conduct"]
    for term in (term1, term2):
        if term is not None:
            as_level(term, scheme.conduct_levels)
    if term1 is None or term2 is None:
        waiting = Fact("conduct_waits", article, {"term1": term1, "term2": term2})
        return _result(scheme, None, None, (waiting,), not scheme.conduct_table)
    table = scheme.conduct_table
    suggested = (term1, term2)[scheme.conduct_year_term - 1]
    level = table[term1, term2] if table else suggested
    params = {"term1": term1, "term2": term2, "level": level}
    code = "conduct_year" if table else "conduct_suggested"
    return _result(scheme, level, None, (Fact(code, article, params),), not table)


def needs_summer_training(scheme: SecondaryScheme, level: str) -> bool:
    """Whether conduct of the year is so low that the pupil has to train in summer.

    TT 58/2011 Đ17, TT 22/2021 Đ13. Raises UnknownLevel.
    """
    ranked = scheme.conduct_levels
    return ranked.index(as_level(level, ranked)) > ranked.index(scheme.pass_conduct)


def after_summer(
    scheme: SecondaryScheme,
    first: str,
    *,
    completed: bool,
    rated: str | None,
    certified: bool = False,
) -> ConductResult:
    """Return conduct after summer training; the first result is kept beside it.

    `completed`: the tasks were done; `certified`: the commune says so, which TT 58/2011 Đ17
    demands; `rated`: the homeroom teacher's new rating, None while not given (the level is then
    None). Raises NoSummerTraining where none was due, UnknownLevel.
    """
    article = scheme.articles["summer"]
    if not needs_summer_training(scheme, first):
        raise NoSummerTraining(given=first, article=article)
    if not completed or (scheme.summer_certificate and not certified):
        code = "summer_not_certified" if completed else "summer_not_completed"
        return _result(scheme, first, first, (Fact(code, article, {"level": first}),))
    if rated is None:
        return _result(scheme, None, first, (Fact("summer_waits", article, {"first": first}),))
    ranked = scheme.conduct_levels
    highest = ranked.index(scheme.summer_highest) if scheme.summer_highest else 0
    level = as_level(rated, ranked[highest:])
    fact = Fact("summer_rated", article, {"first": first, "level": level})
    return _result(scheme, level, first, (fact,))


def _result(
    scheme: SecondaryScheme,
    level: str | None,
    first: str | None,
    steps: tuple[Fact, ...],
    suggested: bool = False,
) -> ConductResult:
    return ConductResult(scheme.id, scheme.version, level, first, suggested, steps)
