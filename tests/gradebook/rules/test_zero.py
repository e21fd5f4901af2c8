"""A zero is a mark like any other, however it is written; only None is nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gradebook.rules import (
    SubjectTerm,
    SubjectValue,
    SubjectYear,
    academic,
    after_retest,
    award,
    explanation,
    keyed_mark,
    primary,
    primary_moment,
    primary_year,
    promotion,
    retest_right,
    secondary,
    subject_term,
    subject_year,
)
from gradebook.rules.scheme import SecondaryScheme
from tests.gradebook.rules import replay
from tests.gradebook.rules.cast import CODES, SCORE, SECONDARY, TT22, TT26, TT43, TT58
from tests.gradebook.rules.test_primary import RECORD

Zero = Decimal | str
ZEROS = [Decimal("0.0"), Decimal("0"), Decimal("-0.0"), "0.0", "0"]
each_zero = pytest.mark.parametrize("zero", ZEROS, ids=repr)
each_scheme = pytest.mark.parametrize("scheme", SECONDARY, ids=lambda scheme: scheme.id)


def seven(six: Zero, last: Zero) -> list[SubjectValue]:
    averages = [six] * 6 + [last]
    return [
        SubjectValue(code, SCORE, average=average)
        for code, average in zip(CODES, averages, strict=False)
    ]


@each_zero
def test_a_subject_at_zero_can_be_retaken(zero: Zero) -> None:
    given = seven(Decimal("5.0"), zero)
    assert retest_right(TT22, given, "Chưa đạt", "Đạt", 3).subjects == ("su",)
    result = after_retest(secondary("tt22"), given, {"su": "6.0"}, conduct_level="Đạt", absences=3)
    assert (result.first.level, result.again.level) == ("Chưa đạt", "Đạt")
    (kept,) = result.retaken
    assert (str(kept.first), str(kept.again)) == ("0.0", "6.0")
    assert explanation(result)[0].startswith("Kiểm tra lại Lịch sử: 6,0 thay cho 0,0")


@each_zero
def test_a_retest_can_end_at_zero(zero: Zero) -> None:
    given = seven("5.0", "4.9")
    low = [*given[:6], SubjectValue("su", SCORE, average="3.4")]
    result = after_retest(TT22, low, {"su": zero}, conduct_level="Đạt", absences=3)
    assert (str(result.retaken[0].again), result.again.level) == ("0.0", "Chưa đạt")


@each_zero
def test_the_old_circular_retakes_a_zero_too(zero: Zero) -> None:
    given = [
        SubjectValue(code, SCORE, average=average)
        for code, average in zip(CODES, ["9.0", "9.0", "9.0", zero], strict=False)
    ]
    first = academic(TT58, given)
    assert (str(first.mean), first.base, first.level) == ("6.8", "Kém", "Yếu")
    result = after_retest(TT58, given, {"ly": "6.0"}, conduct_level="Tốt", absences=0)
    assert (str(result.retaken[0].first), str(result.again.mean)) == ("0.0", "8.3")


@each_zero
@each_scheme
def test_a_term_of_zeros_is_zero(scheme: SecondaryScheme, zero: Zero) -> None:
    term = SubjectTerm("toan", SCORE, (zero, zero), (zero, zero), midterm=zero, final=zero)
    result = subject_term(scheme, term)
    assert (str(result.average), result.missing) == ("0.0", ())
    assert replay.figures(result.steps) == ["0.0"]


@each_zero
def test_a_zero_among_other_marks_counts(zero: Zero) -> None:
    given = SubjectTerm("toan", SCORE, ("9", zero), midterm="6", final="8")
    assert str(subject_term(TT22, given).average) == "6.4"
    given = SubjectTerm("toan", SCORE, ("9", "9"), midterm=zero, final=zero)
    assert str(subject_term(TT22, given).average) == "2.6"


@each_zero
@each_scheme
def test_a_year_with_zeros(scheme: SecondaryScheme, zero: Zero) -> None:
    for first, second, average in ((zero, zero, "0.0"), (zero, "6.0", "4.0"), ("6.0", zero, "2.0")):
        result = subject_year(scheme, SubjectYear("toan", SCORE, first, second))
        assert (str(result.average), result.missing) == (average, ())
        assert replay.figures(result.steps) == [average]


@each_zero
def test_a_zero_does_not_stand_for_the_other_term(zero: Zero) -> None:
    waiting = subject_year(TT22, SubjectYear("toan", SCORE, zero, None))
    assert waiting.average is None
    assert [cell.component for cell in waiting.missing] == ["term2"]


@each_zero
@pytest.mark.parametrize(
    ("scheme", "level", "mean"),
    [
        (TT58, "Kém", "0.0"),
        (TT26, "Kém", "0.0"),
        (TT22, "Chưa đạt", None),
        (TT43, "Chưa đạt", None),
    ],
    ids=["tt58", "tt26", "tt22", "tt43"],
)
def test_all_averages_at_zero(
    scheme: SecondaryScheme, level: str, mean: str | None, zero: Zero
) -> None:
    result = academic(scheme, seven(zero, zero))
    assert (result.level, result.base, result.missing) == (level, level, ())
    assert result.mean == (None if mean is None else Decimal(mean))
    assert replay.academic(scheme.id, result.steps) == (level, level, mean)
    assert "Toán 0,0" in explanation(result)[0]


@each_zero
def test_an_average_of_zero_counts_as_known_for_a_title(zero: Zero) -> None:
    result = award(TT22, "Tốt", "Tốt", [zero] * 6)
    assert result.title == "Học sinh Giỏi"
    (lacking,) = result.blocking
    assert lacking.params["averages"] == (Decimal("0.0"),) * 6
    assert "(0,0, 0,0, 0,0, 0,0, 0,0, 0,0)" in explanation(result)[2]
    assert award(TT22, "Tốt", "Tốt", [*["9.0"] * 6, zero]).title == "Học sinh Xuất sắc"


def test_no_absences_are_a_known_number() -> None:
    result = promotion(TT22, "Đạt", "Đạt", 0)
    assert result.outcome == "promoted"
    assert explanation(result)[0].startswith("Số buổi nghỉ: 0, cho phép 45 – đạt")


@pytest.mark.parametrize("zero", [Decimal("0.0"), Decimal("0"), "0"], ids=repr)
def test_a_primary_test_at_zero_is_recorded(zero: Zero) -> None:
    tt27 = primary("tt27")
    year = primary_year(tt27, ["T"], ["T"], ["T"], ["9", zero])
    assert (year.level, year.missing) == ("Chưa hoàn thành", ())
    tests = dict.fromkeys(RECORD.tests, zero)
    moment = primary_moment(tt27, replace(RECORD, tests=tests))
    assert (moment.level, moment.missing) == ("Chưa hoàn thành", ())


@pytest.mark.parametrize("typed", ["0", "00", "0.0", "0,0"])
def test_a_typed_zero_is_a_mark(typed: str) -> None:
    assert keyed_mark(typed) == Decimal("0.0")
