"""Academic levels: every boundary and one step either side, and the adjustment."""

from __future__ import annotations

import pytest

from gradebook.rules.errors import (
    TooFewSubjects,
)
from gradebook.rules.scheme import SecondaryScheme
from tests.gradebook.rules.cast import (
    TT22,
    TT26,
    TT43,
    TT58,
    level,
)

SIX_8 = "8.0 8.0 8.0 8.0 8.0 8.0"
SIX_65 = "6.5 6.5 6.5 6.5 6.5 6.5"
SIX_5 = "5.0 5.0 5.0 5.0 5.0 5.0"


# TT 22/2021


@pytest.mark.parametrize(
    ("averages", "comment", "expected"),
    [
        (f"{SIX_8} 6.5 6.5", "Đ", "Tốt"),
        (f"{SIX_8} 6.6 6.5", "Đ", "Tốt"),
        (f"{SIX_8} 6.5 6.4", "Đ", "Khá"),  # one below 6.5: one level down, no adjustment
        ("7.9 8.0 8.0 8.0 8.0 8.0 6.5 6.5", "Đ", "Khá"),  # five at 8.0
        ("8.1 8.0 8.0 8.0 8.0 8.0 6.5 6.5", "Đ", "Tốt"),
        (f"{SIX_8} 8.0", "Đ", "Tốt"),
        (f"{SIX_65} 5.0 5.0", "Đ", "Khá"),
        (f"{SIX_65} 5.0 5.1", "Đ", "Khá"),
        (f"{SIX_65} 5.0 4.9", "Đ", "Đạt"),
        ("6.4 6.5 6.5 6.5 6.5 6.5 5.0 5.0", "Đ", "Đạt"),
        (f"{SIX_5} 3.5 3.5", "Đ", "Đạt"),
        (f"{SIX_5} 3.5 3.4", "Đ", "Chưa đạt"),
        ("4.9 5.0 5.0 5.0 5.0 5.0 3.5 3.5", "Đ", "Chưa đạt"),
        (f"{SIX_5} 3.5 3.5", "CĐ", "Đạt"),  # one comment-only subject may fail
    ],
)
def test_table_of_tt22(averages: str, comment: str, expected: str) -> None:
    result = level(TT22, averages, gdtc=comment, am_nhac="Đ")
    assert (result.level, result.base, result.adjusted) == (expected, expected, False)
    assert result.mean is None


def test_two_failed_comment_only_subjects_are_too_many() -> None:
    assert level(TT22, f"{SIX_8} 8.0", gdtc="CĐ", am_nhac="CĐ").level == "Chưa đạt"


@pytest.mark.parametrize(
    ("averages", "comment", "base", "expected"),
    [
        (f"{SIX_8} 8.0 4.9", "Đ", "Đạt", "Khá"),
        (f"{SIX_8} 8.0 5.0", "Đ", "Khá", "Khá"),
        (f"{SIX_8} 8.0 3.5", "Đ", "Đạt", "Khá"),
        (f"{SIX_8} 8.0 3.4", "Đ", "Chưa đạt", "Đạt"),
        (f"{SIX_8} 0 6.5", "Đ", "Chưa đạt", "Đạt"),
        (f"{SIX_65} 6.5 3.4", "Đ", "Chưa đạt", "Đạt"),
        (f"{SIX_65} 5.0 3.4", "Đ", "Chưa đạt", "Đạt"),
        (f"{SIX_65} 4.9 3.4", "Đ", "Chưa đạt", "Chưa đạt"),  # two culprits
        (f"{SIX_8} 4.9 4.9", "Đ", "Đạt", "Đạt"),
        (f"{SIX_5} 5.0 3.4", "Đ", "Chưa đạt", "Chưa đạt"),  # only Tốt and Khá are adjusted
        (f"{SIX_8} 8.0", "CĐ", "Đạt", "Khá"),  # [AMB-2]
        (f"{SIX_8} 4.9", "CĐ", "Đạt", "Đạt"),  # a mark and a comment
        (f"{SIX_65} 6.5", "CĐ", "Đạt", "Đạt"),  # one level down
    ],
)
def test_adjustment_of_tt22(averages: str, comment: str, base: str, expected: str) -> None:
    result = level(TT22, averages, gdtc=comment, am_nhac="Đ")
    assert (result.base, result.level) == (base, expected)
    assert result.adjusted == (base != expected)
    assert result.adjustment.code == ("adjusted" if base != expected else "not_adjusted")


FIVE_AND_ONE = "8.0 8.0 8.0 8.0 8.0 6.5 6.5 4.0"


def test_the_wider_reading_is_for_the_head_to_consider() -> None:
    """[AMB-1]: five at 8.0 and the one bad subject would make six."""
    result = level(TT22, FIVE_AND_ONE, gdtc="Đ")
    assert (result.level, [fact.code for fact in result.warnings]) == (
        "Đạt",
        ["consider_adjustment"],
    )
    assert result.warnings[0].params["level"] == "Khá"
    wider = TT22.with_parameters(adjustment_without_subject=False)
    lifted = level(wider, FIVE_AND_ONE, gdtc="Đ")
    assert (lifted.level, lifted.base, lifted.warnings) == ("Khá", "Đạt", ())


@pytest.mark.parametrize(
    ("averages", "comment"),
    [
        ("8.0 8.0 8.0 8.0 7.9 6.5 6.5 4.0", "Đ"),  # even with it only five
        ("8.0 8.0 8.0 8.0 8.0 6.5 6.5 6.5", "CĐ"),  # a comment never counts towards six
        (f"{SIX_5} 5.0 3.4", "Đ"),
    ],
)
def test_the_wider_reading_has_its_limits(averages: str, comment: str) -> None:
    wider = TT22.with_parameters(adjustment_without_subject=False)
    for scheme in (TT22, wider):
        result = level(scheme, averages, gdtc=comment)
        assert (result.adjusted, result.warnings) == (False, ())


def test_the_wider_reading_is_not_mentioned_where_it_lifts_no_higher() -> None:
    """Tốt only in the wider reading, Khá plainly: both lead from Chưa đạt to Đạt."""
    result = level(TT22, "8.0 8.0 8.0 8.0 8.0 6.5 6.5 3.0", gdtc="Đ")
    assert (result.base, result.level, result.warnings) == ("Chưa đạt", "Đạt", ())
    assert result.adjustment.params["target"] == "Khá"


def test_a_comment_only_subject_as_the_one_is_flagged_and_can_be_switched_off() -> None:
    result = level(TT22, f"{SIX_8} 8.0", gdtc="CĐ")
    assert [fact.code for fact in result.warnings] == ["adjusted_by_comment"]
    strict = TT22.with_parameters(adjustment_by_comment_subject=False)
    kept = level(strict, f"{SIX_8} 8.0", gdtc="CĐ")
    assert (kept.level, [fact.code for fact in kept.warnings]) == ("Đạt", ["consider_adjustment"])
    by_mark = level(strict, f"{SIX_8} 8.0 4.0", gdtc="Đ")
    assert (by_mark.level, by_mark.warnings) == ("Khá", ())


@pytest.mark.parametrize(("scheme", "least"), [(TT22, 6), (TT43, 5)])
def test_too_few_scored_subjects_are_for_the_head_to_decide(
    scheme: SecondaryScheme, least: int
) -> None:
    few = " ".join(["9.0"] * (least - 1))
    with pytest.raises(TooFewSubjects) as refused:
        level(scheme, few, gdtc="Đ", am_nhac="Đ")
    assert str(least - 1) in refused.value.vi
    assert "quyết định" in refused.value.vi
    assert level(scheme, f"{few} 9.0", gdtc="Đ").level == "Tốt"


# TT 43/2021


@pytest.mark.parametrize(
    ("averages", "expected"),
    [
        ("8.0 8.0 8.0 8.0 8.0 6.5 6.5", "Tốt"),
        ("8.0 8.0 8.0 8.0 7.9 6.5 6.5", "Khá"),
        ("8.0 8.0 8.0 8.0 8.0 6.5 6.4", "Khá"),
        ("6.5 6.5 6.5 6.5 6.5 5.0 5.0", "Khá"),
        ("6.5 6.5 6.5 6.5 6.4 5.0 5.0", "Đạt"),
        ("5.0 5.0 5.0 5.0 5.0 3.5 3.5", "Đạt"),
        ("5.0 5.0 5.0 5.0 4.9 3.5 3.5", "Chưa đạt"),
        ("5.0 5.0 5.0 5.0 5.0 3.5 3.4", "Chưa đạt"),
    ],
)
def test_table_of_tt43(averages: str, expected: str) -> None:
    """A comment-only activity holds nothing back unless the school says so."""
    for comment in ("Đ", "CĐ"):
        assert level(TT43, averages, hdtn_hn=comment, gdtc=comment).level == expected


def test_a_centre_may_let_activities_count_and_change_the_counts() -> None:
    counting = TT43.with_parameters(comment_subjects_count=True)
    result = level(counting, "8.0 8.0 8.0 8.0 8.0 6.5", hdtn_hn="CĐ")
    assert (result.base, result.level) == ("Đạt", "Khá")
    six = TT43.with_parameters(level_counts=(6, 5, 5))
    assert level(six, "8.0 8.0 8.0 8.0 8.0 6.5").level == "Khá"
    assert level(six, "8.0 8.0 8.0 8.0 8.0").level == "Khá"
    assert level(TT43, "8.0 8.0 8.0 8.0 8.0 4.0").level == "Khá"
    plain = TT43.with_parameters(adjustments={})
    assert level(plain, "8.0 8.0 8.0 8.0 8.0 4.0").level == "Đạt"


# TT 58/2011 and TT 26/2020


@pytest.mark.parametrize("scheme", [TT58, TT26])
@pytest.mark.parametrize(
    ("averages", "expected", "mean"),
    [
        ("8.0 8.0 8.0", "Giỏi", "8.0"),
        ("8.0 7.9 7.9 8.0", "Giỏi", "8.0"),  # 7.95 is published as 8.0
        ("8.0 7.9 7.9 7.9", "Khá", "7.9"),  # 7.925
        ("7.9 7.9 7.9 9.0", "Khá", "8.2"),  # no core subject at 8.0
        ("9.5 6.5 8.0", "Giỏi", "8.0"),
        ("9.6 6.4 8.0", "Khá", "8.0"),
        ("6.5 6.5 6.5", "Khá", "6.5"),
        ("6.5 6.4 6.4 6.4", "Trung bình", "6.4"),
        ("6.4 6.4 6.4 9.0", "Trung bình", "7.1"),
        ("6.5 5.0 5.0 9.5", "Khá", "6.5"),
        ("6.5 5.0 4.9 9.6", "Trung bình", "6.5"),
        ("5.0 5.0 5.0", "Trung bình", "5.0"),
        ("5.0 4.9 4.9 4.9", "Yếu", "4.9"),
        ("4.9 4.9 4.9 9.0", "Yếu", "5.9"),
        ("5.0 3.5 6.5", "Trung bình", "5.0"),
        ("5.0 3.4 6.6", "Yếu", "5.0"),
        ("3.5 3.5 3.5", "Yếu", "3.5"),
        ("3.4 3.4 3.5", "Kém", "3.4"),
        ("2.0 5.0 3.5", "Yếu", "3.5"),
        ("1.9 5.0 3.6", "Kém", "3.5"),
        ("0 0 0", "Kém", "0.0"),
    ],
)
def test_table_of_the_old_circulars(
    scheme: SecondaryScheme, averages: str, expected: str, mean: str
) -> None:
    result = level(scheme, averages, the_duc="Đ")
    assert (result.level, result.base, str(result.mean)) == (expected, expected, mean)


def test_the_foreign_language_is_a_core_subject_since_the_amendment() -> None:
    averages = "7.9 7.9 8.5 8.5"
    assert level(TT58, averages).level == "Khá"
    assert level(TT26, averages).level == "Giỏi"


@pytest.mark.parametrize("scheme", [TT58, TT26])
@pytest.mark.parametrize(
    ("averages", "comment", "base", "expected"),
    [
        ("9.0 9.0 9.0 9.0 5.0", "Đ", "Khá", "Khá"),
        ("9.0 9.0 9.0 9.0 4.9", "Đ", "Trung bình", "Khá"),
        ("9.0 9.0 9.0 9.0 3.5", "Đ", "Trung bình", "Trung bình"),  # mean 7.9: Khá at most
        ("9.5 9.5 9.5 9.5 3.5", "Đ", "Trung bình", "Khá"),
        ("9.5 9.5 9.5 9.5 3.4", "Đ", "Yếu", "Trung bình"),
        ("9.5 9.5 9.5 9.5 2.0", "Đ", "Yếu", "Trung bình"),
        ("8.0 8.0 8.0 8.0 3.4", "Đ", "Yếu", "Trung bình"),  # Khá to Yếu
        ("8.0 8.0 8.0 8.0 1.9", "Đ", "Kém", "Yếu"),  # Khá to Kém
        ("8.0 8.0 8.0 8.0 0.4", "Đ", "Kém", "Yếu"),  # mean 6.48 is published as 6.5
        ("8.0 8.0 8.0 8.0 0.2", "Đ", "Kém", "Kém"),  # 6.44: mean 6.4
        ("6.0 6.0 6.0 6.0 3.4", "Đ", "Yếu", "Yếu"),
        ("9.0 9.0 9.0 9.0 8.0", "CĐ", "Yếu", "Trung bình"),
        ("9.0 9.0 9.0 9.0 4.9", "CĐ", "Yếu", "Yếu"),  # two culprits
        ("7.0 7.0 7.0 7.0 7.0", "CĐ", "Yếu", "Trung bình"),
    ],
)
def test_adjustment_of_the_old_circulars(
    scheme: SecondaryScheme, averages: str, comment: str, base: str, expected: str
) -> None:
    result = level(scheme, averages, the_duc=comment)
    assert (result.base, result.level) == (base, expected)
    assert result.warnings == ()


TOP_TO_BOTTOM = "9.9 9.9 9.9 9.9 9.9 1.9"


def test_the_old_text_does_not_lift_from_the_bottom_what_would_be_the_top() -> None:
    result = level(TT58, TOP_TO_BOTTOM, the_duc="Đ")
    assert (str(result.mean), result.level, result.adjusted) == ("8.6", "Kém", False)
    assert result.adjustment.code == "not_listed"
    assert [fact.code for fact in result.warnings] == ["top_to_bottom"]
    lifting = TT58.with_parameters(adjust_top_to_bottom="Yếu")
    lifted = level(lifting, TOP_TO_BOTTOM, the_duc="Đ")
    assert (lifted.level, lifted.adjusted, lifted.warnings) == ("Yếu", True, ())


def test_the_core_condition_has_to_hold_without_the_one_subject() -> None:
    averages = "4.9 7.9 7.9 9.9 9.9 9.9"
    result = level(TT58, averages, the_duc="Đ")
    assert (str(result.mean), result.base, result.level) == ("8.4", "Trung bình", "Trung bình")
    assert [fact.params["level"] for fact in result.warnings] == ["Khá"]
    wider = TT58.with_parameters(adjustment_without_subject=False)
    assert level(wider, averages, the_duc="Đ").level == "Khá"
    low_mean = level(wider, "4.9 7.9 7.9 7.9", the_duc="Đ")
    assert (low_mean.level, low_mean.warnings) == ("Trung bình", ())
    assert level(TT58, "4.9 7.9 7.9 7.9", the_duc="Đ").warnings == ()
    other = level(wider, "7.9 7.9 4.9 9.9 9.9 9.9", the_duc="Đ")
    assert (other.level, other.warnings) == ("Trung bình", ())


@pytest.mark.parametrize(
    ("averages", "special", "expected"),
    [
        ("9.0 9.0 9.0 8.0", "ly", "Giỏi"),
        ("9.0 9.0 9.0 7.9", "ly", "Khá"),
        ("9.0 9.0 9.0 7.9", None, "Giỏi"),
        ("7.0 7.0 7.0 6.5", "ly", "Khá"),
        ("7.0 7.0 7.0 6.4", "ly", "Trung bình"),
        ("7.0 7.0 7.0 5.0", "ly", "Trung bình"),
        ("9.0 9.0 9.0 5.0", "ly", "Trung bình"),
        ("5.5 5.5 5.5 4.9", "ly", "Yếu"),
        ("7.0 7.0 7.0 4.9", "ly", "Yếu"),
        ("9.9 9.9 9.9 4.9", "ly", "Yếu"),  # the one subject is the specialised one
    ],
)
def test_a_specialised_class_asks_more(averages: str, special: str | None, expected: str) -> None:
    assert level(TT58, averages, special, the_duc="Đ").level == expected


def test_the_specialised_subject_as_the_one_is_for_the_head_to_consider() -> None:
    result = level(TT58, "9.9 9.9 9.9 4.9", "ly", the_duc="Đ")
    assert [fact.params["level"] for fact in result.warnings] == ["Trung bình"]
    wider = TT58.with_parameters(adjustment_without_subject=False)
    assert level(wider, "9.9 9.9 9.9 4.9", "ly", the_duc="Đ").level == "Trung bình"
