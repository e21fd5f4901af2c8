"""How classes and subjects go on from one year to the next; periods a week; the nearest day."""

from datetime import date

import pytest

from schoolbook.rules import calendar, promotion, school_year
from schoolbook.rules.subjects import GRADES, STAGES, Level, first_grades, last_grades


@pytest.mark.parametrize(
    ("name", "grade", "after"),
    [
        ("6A", 6, "7A"),
        ("9A1", 9, "10A1"),
        ("Lớp 6A", 6, "Lớp 7A"),
        ("10 chuyên Toán", 10, "11 chuyên Toán"),
        ("A6", 7, "A6"),
        ("Họa Mi", 2, "Họa Mi"),
        ("61", 6, "61"),
    ],
)
def test_a_name_that_says_the_grade_says_the_next_one(name, grade, after):
    assert promotion.next_name(name, grade) == after


def test_a_subject_goes_on_unless_the_next_grade_usually_has_it_no_more():
    before, after = {"toan", "tnxh"}, {"toan", "khoa_hoc"}
    kept = [
        code
        for code in ("toan", "tnxh", "tieng_thai")
        if promotion.goes_on(code, usual_before=before, usual_after=after)
    ]
    assert kept == ["toan", "tieng_thai"]
    assert promotion.begins(before, after) == {"khoa_hoc"}


@pytest.mark.parametrize("level", list(Level))
def test_stages_are_the_grades_of_a_level(level):
    assert [g for stage in STAGES[level] for g in stage] == list(GRADES[level])
    assert first_grades(level) <= set(GRADES[level])
    assert max(last_grades(level)) == GRADES[level][-1]


@pytest.mark.parametrize(("year", "week"), [(140, "4"), (52, "1,5"), (0, "0"), (350, "10")])
def test_periods_a_week_are_told_to_a_tenth(year, week):
    assert calendar.weekly(year) == week


def test_a_day_outside_is_the_nearest_one_inside():
    first, last = date(2026, 9, 5), date(2027, 5, 29)
    assert calendar.within(date(2026, 7, 1), first, last) == first
    assert calendar.within(date(2027, 7, 1), first, last) == last
    assert calendar.within(date(2026, 12, 1), first, last) == date(2026, 12, 1)
    assert school_year.first_day(2026) == date(2026, 8, 1)
