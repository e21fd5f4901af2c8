"""Promotion, retests, and who decides."""

from __future__ import annotations

import pytest

from gradebook.rules import (
    Outcome,
    Status,
    SubjectValue,
    SubjectYear,
    after_retest,
    explanation,
    promotion,
    retest_right,
    subject_year,
)
from gradebook.rules.errors import BadNumber, NoRetest, UnknownLevel
from gradebook.rules.scheme import SecondaryScheme
from gradebook.rules.shapes import RetestResult
from tests.gradebook.rules import replay
from tests.gradebook.rules.cast import COMMENT, SCORE, SECONDARY, TT22, TT26, TT43, TT58, subjects

NEW = {
    ("Đạt", "Đạt"): "promoted",
    ("Đạt", "Chưa đạt"): "summer_conduct",
    ("Chưa đạt", "Đạt"): "retest",
    ("Chưa đạt", "Chưa đạt"): "retained",
    ("Tốt", "Tốt"): "promoted",
    ("Chưa đạt", "Tốt"): "retest",
    ("Tốt", "Chưa đạt"): "summer_conduct",
}
OLD = {
    ("Trung bình", "Trung bình"): "promoted",
    ("Trung bình", "Yếu"): "summer_conduct",
    ("Yếu", "Trung bình"): "retest",
    ("Yếu", "Yếu"): "retained",
    ("Kém", "Tốt"): "retained",
    ("Kém", "Yếu"): "retained",
    ("Giỏi", "Tốt"): "promoted",
    ("Giỏi", "Yếu"): "summer_conduct",
    ("Yếu", "Tốt"): "retest",
}


@pytest.mark.parametrize(("scheme", "table"), [(TT22, NEW), (TT43, NEW), (TT58, OLD), (TT26, OLD)])
def test_the_decision_table(scheme: SecondaryScheme, table: dict[tuple[str, str], str]) -> None:
    for (academic, conduct), outcome in table.items():
        for absences in (0, 44, 45):
            assert promotion(scheme, academic, conduct, absences).outcome == outcome
        assert promotion(scheme, academic, conduct, 46).outcome == "retained"


@pytest.mark.parametrize("scheme", SECONDARY)
def test_the_shown_steps_lead_to_the_same_outcome(scheme: SecondaryScheme) -> None:
    for academic in scheme.academic_levels:
        for conduct in scheme.conduct_levels:
            for absences in (45, 46):
                result = promotion(scheme, academic, conduct, absences)
                assert replay.outcome(result.steps) == result.outcome


def test_what_is_not_met_is_said() -> None:
    result = promotion(TT22, "Chưa đạt", "Chưa đạt", 46)
    assert [fact.code for fact in result.blocking] == [
        "absences_checked",
        "academic_checked",
        "conduct_checked",
    ]
    assert promotion(TT22, "Đạt", "Đạt", 45).blocking == ()


def test_there_is_one_second_chance_only() -> None:
    assert promotion(TT22, "Chưa đạt", "Đạt", 0, retest_done=True).outcome == "retained"
    assert promotion(TT22, "Đạt", "Chưa đạt", 0, summer_done=True).outcome == "retained"
    assert promotion(TT22, "Đạt", "Đạt", 0, retest_done=True).outcome == "promoted"
    assert promotion(TT22, "Đạt", "Đạt", 0, summer_done=True).outcome == "promoted"
    assert promotion(TT22, "Chưa đạt", "Đạt", 0, summer_done=True).outcome == "retest"
    assert promotion(TT22, "Đạt", "Chưa đạt", 0, retest_done=True).outcome == "summer_conduct"


@pytest.mark.parametrize(
    ("academic", "conduct", "absences", "outcome"),
    [
        (None, "Tốt", 0, None),
        ("Tốt", None, 0, None),
        (None, None, 45, None),
        (None, None, 46, Outcome.RETAINED),
    ],
)
def test_without_both_results_nothing_is_decided_but_by_absences(
    academic: str | None, conduct: str | None, absences: int, outcome: Outcome | None
) -> None:
    result = promotion(TT22, academic, conduct, absences)
    assert result.outcome is outcome
    waiting = {fact.code for fact in result.blocking} - {"absences_checked"}
    assert waiting == {
        code
        for code, level in (("academic_waits", academic), ("conduct_level_waits", conduct))
        if level is None
    }


def test_the_head_decides_for_an_individual_plan() -> None:
    result = promotion(TT22, "Chưa đạt", "Đạt", 90, individual_plan=True)
    assert (result.outcome, result.blocking) == (Outcome.HEAD_DECIDES, ())
    assert explanation(result)[0].startswith("Hiệu trưởng quyết định")


@pytest.mark.parametrize("absences", [-1, 1001, True])
def test_impossible_absences_are_refused(absences: int) -> None:
    with pytest.raises(BadNumber, match="from 0 to 1000"):
        promotion(TT22, "Đạt", "Đạt", absences)


def test_the_most_absences_are_taken() -> None:
    assert promotion(TT22, "Đạt", "Đạt", 1000).outcome == "retained"


@pytest.mark.parametrize(("academic", "conduct"), [("Trung bình", "Đạt"), ("Đạt", "Yếu")])
def test_levels_of_another_circular_are_refused(academic: str, conduct: str) -> None:
    with pytest.raises(UnknownLevel):
        promotion(TT22, academic, conduct, 0)


# Retests

WEAK = subjects("5.0 5.0 5.0 5.0 5.0 4.9 3.4", gdtc="CĐ", am_nhac="Đ")


def test_what_may_be_retaken() -> None:
    right = retest_right(TT22, WEAK, "Chưa đạt", "Đạt", 45)
    assert (right.allowed, right.subjects) == (True, ("gdtc", "sinh", "su"))
    assert explanation(right) == [
        "Được kiểm tra lại các môn dưới 5,0 hoặc CĐ: Giáo dục thể chất, Sinh học, Lịch sử "
        "[TT 22/2021, Đ14]"
    ]


@pytest.mark.parametrize(
    ("academic", "conduct", "absences"),
    [("Chưa đạt", "Chưa đạt", 0), ("Đạt", "Đạt", 0), ("Chưa đạt", "Đạt", 46)],
)
def test_who_may_not_retake(academic: str, conduct: str, absences: int) -> None:
    right = retest_right(TT22, WEAK, academic, conduct, absences)
    assert (right.allowed, right.subjects) == (False, ())
    assert explanation(right)[0].startswith("Không thuộc diện kiểm tra lại")


def test_an_exempt_or_open_subject_is_not_retaken() -> None:
    others = [
        SubjectValue("mi_thuat", COMMENT, level="CĐ", status=Status.EXEMPT),
        SubjectValue("tin", SCORE, average=None),
    ]
    assert retest_right(TT22, [*WEAK, *others], "Chưa đạt", "Đạt", 0).subjects == (
        "gdtc",
        "sinh",
        "su",
    )


def again(scheme: SecondaryScheme, **results: str) -> RetestResult:
    return after_retest(scheme, WEAK, results, conduct_level="Đạt", absences=0)


def test_the_level_follows_from_the_replaced_values_and_the_first_is_kept() -> None:
    result = again(TT22, su="6.0", sinh="5.0")
    assert (result.first.level, result.again.level) == ("Chưa đạt", "Đạt")
    assert [(kept.code, str(kept.first), str(kept.again)) for kept in result.retaken] == [
        ("sinh", "4.9", "5.0"),
        ("su", "3.4", "6.0"),
    ]
    assert [step.code for step in result.steps][:2] == ["retaken", "retaken"]
    assert replay.academic("tt22", result.again.steps)[1] == "Đạt"


def test_a_comment_only_subject_can_be_retaken() -> None:
    result = again(TT22, gdtc="Đ")
    assert (result.retaken[0].first, result.retaken[0].again) == ("CĐ", "Đ")
    assert result.again.level == "Chưa đạt"


def test_a_worse_second_result_replaces_the_first_all_the_same() -> None:
    assert str(again(TT22, sinh="3.0").retaken[0].again) == "3.0"


def test_the_adjustment_applies_to_the_replaced_values() -> None:
    given = subjects("8.0 8.0 8.0 8.0 8.0 8.0 3.0 3.0", gdtc="Đ")
    result = after_retest(TT22, given, {"su": "8.0"}, conduct_level="Tốt", absences=0)
    assert (result.first.level, result.again.base, result.again.level) == (
        "Chưa đạt",
        "Chưa đạt",
        "Đạt",
    )


def test_the_old_circular_computes_the_mean_again() -> None:
    given = subjects("5.0 5.0 4.0 4.0", the_duc="Đ")
    result = after_retest(TT58, given, {"ly": "7.0"}, conduct_level="Khá", absences=0)
    assert (str(result.first.mean), result.first.level) == ("4.5", "Yếu")
    assert (str(result.again.mean), result.again.level) == ("5.3", "Trung bình")


def test_a_name_and_an_elective_survive_the_retest() -> None:
    weak = SubjectValue("su", SCORE, average="3.0", name="Sử 7A", elective=True)
    given = [*subjects("5.0 5.0 5.0 5.0 5.0 4.0", gdtc="Đ"), weak]
    result = after_retest(TT22, given, {"su": "3.4"}, conduct_level="Đạt", absences=0)
    assert result.again.blocking[0].items[0].name == "Sử 7A"


def test_what_was_no_elective_is_none_after_the_retest() -> None:
    without = TT58.with_parameters(electives_count=False)
    years = [
        subject_year(without, SubjectYear(code, SCORE, mark, mark))
        for code, mark in (("toan", "6"), ("ngu_van", "6"), ("ly", "3"))
    ]
    result = after_retest(without, years, {"ly": "6"}, conduct_level="Khá", absences=0)
    assert (str(result.first.mean), str(result.again.mean)) == ("5.0", "6.0")
    low = after_retest(without, years, {"ly": "3.5"}, conduct_level="Khá", absences=0)
    assert str(low.again.mean) == "5.2"


@pytest.mark.parametrize("code", ["toan", "am_nhac", "unknown"])
def test_another_subject_cannot_be_retaken(code: str) -> None:
    with pytest.raises(NoRetest):
        again(TT22, **{code: "8.0"})


def test_without_the_right_or_a_level_nothing_is_retaken() -> None:
    with pytest.raises(NoRetest):
        after_retest(TT22, WEAK, {"su": "8"}, conduct_level="Chưa đạt", absences=0)
    unfinished = [*WEAK, SubjectValue("tin", SCORE)]
    with pytest.raises(NoRetest):
        after_retest(TT22, unfinished, {"su": "8"}, conduct_level="Đạt", absences=0)
