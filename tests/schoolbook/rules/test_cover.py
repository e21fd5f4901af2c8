"""From which day on nobody would be there."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolbook.rules.cover import first_gap

START = date(2026, 9, 1)


def day(number):
    return START + timedelta(days=number)


@pytest.mark.parametrize(
    ("spans", "gap"),
    [
        ([], 0),
        ([(0, None)], None),
        ([(-5, None)], None),
        ([(-5, -1)], 0),
        ([(-5, 0)], 1),
        ([(0, 3), (4, None)], None),
        ([(0, 3), (5, None)], 4),
        ([(5, None), (0, 4)], None),
        ([(0, 9), (2, 3)], 10),
        ([(1, None)], 0),
    ],
)
def test_the_first_day_that_nothing_covers(spans, gap):
    given_ = [(day(a), None if b is None else day(b)) for a, b in spans]
    assert first_gap(given_, START) == (None if gap is None else day(gap))


@given(st.lists(st.tuples(st.integers(-3, 9), st.integers(0, 5)), max_size=6))
def test_it_is_what_looking_at_each_day_finds(lengths):
    spans = [(day(a), day(a + n)) for a, n in lengths]
    looked = next(d for d in map(day, range(30)) if not any(a <= d <= b for a, b in spans))
    assert first_gap(spans, START) == looked
