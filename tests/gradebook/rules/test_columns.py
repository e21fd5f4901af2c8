"""The columns of a sheet, as the circulars name and count them."""

import pytest

from gradebook.rules import SCHEMES, AssessedBy, RulesError
from gradebook.rules.codes import ENGINE_CODES, engine_code
from gradebook.rules.columns import (
    MOST_REGULAR,
    Component,
    ValueKind,
    class_columns,
    subject_columns,
    typed_level,
)
from gradebook.rules.subjects import NAMES
from schoolbook.rules.subjects import CATALOGUE

SCORE, COMMENT = AssessedBy.SCORE, AssessedBy.COMMENT


def columns(scheme, *, code="toan", how=SCORE, periods=140, grade=6, term=1, regular=None):
    return subject_columns(
        SCHEMES[scheme],
        code=code,
        assessed_by=how,
        periods=periods,
        grade=grade,
        term=term,
        regular=regular,
    )


def names(found):
    return [column.name for column in found]


@pytest.mark.parametrize(("periods", "count"), [(35, 2), (36, 3), (70, 3), (71, 4)])
def test_a_scored_subject_has_as_many_regular_columns_as_its_periods_ask_for(periods, count):
    heads = names(columns("tt22", periods=periods))
    regular = [f"ĐĐGtx {number}" for number in range(1, count + 1)]
    assert heads == [*regular, "ĐĐGgk", "ĐĐGck", "Nhận xét"]


def test_a_comment_only_subject_has_levels_in_the_same_columns():
    found = columns("tt22", code="gdtc", how=COMMENT, periods=70)
    assert names(found) == ["ĐĐGtx 1", "ĐĐGtx 2", "ĐĐGgk", "ĐĐGck", "Nhận xét"]
    assert {column.levels for column in found[:-1]} == {("Đ", "CĐ")}


def test_the_second_term_has_the_assessment_after_the_summer():
    found = columns("tt22", term=2)
    retest = next(column for column in found if column.component is Component.RETEST)
    assert (retest.name, retest.whole_year, retest.required) == ("Đánh giá lại", True, False)
    assert Component.RETEST not in {column.component for column in columns("tt22")}


def test_columns_beyond_those_asked_for_are_not_required():
    found = columns("tt22", regular=6)
    assert [c.required for c in found if c.component is Component.REGULAR] == [True] * 4 + [
        False
    ] * 2


def test_the_older_circular_has_tests_of_a_period_and_no_midterm():
    heads = names(columns("tt58", grade=9))
    assert "KT định kì 1" in heads
    assert "ĐĐGgk" not in heads


@pytest.mark.parametrize(
    ("grade", "code", "term", "tests"),
    [
        (1, "toan", 1, [2]),
        (4, "toan", 1, [1, 2]),
        (4, "khoa_hoc", 2, [2]),
        (2, "dao_duc", 1, []),
    ],
)
def test_primary_sheets_have_tests_where_the_circular_plans_them(grade, code, term, tests):
    found = columns("tt27", code=code, grade=grade, term=term)
    assert [c.number for c in found if c.component is Component.TEST] == tests
    assert [c.number for c in found if c.component is Component.LEVEL] == [1, 2]


def test_the_homeroom_sheet_has_conduct_and_remarks():
    found = class_columns(SCHEMES["tt22"], term=2)
    heads = names(found)
    assert heads[:2] == ["Kết quả rèn luyện", "Sau rèn luyện hè"]
    assert "Nhận xét tháng 3" in heads
    assert heads[-1] == "Nhận xét Cả năm"


def test_where_the_circular_leaves_the_year_to_the_homeroom_teacher_it_is_a_column():
    assert "Hạnh kiểm cả năm" in names(class_columns(SCHEMES["tt58"], term=2))


def test_the_primary_class_sheet_has_five_qualities_and_ten_competences_at_both_moments():
    found = class_columns(SCHEMES["tt27"], term=1)
    counts = {
        component: sum(column.component is component for column in found) for component in Component
    }
    assert (counts[Component.QUALITY_MIDDLE], counts[Component.QUALITY_END]) == (5, 5)
    assert (counts[Component.COMPETENCE_MIDDLE], counts[Component.COMPETENCE_END]) == (10, 10)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@pytest.mark.parametrize("term", [1, 2])
def test_no_two_columns_of_a_sheet_have_the_same_key(scheme, term):
    grade = 4 if scheme == "tt27" else 6
    for found in (
        columns(scheme, grade=grade, term=term, regular=MOST_REGULAR),
        class_columns(SCHEMES[scheme], term=term),
    ):
        assert len({column.key for column in found}) == len(found)
        assert all(column.levels or column.kind is not ValueKind.LEVEL for column in found)


TT58_CONDUCT = ("Tốt", "Khá", "Trung bình", "Yếu")
TT22_CONDUCT = ("Tốt", "Khá", "Đạt", "Chưa đạt")


@pytest.mark.parametrize(
    ("typed", "levels", "level"),
    [
        ("đ", ("Đ", "CĐ"), "Đ"),
        ("d", ("Đ", "CĐ"), "Đ"),
        ("Chưa Đạt", ("Đ", "CĐ"), "CĐ"),
        ("cd", ("Đ", "CĐ"), "CĐ"),
        ("hoàn thành", ("T", "H", "C"), "H"),
        ("c", ("T", "H", "C"), "C"),
        ("Đạt", ("T", "Đ", "C"), "Đ"),
        ("t", TT22_CONDUCT, "Tốt"),
        ("cđ", TT22_CONDUCT, "Chưa đạt"),
        ("KHÁ", TT22_CONDUCT, "Khá"),
        ("tb", TT58_CONDUCT, "Trung bình"),
        ("y", TT58_CONDUCT, "Yếu"),
    ],
)
def test_a_level_may_be_typed_in_full_or_by_its_initials(typed, levels, level):
    assert typed_level(typed, levels) == level


@pytest.mark.parametrize("typed", ["x", "đc", "tốt lắm", "8"])
def test_what_is_no_level_is_refused(typed):
    with pytest.raises(RulesError):
        typed_level(typed, TT22_CONDUCT)


def test_every_subject_of_the_catalogue_is_one_that_the_engine_knows():
    codes = {entry.code for entries in CATALOGUE.values() for entry in entries}
    assert {engine_code(code) for code in codes} <= set(NAMES)
    assert set(ENGINE_CODES) <= codes
