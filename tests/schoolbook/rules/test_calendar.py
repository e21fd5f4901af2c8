"""R-021: terms and numbered weeks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolbook.rules import calendar

FIRST = date(2026, 9, 7)  # a Monday


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2026, 9, 6), 0),
        (date(2026, 9, 7), 1),
        (date(2026, 9, 13), 1),
        (date(2026, 9, 14), 2),
        (date(2026, 9, 20), 2),
        (date(2026, 9, 21), 3),
        (date(2027, 1, 4), 18),
    ],
)
def test_weeks_are_numbered_from_the_first_day_of_lessons(day, number):
    assert calendar.week_number(day, FIRST) == number


def test_a_first_day_in_mid_week_does_not_shorten_the_numbering():
    assert calendar.week_number(date(2026, 9, 14), date(2026, 9, 10)) == 2


@given(st.integers(1, 40), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_last_day_of_a_week_is_its_sunday_and_the_next_day_another_week(number, first):
    last = calendar.last_day_of_week(number, first)
    assert last.weekday() == 6
    assert calendar.week_number(last, first) == number
    assert calendar.week_number(last + timedelta(days=1), first) == number + 1


def test_the_usual_plan_is_in_order_and_named_by_two_years():
    plan = calendar.usual_plan(2026)
    assert plan.problems == []
    assert calendar.year_name(plan.first_term[0]) == "2026-2027"


@pytest.mark.parametrize(
    ("term1", "term2", "wrong"),
    [
        ((2, 1), (3, 4), ["term1_ends_on"]),
        ((1, 2), (2, 4), ["term2_begins_on"]),
        ((1, 2), (4, 3), ["term2_ends_on"]),
        ((1, 1), (2, 2), []),
    ],
)
def test_days_out_of_order_are_named(term1, term2, wrong):
    plan = calendar.YearPlan(
        first_term=(date(2026, 9, term1[0]), date(2026, 9, term1[1])),
        second_term=(date(2026, 9, term2[0]), date(2026, 9, term2[1])),
    )
    assert plan.problems == wrong
