"""How marks are spread: bands, mean and median, exact."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradebook.rules import spread

BOUNDS = (Decimal("3.5"), Decimal("5.0"), Decimal("6.5"), Decimal("8.0"))
MARKS = st.integers(0, 100).map(lambda tenths: Decimal(tenths).scaleb(-1))


def counted(marks):
    return {mark: marks.count(mark) for mark in set(marks)}


def rounded(value):
    """Half up to two decimals, by whole numbers alone."""
    hundredths = (value * 200 + 1) // 2
    return Decimal(int(hundredths)).scaleb(-2)


@given(st.lists(MARKS, min_size=1, max_size=60))
def test_mean_and_median_are_those_of_fractions(marks):
    found = spread.of_scores(counted(marks), BOUNDS)
    exact = sorted(map(Fraction, marks))
    middle = exact[(len(exact) - 1) // 2] + exact[len(exact) // 2]
    assert found.mean == rounded(sum(exact) / len(exact))
    assert found.median == rounded(middle / 2)
    assert found.count == len(marks)


@pytest.mark.parametrize(
    ("mark", "band"),
    [("0", 0), ("3.4", 0), ("3.5", 1), ("4.9", 1), ("5.0", 2), ("6.5", 3), ("7.9", 3), ("8", 4)],
)
def test_a_band_begins_at_its_bound(mark, band):
    assert spread.of_scores({Decimal(mark): 2}, BOUNDS).counts[band] == 2


def test_bands_are_written_as_on_paper():
    assert spread.band_labels(BOUNDS) == ("<3,5", "3,5–4,9", "5–6,4", "6,5–7,9", "≥8")


def test_nothing_has_no_mean():
    found = spread.of_scores({}, BOUNDS)
    assert (found.mean, found.median, found.count) == (None, None, 0)


def test_levels_are_in_the_order_of_the_circular():
    found = spread.of_levels({"C": 1, "T": 2, "?": 3}, ("T", "H", "C"))
    assert found.bars == [("T", 2), ("H", 0), ("C", 1), ("?", 3)]
