"""Titles."""

from __future__ import annotations

import pytest

from gradebook.rules import Period, award, blocking
from gradebook.rules.errors import EmptyInput, MarkOutOfRange, UnknownLevel
from gradebook.rules.scheme import SecondaryScheme
from tests.gradebook.rules.cast import TT22, TT26, TT43, TT58

NINES = ["9.0"] * 6 + ["8.0", "8.0"]


@pytest.mark.parametrize(
    ("scheme", "academic", "conduct", "averages", "title"),
    [
        (TT22, "Tốt", "Tốt", NINES, "Học sinh Xuất sắc"),
        (TT22, "Tốt", "Tốt", ["8.9", *NINES[1:]], "Học sinh Giỏi"),
        (TT22, "Tốt", "Tốt", ["9.1", *NINES[1:]], "Học sinh Xuất sắc"),
        (TT22, "Tốt", "Khá", NINES, None),
        (TT22, "Khá", "Tốt", NINES, None),
        (TT22, "Khá", "Tốt", [], None),
        (TT43, "Tốt", "Tốt", NINES[1:], "Học viên Xuất sắc"),
        (TT43, "Tốt", "Tốt", NINES[2:], "Học viên Giỏi"),
        (TT43, "Khá", "Tốt", NINES, None),
        (TT58, "Giỏi", "Tốt", [], "Học sinh giỏi"),
        (TT58, "Giỏi", "Khá", [], "Học sinh tiên tiến"),
        (TT58, "Khá", "Tốt", [], "Học sinh tiên tiến"),
        (TT26, "Khá", "Khá", NINES, "Học sinh tiên tiến"),
        (TT58, "Giỏi", "Trung bình", [], None),
        (TT58, "Trung bình", "Tốt", [], None),
    ],
)
def test_titles_of_the_year(
    scheme: SecondaryScheme, academic: str, conduct: str, averages: list[str], title: str | None
) -> None:
    result = award(scheme, academic, conduct, averages)
    assert result.title == title
    last = result.steps[-1]
    assert last.code == ("title" if title else "no_title")


@pytest.mark.parametrize(
    ("scheme", "levels", "title"),
    [
        (TT58, ("Giỏi", "Tốt"), "Học sinh giỏi"),
        (TT26, ("Khá", "Khá"), "Học sinh tiên tiến"),
        (TT22, ("Tốt", "Tốt"), None),
        (TT43, ("Tốt", "Tốt"), None),
    ],
)
def test_only_the_old_circulars_have_titles_by_term(
    scheme: SecondaryScheme, levels: tuple[str, str], title: str | None
) -> None:
    assert award(scheme, *levels, NINES, Period.TERM).title == title


def test_what_the_next_title_lacks() -> None:
    good = award(TT22, "Tốt", "Tốt", ["8.9", *NINES[1:]])
    assert [fact.code for fact in good.blocking] == ["title_count"]
    assert "có 5 môn từ 9,0" in blocking(good)
    assert "cần 6" in blocking(good)
    none = award(TT58, "Trung bình", "Trung bình")
    assert [fact.code for fact in none.blocking] == ["title_academic", "title_conduct"]
    assert {fact.params["title"] for fact in none.blocking} == {"Học sinh tiên tiến"}
    assert award(TT22, "Tốt", "Tốt", NINES).blocking == ()


@pytest.mark.parametrize(("academic", "conduct"), [(None, "Tốt"), ("Tốt", None)])
def test_without_results_there_is_no_title_yet(academic: str | None, conduct: str | None) -> None:
    result = award(TT22, academic, conduct, NINES)
    assert (result.title, result.steps[0].code) == (None, "title_waits")


def test_a_missing_average_is_not_a_high_one() -> None:
    assert award(TT22, "Tốt", "Tốt", [None, *NINES[1:]]).title == "Học sinh Giỏi"


def test_bad_input_is_refused() -> None:
    with pytest.raises(EmptyInput):
        award(TT22, "Tốt", "Tốt", [])
    with pytest.raises(MarkOutOfRange):
        award(TT58, "Giỏi", "Tốt", ["10.5"])
    with pytest.raises(UnknownLevel):
        award(TT22, "Giỏi", "Tốt", NINES)
    with pytest.raises(UnknownLevel):
        award(TT22, None, "Yếu", NINES)


def test_a_centre_may_correct_the_number_of_high_averages() -> None:
    six = TT43.with_parameters(award_count=6)
    assert award(six, "Tốt", "Tốt", NINES[1:]).title == "Học viên Giỏi"
