"""Academic levels: which subjects take part, what is lacking, what is refused."""

from __future__ import annotations

import pytest

from gradebook.rules import (
    Status,
    SubjectValue,
    SubjectYear,
    academic,
    blocking,
    subject_year,
)
from gradebook.rules.errors import (
    DuplicateSubject,
    EmptyInput,
    MissingCoreSubject,
    TooFewSubjects,
    UnknownLevel,
    UnknownSubject,
)
from gradebook.rules.steps import Check
from tests.gradebook.rules.cast import (
    COMMENT,
    SCORE,
    TT22,
    TT26,
    TT43,
    TT58,
    commented,
    level,
    scored,
    subjects,
)

SIX_8 = "8.0 8.0 8.0 8.0 8.0 8.0"
SIX_65 = "6.5 6.5 6.5 6.5 6.5 6.5"
SIX_5 = "5.0 5.0 5.0 5.0 5.0 5.0"


# What takes part


def test_an_exempt_subject_takes_no_part() -> None:
    exempt = SubjectValue("the_duc", COMMENT, status=Status.EXEMPT)
    result = academic(TT58, [*subjects("8.0 8.0 8.0"), exempt])
    assert (result.level, result.missing) == ("Giỏi", ())
    assert result.steps[0].code == "exempt_left_out"


def test_a_subject_on_an_individual_plan_takes_no_part_and_the_head_decides() -> None:
    plans = [SubjectValue(code, SCORE, status=Status.INDIVIDUAL_PLAN) for code in ("tin", "gdcd")]
    result = academic(TT22, [*subjects(f"{SIX_8} 8.0"), *plans])
    assert result.level == "Tốt"
    assert [fact.code for fact in result.warnings] == ["head_decides"]
    with pytest.raises(TooFewSubjects):
        academic(TT22, [*subjects("8.0 8.0 8.0 8.0 8.0"), *plans])


def test_electives_count_unless_a_school_says_otherwise() -> None:
    elective = SubjectValue("tin", SCORE, average="5.0", elective=True)
    given = [*subjects("8.0 8.0 8.0"), elective]
    assert str(academic(TT58, given).mean) == "7.3"
    without = TT58.with_parameters(electives_count=False)
    assert str(academic(without, given).mean) == "8.0"


def test_results_of_subjects_are_taken_as_they_come() -> None:
    """What `subject_year` returns needs no copying, and is no elective."""
    without = TT58.with_parameters(electives_count=False)
    years = [
        subject_year(without, SubjectYear(code, SCORE, "8", "8")) for code in ("toan", "ngu_van")
    ]
    assert academic(without, years).level == "Giỏi"


def test_there_is_no_level_while_a_subject_has_no_result() -> None:
    given = [*subjects(f"{SIX_8} 2.0"), scored("tin", None), commented("gdtc", None)]
    result = academic(TT22, given)
    assert (result.level, result.base, result.next_level) == (None, None, None)
    assert result.missing == ("Giáo dục thể chất", "Tin học")
    assert (result.adjusted, result.adjustment.code) == (False, "level_waits")


def test_subjects_without_result_yet_are_not_too_few() -> None:
    given = [*subjects("8.0 8.0 8.0 8.0 8.0"), scored("tin", None)]
    assert academic(TT22, given).missing == ("Tin học",)


# What is lacking


@pytest.mark.parametrize(
    ("averages", "comment", "next_level", "words"),
    [
        ("7.9 8 8 8 8 8 6.5", "Đ", "Tốt", "thiếu 1 môn đạt từ 8,0: Toán 7,9"),
        ("7.9 7.5 8 8 8 8 7.5", "Đ", "Tốt", "thiếu 2 môn đạt từ 8,0: Toán 7,9, Lịch sử 7,5"),
        (f"{SIX_8} 6.4", "Đ", "Tốt", "1 môn dưới 6,5: Lịch sử 6,4"),
        (
            "5.0 5.1 5.2 5.3 5.4 5.5",
            "Đ",
            "Khá",
            "thiếu 6 môn đạt từ 6,5: Sinh học 5,5, Hóa học 5,4, Vật lí 5,3, Ngoại ngữ 1 5,2, "
            "Ngữ văn 5,1, Toán 5,0",
        ),
        (
            "7.9 8 8 8 8 8 6.4",
            "Đ",
            "Tốt",
            "1 môn dưới 6,5: Lịch sử 6,4; thiếu 1 môn đạt từ 8,0: Toán 7,9",
        ),
        (f"{SIX_65} 6.5", "CĐ", "Khá", "1 môn nhận xét CĐ, cho phép 0: Giáo dục thể chất CĐ"),
        (f"{SIX_8} 8.0", "Đ", None, ""),
        (f"{SIX_8} 4.0", "Đ", "Tốt", "1 môn dưới 6,5: Lịch sử 4,0"),  # adjusted to Khá
    ],
)
def test_the_next_level_is_held_back_by(
    averages: str, comment: str, next_level: str | None, words: str
) -> None:
    result = level(TT22, averages, gdtc=comment)
    assert (result.next_level, blocking(result)) == (next_level, words)


@pytest.mark.parametrize(
    ("averages", "special", "words"),
    [
        ("8.0 7.9 7.9 7.9", None, "điểm trung bình các môn 7,9, cần từ 8,0"),
        (
            "7.9 7.8 8.5 8.5",
            None,
            "không môn nào đạt từ 8,0 trong: Ngữ văn 7,8, Toán 7,9",
        ),
        ("9.0 9.0 9.0 7.9", "ly", "môn chuyên chưa đạt từ 8,0: Vật lí 7,9"),
    ],
)
def test_the_old_circulars_say_what_is_lacking(
    averages: str, special: str | None, words: str
) -> None:
    result = level(TT58, averages, special, the_duc="Đ")
    assert (result.next_level, blocking(result)) == ("Giỏi", words)


def test_more_may_be_lacking_than_there_are_subjects() -> None:
    six = TT43.with_parameters(level_counts=(6, 5, 5))
    assert blocking(level(six, "8.0 8.0 8.0 8.0 7.0")) == "thiếu 2 môn đạt từ 8,0: Hóa học 7,0"


def test_what_is_lacking_can_be_said_in_english_and_with_a_name_of_the_school() -> None:
    result = level(TT22, "7.9 8 8 8 8 8 6.5", gdtc="Đ")
    assert blocking(result, "en") == "1 more needed from 8.0: Mathematics 7.9"
    named = [scored("toan", "7.9", "Toán 1"), *subjects("7.9 8 8 8 8 8 6.5", gdtc="Đ")[1:]]
    assert blocking(academic(TT22, named), "en") == "1 more needed from 8.0: Toán 1 7.9"


def test_a_condition_is_data() -> None:
    steps = level(TT58, "8.0 7.9 7.8 9.0", "ly", the_duc="Đ", am_nhac="Đ").steps
    found = {
        step.code: (str(step.threshold), step.required, step.found, step.met, len(step.items))
        for step in steps
        if isinstance(step, Check) and step.level == "Giỏi"
    }
    assert found == {
        "floor": ("6.5", 0, 0, True, 0),
        "comments": ("CĐ", 0, 0, True, 0),
        "mean": ("8.0", 1, 1, True, 1),
        "core": ("8.0", 1, 1, True, 2),
        "specialised": ("8.0", 1, 1, True, 1),
    }
    (count,) = (
        step
        for step in level(TT22, "7.9 7.5 8 8 8 8 7.5", gdtc="Đ").steps
        if isinstance(step, Check) and step.level == "Tốt" and step.code == "count"
    )
    assert (count.required, count.found, count.met, len(count.items)) == (6, 4, False, 2)


# Refused


def test_unfit_lists_are_refused() -> None:
    with pytest.raises(EmptyInput):
        academic(TT22, [])
    with pytest.raises(EmptyInput):
        academic(TT58, [commented("the_duc", "Đ")])
    with pytest.raises(DuplicateSubject):
        academic(TT58, [scored("toan", "8.0"), scored("toan", "8.0")])
    with pytest.raises(MissingCoreSubject):
        academic(TT58, [scored("ngoai_ngu_1", "8.0")])
    with pytest.raises(UnknownSubject):
        academic(TT58, [scored("toan", "8.0"), commented("the_duc", "Đ")], "the_duc")
    with pytest.raises(UnknownLevel):
        academic(TT58, [scored("toan", "8.0"), commented("the_duc", "Đạt")])


def test_the_foreign_language_alone_is_core_enough_since_the_amendment() -> None:
    assert academic(TT26, [scored("ngoai_ngu_1", "8.0")]).level == "Giỏi"


def test_a_specialised_subject_is_not_asked_about_where_the_circular_has_none() -> None:
    assert level(TT22, SIX_8, "anything").level == "Tốt"
