"""How many regular marks a subject needs in a term."""

from __future__ import annotations

from gradebook.rules.errors import BadNumber
from gradebook.rules.scheme import AssessedBy, SecondaryScheme, Topics
from gradebook.rules.shapes import RegularCount
from gradebook.rules.steps import Fact

MOST_PERIODS = 1000


def regular_count(
    scheme: SecondaryScheme,
    *,
    periods_per_year: int,
    assessed_by: AssessedBy,
    topics: int = 0,
) -> RegularCount:
    """Return the number of regular marks per term (TT 22/2021 Đ6, TT 58/2011 Đ8).

    `periods_per_year` is the year's number of periods, those of chuyên đề left out; `topics` the
    number of chosen chuyên đề of this term: together one more mark under TT 22/2021 (upper
    secondary), one each under TT 43/2021. Raises BadNumber.
    """
    _whole("periods_per_year", periods_per_year, least=1)
    _whole("topics", topics, least=0)
    by_comment = assessed_by is AssessedBy.COMMENT and scheme.regular_comment > 0
    count = scheme.regular_comment if by_comment else _by_periods(scheme, periods_per_year)
    extra = _extra(scheme.topics, 0 if by_comment else topics)
    fact = Fact(
        "regular_count_comment" if by_comment else "regular_count",
        scheme.articles["regular_count"],
        {"periods": periods_per_year, "own": count, "extra": extra, "count": count + extra},
    )
    return RegularCount(scheme.id, scheme.version, count + extra, extra, (fact,))


def _whole(what: str, given: int, least: int) -> None:
    if type(given) is not int or not least <= given <= MOST_PERIODS:
        raise BadNumber(what=what, least=least, most=MOST_PERIODS, given=given)


def _by_periods(scheme: SecondaryScheme, periods: int) -> int:
    for most, count in scheme.regular_limits:
        if periods <= most:
            return count
    return scheme.regular_most


def _extra(rule: Topics, topics: int) -> int:
    if rule is Topics.EACH:
        return topics
    return min(topics, 1) if rule is Topics.ONE else 0
