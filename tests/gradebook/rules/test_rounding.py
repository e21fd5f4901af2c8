"""One rounding, half up, on exact decimals."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradebook.rules.rounding import published, weighted_mean
from tests.gradebook.rules.replay import half_up

TENTHS = st.integers(0, 100).map(lambda tenths: Decimal(tenths).scaleb(-1))


@pytest.mark.parametrize(
    ("total", "divisor", "figure"),
    [
        ("12.9", 2, "6.5"),  # 6.45
        ("12.8", 2, "6.4"),
        ("16.5", 2, "8.3"),  # 8.25
        ("64.4", 10, "6.4"),  # 6.44
        ("64.5", 10, "6.5"),  # 6.45
        ("64.6", 10, "6.5"),
        ("23.9", 3, "8.0"),  # 7.966…
        ("23.8", 3, "7.9"),  # 7.933…
        ("0.1", 2, "0.1"),  # 0.05
        ("0.1", 3, "0.0"),
        ("20.0", 2, "10.0"),
    ],
)
def test_half_goes_up(total: str, divisor: int, figure: str) -> None:
    assert str(published(Decimal(total), divisor)) == figure


def test_every_total_over_every_small_divisor_agrees_with_fractions() -> None:
    for divisor in range(1, 24):
        for tenths in range(0, 100 * divisor + 1, 3):
            figure = published(Decimal(tenths).scaleb(-1), divisor)
            assert str(figure) == half_up(Fraction(tenths, 10 * divisor))


@given(st.lists(st.tuples(st.integers(1, 3), st.lists(TENTHS, min_size=1, max_size=6)), min_size=1))
def test_a_weighted_mean_is_the_exact_one_rounded_once(
    groups: list[tuple[int, list[Decimal]]],
) -> None:
    terms = tuple((weight, tuple(marks)) for weight, marks in groups)
    total = sum(
        (Fraction(mark) * weight for weight, marks in groups for mark in marks), Fraction(0)
    )
    divisor = sum(weight * len(marks) for weight, marks in groups)
    figure = weighted_mean("mean", "article", terms)
    assert (Fraction(figure.total), figure.divisor) == (total, divisor)
    assert str(figure.rounded) == half_up(total / divisor)


def test_the_thread_s_own_decimal_context_changes_nothing() -> None:
    terms = ((1, tuple(map(Decimal, ("6.1", "8.0", "7.5")))), (2, (Decimal("7.0"),)))
    usual = weighted_mean("mean", "article", terms)
    with localcontext() as context:
        context.prec = 2
        context.rounding = ROUND_DOWN
        other = weighted_mean("mean", "article", terms)
        assert other == usual
        assert (other.unrounded, other.cut) == (usual.unrounded, usual.cut)
    assert str(usual.rounded) == "7.1"


def test_the_unrounded_value_is_cut_never_rounded() -> None:
    figure = weighted_mean("mean", "article", ((1, tuple(map(Decimal, ("8.0", "8.0", "7.9")))),))
    assert (str(figure.unrounded), figure.cut) == ("7.9666", True)
    assert figure.formula == "(8.0 + 8.0 + 7.9) ÷ 3"
    exact = weighted_mean("mean", "article", ((1, (Decimal("6.0"),)), (3, (Decimal("7.5"),))))
    assert (str(exact.unrounded), exact.cut) == ("7.125", False)
    assert exact.formula == "(6.0 + 3×7.5) ÷ 4"
