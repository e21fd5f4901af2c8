"""R-022, R-024: by when a class list is due, and what a confirmation is worth."""

from datetime import date

import pytest

from schoolbook.rules.calendar import belongs_to_year, nearest
from schoolbook.rules.class_list import ListState, digest, due_by, state

LINE = ("HS1", "Lê An", "2015-02-01", "male", "")


@pytest.mark.parametrize(
    ("first_day", "last"),
    [
        (date(2026, 9, 5), date(2026, 9, 13)),  # a Saturday
        (date(2026, 9, 7), date(2026, 9, 20)),  # a Monday
        (date(2026, 9, 6), date(2026, 9, 13)),  # a Sunday
    ],
)
def test_the_list_is_due_by_the_sunday_of_week_2(first_day, last):
    assert due_by(first_day) == last


def test_a_confirmation_holds_for_exactly_the_list_it_was_given_for():
    present = digest([LINE])
    assert state(None, present) == ListState.NOT_CONFIRMED
    assert state(present, present) == ListState.CONFIRMED
    assert state(digest([]), present) == ListState.CHANGED


@pytest.mark.parametrize(
    "other",
    [
        [],
        [LINE, LINE],
        [("HS2", *LINE[1:])],
        [(*LINE[:4], "2026-10-12")],
        [("HS1Lê An", "", *LINE[2:])],
    ],
)
def test_every_difference_of_a_list_shows_in_its_digest(other):
    assert digest(other) != digest([LINE])
    assert len(digest(other)) == 64


@pytest.mark.parametrize(("day", "found"), [(1, 5), (5, 5), (7, 7), (9, 9), (20, 9)], ids=str)
def test_a_day_outside_of_a_period_gives_its_nearest_end(day, found):
    assert nearest(date(2026, 9, day), date(2026, 9, 5), date(2026, 9, 9)) == date(2026, 9, found)


@pytest.mark.parametrize(
    ("day", "belongs"),
    [
        (date(2026, 5, 31), False),
        (date(2026, 6, 1), True),
        (date(2027, 8, 31), True),
        (date(2027, 9, 1), False),
        (date.min, False),
        (date.max, False),
    ],
)
def test_a_place_in_a_class_begins_and_ends_about_its_year(day, belongs):
    assert belongs_to_year(day, 2026) is belongs
