"""How many regular marks a subject needs."""

from __future__ import annotations

import pytest

from gradebook.rules import explanation, regular_count
from gradebook.rules.errors import BadNumber
from gradebook.rules.scheme import SecondaryScheme, Topics
from tests.gradebook.rules.cast import COMMENT, SCORE, TT22, TT26, TT43, TT58


@pytest.mark.parametrize("scheme", [TT26, TT22, TT43])
@pytest.mark.parametrize(
    ("periods", "count"), [(1, 2), (34, 2), (35, 2), (36, 3), (69, 3), (70, 3), (71, 4), (175, 4)]
)
def test_periods_of_the_year_decide(scheme: SecondaryScheme, periods: int, count: int) -> None:
    result = regular_count(scheme, periods_per_year=periods, assessed_by=SCORE)
    assert (result.count, result.topics) == (count, 0)


@pytest.mark.parametrize(
    ("periods", "count"), [(35, 2), (36, 3), (70, 3), (104, 3), (105, 4), (140, 4)]
)
def test_the_old_circular_counts_by_week(periods: int, count: int) -> None:
    """One and three periods a week, over 35 weeks."""
    assert regular_count(TT58, periods_per_year=periods, assessed_by=SCORE).count == count


@pytest.mark.parametrize(("scheme", "count"), [(TT22, 2), (TT43, 2), (TT26, 4), (TT58, 4)])
def test_a_comment_only_subject_has_its_own_number(scheme: SecondaryScheme, count: int) -> None:
    result = regular_count(scheme, periods_per_year=140, assessed_by=COMMENT, topics=0)
    assert result.count == count


@pytest.mark.parametrize(
    ("scheme", "topics", "extra"),
    [(TT22, 0, 0), (TT22, 1, 1), (TT22, 3, 1), (TT43, 1, 1), (TT43, 3, 3), (TT58, 2, 2)],
)
def test_chosen_topics_add_marks(scheme: SecondaryScheme, topics: int, extra: int) -> None:
    result = regular_count(scheme, periods_per_year=105, assessed_by=SCORE, topics=topics)
    assert (result.count, result.topics) == (4 + extra, extra)


def test_topics_add_nothing_where_a_school_says_so_or_for_comments() -> None:
    without = TT22.with_parameters(topics=Topics.NONE)
    assert regular_count(without, periods_per_year=70, assessed_by=SCORE, topics=3).count == 3
    assert regular_count(TT22, periods_per_year=70, assessed_by=COMMENT, topics=3).count == 2


def test_a_centre_may_set_the_number_for_activities() -> None:
    one = TT43.with_parameters(regular_comment=1)
    assert regular_count(one, periods_per_year=70, assessed_by=COMMENT).count == 1


def test_the_number_is_explained() -> None:
    scored = regular_count(TT22, periods_per_year=70, assessed_by=SCORE, topics=2)
    assert explanation(scored) == [
        "70 tiết/năm: 3 điểm thường xuyên, thêm 1 điểm chuyên đề: 4 [TT 22/2021, Đ6]"
    ]
    by_comment = regular_count(TT22, periods_per_year=70, assessed_by=COMMENT)
    assert explanation(by_comment)[0].startswith("Đánh giá bằng nhận xét (70 tiết/năm): 2 lần")


@pytest.mark.parametrize(
    ("periods", "topics"), [(0, 0), (-1, 0), (1001, 0), (True, 0), (70, -1), (70, 1001)]
)
def test_impossible_numbers_are_refused(periods: int, topics: int) -> None:
    with pytest.raises(BadNumber, match="to 1000, not"):
        regular_count(TT22, periods_per_year=periods, assessed_by=SCORE, topics=topics)


def test_the_largest_numbers_are_taken() -> None:
    assert regular_count(TT43, periods_per_year=1000, assessed_by=SCORE, topics=1000).count == 1004
