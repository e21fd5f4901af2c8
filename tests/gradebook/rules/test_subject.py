"""The result of one subject: averages, levels, what is missing, absence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradebook.rules import (
    Absence,
    Status,
    SubjectTerm,
    SubjectYear,
    subject_term,
    subject_year,
)
from gradebook.rules.errors import (
    AbsenceNotRuled,
    BadNumber,
    EmptyInput,
    UnknownLevel,
    WholeMarkRequired,
)
from gradebook.rules.scheme import SecondaryScheme
from gradebook.rules.shapes import Missing, SubjectResult
from tests.gradebook.rules.cast import COMMENT, SCORE, SECONDARY, TT22, TT26, TT43, TT58, term
from tests.gradebook.rules.replay import figures

MARKS = st.integers(0, 100).map(lambda tenths: f"{tenths // 10}.{tenths % 10}")
DECIDED = Absence("12/QĐ, 20/12/2025")


def gaps(result: SubjectResult) -> list[tuple[str, int, str]]:
    return [(cell.component, cell.place, str(cell.why)) for cell in result.missing]


@pytest.mark.parametrize("scheme", [TT26, TT22, TT43])
@pytest.mark.parametrize(
    ("regular", "midterm", "final", "average"),
    [
        (("6", "8", "7.5"), "7", "6", "6.7"),  # 53.5 / 8 = 6.6875
        (("10", "10", "10", "10"), "5", "5", "7.2"),  # 65 / 9
        (("8", "9"), "7.5", "8", "8.0"),  # 56 / 7
        (("6.4", "6.4"), "6.4", "6.5", "6.4"),  # 45.1 / 7 = 6.4428
        (("6", "7"), "6.5", "6.4", "6.5"),  # 45.2 / 7 = 6.4571
        (("0", "0"), "0", "0", "0.0"),
        (("10", "10"), "10", "10", "10.0"),
    ],
)
def test_a_term_weighs_1_2_3(
    scheme: SecondaryScheme, regular: tuple[str, ...], midterm: str, final: str, average: str
) -> None:
    result = subject_term(scheme, term(regular, midterm, final))
    assert str(result.average) == average
    assert (result.status, result.level) == (Status.COMPLETE, None)
    assert (result.scheme, result.version) == (scheme.id, "1")


@pytest.mark.parametrize(
    ("regular", "periodic", "final", "average"),
    [
        (("8", "9"), ("7.5",), "8", "8.0"),  # (17 + 15 + 24) / 7 = 8
        (("8", "9"), ("7.5", "6"), "8", "7.6"),  # 68 / 9 = 7.5555
        (("5",), ("5", "6", "7"), "9", "6.8"),  # (5 + 36 + 27) / 10
    ],
)
def test_the_old_circular_takes_several_periodic_tests(
    regular: tuple[str, ...], periodic: tuple[str, ...], final: str, average: str
) -> None:
    given = SubjectTerm("toan", SCORE, regular, periodic, final=final)
    assert str(subject_term(TT58, given).average) == average


@given(st.lists(MARKS, min_size=1, max_size=6), MARKS, MARKS)
def test_the_shown_steps_of_a_term_give_its_average(
    regular: list[str], midterm: str, final: str
) -> None:
    result = subject_term(TT22, term(tuple(regular), midterm, final))
    assert figures(result.steps) == [str(result.average)]
    old = subject_term(TT58, SubjectTerm("toan", SCORE, tuple(regular), (midterm,), final=final))
    assert figures(old.steps) == [str(old.average)] == [str(result.average)]


@given(st.lists(MARKS, min_size=1, max_size=5), MARKS, MARKS, st.integers(0, 6), st.integers(1, 9))
def test_a_higher_mark_never_lowers_an_average(
    regular: list[str], midterm: str, final: str, which: int, raised: int
) -> None:
    cells = [*regular, midterm, final]
    which %= len(cells)
    better = list(cells)
    better[which] = str(min(Decimal(10), Decimal(cells[which]) + raised)).removesuffix(".0")
    before = subject_term(TT22, term(tuple(cells[:-2]), cells[-2], cells[-1])).average
    after = subject_term(TT22, term(tuple(better[:-2]), better[-2], better[-1])).average
    assert before is not None
    assert after is not None
    assert after >= before


@pytest.mark.parametrize(
    ("regular", "midterm", "final", "required", "missing"),
    [
        (("8", "9"), None, "7", None, [("midterm", 1, "blank")]),
        (("8", None), "7", None, None, [("regular", 2, "blank"), ("final", 1, "blank")]),
        (("8", "9"), "7", "7", 4, [("regular", 3, "blank"), ("regular", 4, "blank")]),
        ((), "7", "7", 2, [("regular", 1, "blank"), ("regular", 2, "blank")]),
        ((None, "9", None), "7", "7", 2, [("regular", 1, "blank")]),
    ],
)
def test_without_every_needed_cell_there_is_no_average(
    regular: tuple[str, ...], midterm: str, final: str, required: int, missing: object
) -> None:
    result = subject_term(TT22, term(regular, midterm, final, required_regular=required))
    assert (result.average, result.status) == (None, Status.INCOMPLETE)
    assert gaps(result) == missing
    assert len(result.steps) == len(result.missing)


def test_spare_columns_may_stay_blank() -> None:
    result = subject_term(TT22, term(("8", None, "9", "7"), "8", "8", required_regular=3))
    assert str(result.average) == "8.0"
    assert subject_term(TT22, term(("8", "9", "7"), "8", "8", required_regular=2)).missing == ()
    spare = term(("8", None, None, "9", "7"), "8", "8", required_regular=2)
    assert subject_term(TT22, spare).missing == ()


@pytest.mark.parametrize("required", [0, -1, 51])
def test_an_impossible_number_of_regular_marks_is_refused(required: int) -> None:
    with pytest.raises(BadNumber) as refused:
        subject_term(TT22, term(("8",), "8", "8", required_regular=required))
    assert "từ 1 đến 50" in refused.value.vi


def test_the_largest_number_of_regular_marks_is_taken() -> None:
    result = subject_term(TT22, term(("8",), "8", "8", required_regular=50))
    assert len(result.missing) == 49
    assert str(subject_term(TT22, term(("8",), "8", "8", required_regular=1)).average) == "8.0"


def test_no_marks_at_all_are_no_average() -> None:
    with pytest.raises(EmptyInput):
        subject_term(TT22, term((), "8", "8"))
    with pytest.raises(EmptyInput):
        subject_term(TT58, SubjectTerm("toan", SCORE, ("8",), (), final="8"))


def test_a_school_may_set_the_least_number_of_periodic_tests() -> None:
    none = TT58.with_parameters(minimum_periodic=0)
    given = SubjectTerm("toan", SCORE, ("8", "6"), (), final="8")
    assert str(subject_term(none, given).average) == "7.6"  # 38 / 5
    two = TT58.with_parameters(minimum_periodic=2)
    given = SubjectTerm("toan", SCORE, ("8", "6"), ("7",), final="8")
    assert gaps(subject_term(two, given)) == [("periodic", 2, "blank")]
    blank = SubjectTerm("toan", SCORE, ("8", "6"), ("7", "8", None), final="8")
    assert gaps(subject_term(two, blank)) == [("periodic", 3, "blank")]


def test_a_school_may_ask_for_whole_regular_marks() -> None:
    whole = TT58.with_parameters(regular_marks_whole=True)
    fine = SubjectTerm("toan", SCORE, ("8", "7"), ("7.5",), final="8.5")
    assert str(subject_term(whole, fine).average) == "7.9"  # 55.5 / 7
    with pytest.raises(WholeMarkRequired):
        subject_term(whole, SubjectTerm("toan", SCORE, ("8.5",), ("7.5",), final="8.5"))


# Absence (V)


def test_an_absence_waits_for_its_make_up_test() -> None:
    result = subject_term(TT22, term(("8", "9"), Absence(), "7"))  # type: ignore[arg-type]
    assert result.average is None
    assert gaps(result) == [("midterm", 1, str(Missing.AWAITING))]


@pytest.mark.parametrize("scheme", SECONDARY)
def test_a_recorded_decision_turns_it_into_0(scheme: SecondaryScheme) -> None:
    given = SubjectTerm("toan", SCORE, ("8", "9"), (DECIDED,), midterm=DECIDED, final="7")
    result = subject_term(scheme, given)
    assert str(result.average) == "5.4"  # 38 / 7 = 5.4285
    assert result.steps[0].code == "absence_decided"
    assert figures(result.steps) == ["5.4"]


@pytest.mark.parametrize("scheme", SECONDARY)
def test_a_recorded_decision_turns_it_into_not_reached(scheme: SecondaryScheme) -> None:
    given = SubjectTerm("gdtc", COMMENT, ("Đ", "Đ"), ("Đ",), midterm="Đ", final=DECIDED)
    assert subject_term(scheme, given).level == "CĐ"


@pytest.mark.parametrize("scheme", [TT22, TT43])
def test_the_new_circulars_decide_on_periodic_tests_only(scheme: SecondaryScheme) -> None:
    given = SubjectTerm("toan", SCORE, ("8", DECIDED), midterm="8", final="7")
    with pytest.raises(AbsenceNotRuled):
        subject_term(scheme, given)
    covered = scheme.with_parameters(absence_covers_regular=True)
    assert str(subject_term(covered, given).average) == "6.4"  # 45 / 7


def test_the_old_circulars_decide_on_regular_tests_too() -> None:
    given = SubjectTerm("toan", SCORE, ("8", DECIDED), midterm="8", final="7")
    assert str(subject_term(TT26, given).average) == "6.4"


# Comment-only


@pytest.mark.parametrize(
    ("tests", "final", "level"),
    [
        (("Đ", "CĐ", "Đ"), "Đ", "Đ"),  # 3 of 4
        (("Đ", "CĐ"), "Đ", "Đ"),  # 2 of 3, exactly two thirds
        (("Đ", "CĐ", "CĐ"), "Đ", "CĐ"),  # 2 of 4
        (("Đ", "Đ", "CĐ", "CĐ"), "Đ", "CĐ"),  # 3 of 5
        (("Đ", "Đ", "CĐ", "CĐ", "Đ"), "Đ", "Đ"),  # 4 of 6
        (("Đ", "Đ", "Đ"), "CĐ", "CĐ"),  # not the final one
        (("Đ",), "Đ", "Đ"),
    ],
)
@pytest.mark.parametrize("scheme", [TT58, TT26])
def test_two_thirds_with_the_final_one_are_enough_before(
    scheme: SecondaryScheme, tests: tuple[str, ...], final: str, level: str
) -> None:
    given = SubjectTerm("am_nhac", COMMENT, tests, final=final, tests_in_one_list=True)
    assert subject_term(scheme, given).level == level


def test_a_school_may_leave_out_the_final_test_or_the_share() -> None:
    given = SubjectTerm("am_nhac", COMMENT, ("Đ", "Đ"), final="CĐ", tests_in_one_list=True)
    assert subject_term(TT58.with_parameters(comment_final_needed=False), given).level == "Đ"
    given = SubjectTerm("am_nhac", COMMENT, ("Đ", "CĐ"), final="Đ", tests_in_one_list=True)
    assert subject_term(TT58.with_parameters(comment_share=(3, 4)), given).level == "CĐ"


@pytest.mark.parametrize(
    ("regular", "midterm", "final", "level"),
    [
        (("Đ", "Đ"), "Đ", "Đ", "Đ"),
        (("Đ", "CĐ"), "Đ", "Đ", "CĐ"),
        (("Đ", "Đ"), "CĐ", "Đ", "CĐ"),
        (("Đ", "Đ"), "Đ", "CĐ", "CĐ"),
    ],
)
@pytest.mark.parametrize("scheme", [TT22, TT43])
def test_every_assessment_has_to_be_reached_now(
    scheme: SecondaryScheme, regular: tuple[str, ...], midterm: str, final: str, level: str
) -> None:
    given = SubjectTerm("gdtc", COMMENT, regular, midterm=midterm, final=final)
    result = subject_term(scheme, given)
    assert (result.level, result.average) == (level, None)


def test_a_failed_assessment_does_not_decide_while_another_is_open() -> None:
    given = SubjectTerm("gdtc", COMMENT, ("CĐ", "Đ"), midterm="Đ", final=None)
    result = subject_term(TT22, given)
    assert (result.level, gaps(result)) == (None, [("final", 1, "blank")])


def test_comment_only_subjects_take_no_marks() -> None:
    with pytest.raises(UnknownLevel):
        subject_term(TT22, SubjectTerm("gdtc", COMMENT, ("8",), midterm="Đ", final="Đ"))


# The year


@pytest.mark.parametrize("scheme", SECONDARY)
@pytest.mark.parametrize(
    ("term1", "term2", "average"),
    [
        ("9", "7.5", "8.0"),
        ("8.0", "7.9", "7.9"),  # 23.8 / 3 = 7.9333
        ("7.9", "8.0", "8.0"),  # 23.9 / 3 = 7.9666
        ("6.4", "6.5", "6.5"),
        ("6.5", "6.4", "6.4"),
        ("0", "0", "0.0"),
        ("10", "10", "10.0"),
    ],
)
def test_the_second_term_weighs_double(
    scheme: SecondaryScheme, term1: str, term2: str, average: str
) -> None:
    result = subject_year(scheme, SubjectYear("toan", SCORE, term1, term2))
    assert str(result.average) == average
    assert figures(result.steps) == [average]


@pytest.mark.parametrize("scheme", SECONDARY)
@pytest.mark.parametrize(
    ("term1", "term2", "level"),
    [("Đ", "Đ", "Đ"), ("CĐ", "Đ", "Đ"), ("Đ", "CĐ", "CĐ"), ("CĐ", "CĐ", "CĐ")],
)
def test_the_year_s_level_is_the_second_term_s(
    scheme: SecondaryScheme, term1: str, term2: str, level: str
) -> None:
    assert subject_year(scheme, SubjectYear("gdtc", COMMENT, term1, term2)).level == level


def test_a_school_may_ask_for_both_terms() -> None:
    both = TT58.with_parameters(comment_year_needs_both=True)
    levels = [
        subject_year(both, SubjectYear("gdtc", COMMENT, one, two)).level
        for one, two in (("Đ", "Đ"), ("CĐ", "Đ"), ("Đ", "CĐ"), ("CĐ", "CĐ"))
    ]
    assert levels == ["Đ", "CĐ", "CĐ", "CĐ"]


@pytest.mark.parametrize(
    ("term1", "term2", "missing"),
    [
        (None, "8", [("term1", 1, "blank")]),
        ("8", None, [("term2", 1, "blank")]),
        (None, None, [("term1", 1, "blank"), ("term2", 1, "blank")]),
    ],
)
def test_a_year_without_both_terms_has_no_result(term1: str, term2: str, missing: object) -> None:
    result = subject_year(TT22, SubjectYear("toan", SCORE, term1, term2))
    assert (result.average, result.level, gaps(result)) == (None, None, missing)


def test_a_wrong_level_is_seen_even_in_half_a_year() -> None:
    with pytest.raises(UnknownLevel):
        subject_year(TT22, SubjectYear("gdtc", COMMENT, "Tốt", None))
