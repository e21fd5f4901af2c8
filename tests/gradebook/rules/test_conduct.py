"""Conduct of the year and summer training."""

from __future__ import annotations

from itertools import pairwise

import pytest

from gradebook.rules import after_summer, conduct_year, explanation, needs_summer_training
from gradebook.rules.errors import NoSummerTraining, UnknownLevel
from gradebook.rules.scheme import SecondaryScheme
from tests.gradebook.rules.cast import TT22, TT26, TT43, TT58

LEVELS = ("Tốt", "Khá", "Đạt", "Chưa đạt")
# Rows: first term; columns: second term
YEAR = (
    ("Tốt", "Khá", "Khá", "Chưa đạt"),
    ("Tốt", "Khá", "Đạt", "Chưa đạt"),
    ("Khá", "Khá", "Đạt", "Chưa đạt"),
    ("Khá", "Đạt", "Đạt", "Chưa đạt"),
)


@pytest.mark.parametrize("scheme", [TT22, TT43])
def test_the_table_of_conduct_is_exhaustive(scheme: SecondaryScheme) -> None:
    for row, term1 in enumerate(LEVELS):
        for column, term2 in enumerate(LEVELS):
            result = conduct_year(scheme, term1, term2)
            assert (result.level, result.suggested) == (YEAR[row][column], False)
    assert len(scheme.conduct_table) == len(LEVELS) ** 2


@pytest.mark.parametrize("scheme", [TT22, TT43])
def test_better_conduct_in_a_term_never_lowers_the_year(scheme: SecondaryScheme) -> None:
    for better, worse in pairwise(LEVELS):
        for other in LEVELS:
            for high, low in (((better, other), (worse, other)), ((other, better), (other, worse))):
                ranks = [
                    LEVELS.index(str(conduct_year(scheme, *pair).level)) for pair in (high, low)
                ]
                assert ranks[0] <= ranks[1]


@pytest.mark.parametrize("scheme", [TT58, TT26])
def test_the_old_circulars_only_suggest_the_second_term_s(scheme: SecondaryScheme) -> None:
    result = conduct_year(scheme, "Tốt", "Trung bình")
    assert (result.level, result.suggested) == ("Trung bình", True)
    assert "giáo viên chủ nhiệm quyết định" in explanation(result)[0]
    assert explanation(conduct_year(TT22, "Tốt", "Đạt")) == [
        "Rèn luyện: HKI Tốt, HKII Đạt: Khá [TT 22/2021, Đ8.2]"
    ]
    first = scheme.with_parameters(conduct_year_term=1)
    assert conduct_year(first, "Tốt", "Trung bình").level == "Tốt"


@pytest.mark.parametrize("terms", [(None, "Tốt"), ("Tốt", None), (None, None)])
def test_half_a_year_has_no_conduct(terms: tuple[str | None, str | None]) -> None:
    assert conduct_year(TT22, *terms).level is None
    waiting = conduct_year(TT58, *terms)
    assert (waiting.level, waiting.suggested) == (None, True)


@pytest.mark.parametrize(
    ("scheme", "term1", "term2"),
    [(TT22, "Trung bình", "Tốt"), (TT58, "Đạt", "Tốt"), (TT22, None, "tốt")],
)
def test_each_circular_has_its_own_levels(
    scheme: SecondaryScheme, term1: str | None, term2: str
) -> None:
    with pytest.raises(UnknownLevel):
        conduct_year(scheme, term1, term2)


@pytest.mark.parametrize(
    ("scheme", "low", "passing"),
    [(TT22, "Chưa đạt", "Đạt"), (TT43, "Chưa đạt", "Đạt"), (TT58, "Yếu", "Trung bình")],
)
def test_only_the_lowest_conduct_needs_summer_training(
    scheme: SecondaryScheme, low: str, passing: str
) -> None:
    assert needs_summer_training(scheme, low)
    assert not needs_summer_training(scheme, passing)
    with pytest.raises(NoSummerTraining):
        after_summer(scheme, passing, completed=True, rated="Tốt", certified=True)


def test_summer_training_keeps_the_first_rating_beside_the_new_one() -> None:
    result = after_summer(TT22, "Chưa đạt", completed=True, rated="Đạt")
    assert (result.first, result.level, result.suggested) == ("Chưa đạt", "Đạt", False)
    waiting = after_summer(TT22, "Chưa đạt", completed=True, rated=None)
    assert (waiting.first, waiting.level) == ("Chưa đạt", None)
    not_done = after_summer(TT22, "Chưa đạt", completed=False, rated="Tốt")
    assert (not_done.level, not_done.steps[0].code) == ("Chưa đạt", "summer_not_completed")


def test_the_old_circular_asks_for_the_commune_s_certificate() -> None:
    without = after_summer(TT58, "Yếu", completed=True, rated="Trung bình")
    assert (without.level, without.steps[0].code) == ("Yếu", "summer_not_certified")
    undone = after_summer(TT58, "Yếu", completed=False, rated="Trung bình", certified=True)
    assert (undone.level, undone.steps[0].code) == ("Yếu", "summer_not_completed")
    done = after_summer(TT58, "Yếu", completed=True, rated="Trung bình", certified=True)
    assert done.level == "Trung bình"
    asking = TT22.with_parameters(summer_certificate=True)
    assert after_summer(asking, "Chưa đạt", completed=True, rated="Đạt").level == "Chưa đạt"


def test_a_school_may_cap_the_rating_after_summer() -> None:
    assert after_summer(TT22, "Chưa đạt", completed=True, rated="Tốt").level == "Tốt"
    capped = TT22.with_parameters(summer_highest="Đạt")
    assert after_summer(capped, "Chưa đạt", completed=True, rated="Đạt").level == "Đạt"
    with pytest.raises(UnknownLevel):
        after_summer(capped, "Chưa đạt", completed=True, rated="Khá")
