"""Primary pupils: four moments, tests by grade, levels of completion, awards."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradebook.rules import (
    Outcome,
    PrimaryRecord,
    blocking,
    planned_tests,
    primary,
    primary_award,
    primary_moment,
    primary_promotion,
    primary_year,
)
from gradebook.rules.errors import (
    EmptyInput,
    UnexpectedTest,
    UnknownGrade,
    UnknownLevel,
    UnknownMoment,
    UnknownSubject,
    WholeMarkRequired,
)
from gradebook.rules.steps import Check, Fact
from tests.gradebook.rules import replay

TT27 = primary("tt27")
MOMENTS = ("midterm1", "term1", "midterm2", "year")
FIRST = ("tieng_viet", "toan")
THIRD = (*FIRST, "ngoai_ngu_1", "tin", "cong_nghe")
FOURTH = (*FIRST, "ngoai_ngu_1", "ls_dl", "khoa_hoc", "tin", "cong_nghe")


@pytest.mark.parametrize(
    ("grade", "in_the_middle", "at_the_end"),
    [(1, (), FIRST), (2, (), FIRST), (3, (), THIRD), (4, FIRST, FOURTH), (5, FIRST, FOURTH)],
)
def test_tests_by_grade_and_moment(
    grade: int, in_the_middle: tuple[str, ...], at_the_end: tuple[str, ...]
) -> None:
    expected = [in_the_middle, at_the_end, in_the_middle, at_the_end]
    assert [planned_tests(TT27, grade, moment) for moment in MOMENTS] == expected


def test_other_grades_and_moments_do_not_exist() -> None:
    for grade in (0, 6):
        with pytest.raises(UnknownGrade):
            planned_tests(TT27, grade, "year")
    with pytest.raises(UnknownMoment):
        planned_tests(TT27, 1, "term2")


@pytest.mark.parametrize(
    ("subjects", "qualities", "competences", "tests", "level"),
    [
        ("TT", "T", "T", "9 9", "Hoàn thành xuất sắc"),
        ("TT", "T", "T", "9 8", "Hoàn thành tốt"),
        ("TT", "T", "T", "7 7", "Hoàn thành tốt"),
        ("TT", "T", "T", "7 6", "Hoàn thành"),
        ("TH", "T", "T", "10 10", "Hoàn thành"),
        ("TT", "TĐ", "T", "10 10", "Hoàn thành"),
        ("TT", "T", "TĐ", "10 10", "Hoàn thành"),
        ("HH", "Đ", "Đ", "5 5", "Hoàn thành"),
        ("HH", "Đ", "Đ", "5 4", "Chưa hoàn thành"),
        ("HC", "Đ", "Đ", "5 5", "Chưa hoàn thành"),
        ("HH", "C", "Đ", "5 5", "Chưa hoàn thành"),
        ("HH", "Đ", "C", "5 5", "Chưa hoàn thành"),
        ("TT", "T", "T", "0 10", "Chưa hoàn thành"),
    ],
)
def test_levels_of_completion(
    subjects: str, qualities: str, competences: str, tests: str, level: str
) -> None:
    result = primary_year(TT27, list(subjects), list(qualities), list(competences), tests.split())
    assert (result.level, result.moment) == (level, "year")
    assert replay.primary(result.steps) == level


@given(
    st.lists(st.sampled_from("TTHC"), min_size=1, max_size=5),
    st.lists(st.sampled_from("TTĐC"), min_size=1, max_size=5),
    st.lists(st.integers(4, 10).map(str), min_size=1, max_size=4),
)
def test_the_shown_steps_lead_to_the_same_level(
    subjects: list[str], others: list[str], tests: list[str]
) -> None:
    result = primary_year(TT27, subjects, others, others, tests)
    assert replay.primary(result.steps) == result.level


def test_the_next_level_is_held_back_by() -> None:
    result = primary_year(TT27, ["T", "H"], ["T"], ["Đ"], ["9", "6"])
    assert result.next_level == "Hoàn thành tốt"
    assert blocking(result) == (
        "1 môn kém hơn mức T: subject 2 H; 1 phẩm chất, năng lực kém hơn mức T: competence 1 Đ; "
        "1 bài kiểm tra dưới 7,0: test 2 6,0"
    )
    best = primary_year(TT27, ["T"], ["T"], ["T"], ["9"])
    assert (best.next_level, best.blocking) == (None, ())
    checks = [step for step in best.steps if isinstance(step, Check)]
    assert [(check.required, check.found, check.met) for check in checks] == [(0, 0, True)] * 3


@pytest.mark.parametrize("place", range(4))
def test_anything_not_recorded_leaves_no_level(place: int) -> None:
    given: list[list[str | None]] = [["T"], ["T"], ["T"], ["9"]]
    given[place] = [*given[place], None]
    result = primary_year(TT27, *given)
    assert result.level is None
    assert len(result.missing) == 1


@pytest.mark.parametrize("place", range(4))
def test_an_empty_list_is_refused(place: int) -> None:
    given: list[list[str]] = [["T"], ["T"], ["T"], ["9"]]
    given[place] = []
    with pytest.raises(EmptyInput):
        primary_year(TT27, *given)


@pytest.mark.parametrize(("place", "bad"), [(0, "Đ"), (1, "H"), (2, "H"), (0, "t"), (1, "Tốt")])
def test_other_levels_are_refused(place: int, bad: str) -> None:
    given: list[list[str]] = [["T"], ["T"], ["T"], ["9"]]
    given[place] = [bad]
    with pytest.raises(UnknownLevel):
        primary_year(TT27, *given)


def test_tests_have_whole_marks() -> None:
    with pytest.raises(WholeMarkRequired):
        primary_year(TT27, ["T"], ["T"], ["T"], ["9.5"])


# A pupil's record at one moment

RECORD = PrimaryRecord(
    grade=4,
    moment="year",
    subjects={"tieng_viet": "T", "toan": "T", "dao_duc": "H"},
    qualities=dict.fromkeys(TT27.qualities, "T"),
    competences=dict.fromkeys(TT27.competences, "Đ"),
    tests=dict.fromkeys(FOURTH, "8"),
)


def test_the_end_of_the_year_has_a_level_and_the_other_moments_have_not() -> None:
    assert primary_moment(TT27, RECORD).level == "Hoàn thành"
    term = primary_moment(TT27, replace(RECORD, moment="term1"))
    assert (term.level, term.missing, term.tests) == (None, (), FOURTH)
    assert term.steps[-1].code == "primary_recorded"
    for moment in ("midterm1", "midterm2"):
        tests = dict.fromkeys(FIRST, "8")
        middle = primary_moment(TT27, replace(RECORD, moment=moment, tests=tests))
        assert (middle.level, middle.missing, middle.tests) == (None, (), FIRST)


def test_the_subjects_by_level_are_counted() -> None:
    term = primary_moment(TT27, replace(RECORD, moment="term1"))
    last = term.steps[-1]
    assert isinstance(last, Fact)
    assert last.params["counts"] == (("H", 1), ("T", 2))


def test_everything_missing_is_named() -> None:
    result = primary_moment(
        TT27,
        replace(
            RECORD,
            subjects={**RECORD.subjects, "toan": None},
            qualities={"yeu_nuoc": "T"},
            tests={"toan": "8", "tieng_viet": None},
            not_studied=frozenset({"ngoai_ngu_1", "ls_dl", "khoa_hoc", "tin"}),
        ),
    )
    assert result.level is None
    assert result.missing == (
        "toan",
        *TT27.qualities[1:],
        "test tieng_viet",
        "test cong_nghe",
    )
    assert result.tests == ("tieng_viet", "toan", "cong_nghe")


def test_a_second_test_stands() -> None:
    low = replace(RECORD, tests={**RECORD.tests, "toan": "3"})
    assert primary_moment(TT27, low).level == "Chưa hoàn thành"
    again = primary_moment(TT27, replace(low, repeated={"toan": "8"}))
    assert (again.level, again.steps[0].code) == ("Hoàn thành", "test_repeated")


def test_a_test_that_is_not_given_is_refused() -> None:
    with pytest.raises(UnexpectedTest):
        primary_moment(TT27, replace(RECORD, grade=3))
    with pytest.raises(UnexpectedTest):
        primary_moment(TT27, replace(RECORD, moment="midterm1"))
    with pytest.raises(UnexpectedTest):
        primary_moment(TT27, replace(RECORD, repeated={"dao_duc": "8"}))


def test_bad_records_are_refused() -> None:
    with pytest.raises(EmptyInput):
        primary_moment(TT27, replace(RECORD, subjects={}))
    with pytest.raises(UnknownSubject):
        primary_moment(TT27, replace(RECORD, qualities={"toan": "T"}))
    with pytest.raises(UnknownLevel):
        primary_moment(TT27, replace(RECORD, subjects={"toan": "Đ"}, moment="term1"))


def test_an_individual_plan_is_not_compared_unless_the_school_says_so() -> None:
    plan = replace(RECORD, individual_plan=True)
    result = primary_moment(TT27, plan)
    assert (result.level, result.steps[-1].code) == (None, "primary_plan")
    comparing = TT27.with_parameters(individual_plan_compared=True)
    assert primary_moment(comparing, plan).level == "Hoàn thành"


# Completion and awards


@pytest.mark.parametrize("level", ["Hoàn thành xuất sắc", "Hoàn thành tốt", "Hoàn thành"])
def test_every_level_but_the_lowest_completes_the_grade(level: str) -> None:
    result = primary_promotion(TT27, level)
    assert (result.outcome, result.blocking) == (Outcome.PROMOTED, ())


@pytest.mark.parametrize(
    ("decision", "outcome"),
    [(None, Outcome.HEAD_DECIDES), (True, Outcome.PROMOTED), (False, Outcome.RETAINED)],
)
def test_the_head_decides_on_the_lowest(decision: bool | None, outcome: Outcome) -> None:
    result = primary_promotion(
        TT27, "Chưa hoàn thành", promoted_by_head=decision, reason="biên bản ngày 2/6"
    )
    assert result.outcome is outcome
    assert bool(result.blocking) == (outcome is not Outcome.PROMOTED)


def test_a_decision_has_a_reason_and_a_level_exists() -> None:
    with pytest.raises(EmptyInput):
        primary_promotion(TT27, "Chưa hoàn thành", promoted_by_head=True)
    with pytest.raises(UnknownLevel):
        primary_promotion(TT27, "Tốt")
    with pytest.raises(UnknownLevel):
        primary_award(TT27, "Tốt")


GOOD = "Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện"


@pytest.mark.parametrize(
    ("level", "recognised", "title", "code"),
    [
        ("Hoàn thành xuất sắc", None, "Học sinh Xuất sắc", "primary_title"),
        ("Hoàn thành xuất sắc", False, "Học sinh Xuất sắc", "primary_title"),
        ("Hoàn thành tốt", True, GOOD, "primary_title"),
        ("Hoàn thành tốt", False, None, "primary_class_declined"),
        ("Hoàn thành tốt", None, None, "primary_class_asked"),
        ("Hoàn thành", True, None, "primary_no_title"),
        ("Chưa hoàn thành", True, None, "primary_no_title"),
    ],
)
def test_the_class_has_to_recognise_one_of_the_titles(
    level: str, recognised: bool | None, title: str | None, code: str
) -> None:
    result = primary_award(TT27, level, recognised_by_class=recognised)
    assert (result.title, result.steps[0].code) == (title, code)
    assert bool(result.blocking) == (title is None)
