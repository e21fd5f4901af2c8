"""The one place where a figure is rounded: half up, to one decimal, on exact decimals."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

from gradebook.rules.entries import ZERO
from gradebook.rules.steps import Figure

TENTH = Decimal("0.1")
HUNDREDTH = Decimal("0.01")

# Our own context: the answer may not depend on what another library did to the thread's.
_EXACT = Context(prec=28)
_add = _EXACT.add
_fma = _EXACT.fma
_divide = _EXACT.divide

Terms = tuple[tuple[int, tuple[Decimal, ...]], ...]


def published(total: Decimal, divisor: int) -> Decimal:
    """Return total ÷ divisor rounded half up to one decimal, as marks and averages are published.

    Both circulars say only "làm tròn"; half up is the convention of Vietnamese schools. A total of
    tenths over a small divisor never comes within 28 digits of a half without being one, so the
    quotient carries no rounding of its own.
    """
    return _divide(total, divisor).quantize(TENTH, ROUND_HALF_UP, _EXACT)


def total(marks: Iterable[Decimal]) -> Decimal:
    """Return the exact sum of marks."""
    result = ZERO
    for mark in marks:
        result = _add(result, mark)
    return result


def weighted_mean(code: str, article: str, terms: Terms) -> Figure:
    """Return the weighted mean of marks as a step, rounded once.

    `terms` pairs a whole weight with the marks that carry it; the divisor is the sum of the weights
    of all marks. Marks are decimals from 0 to 10; `article` is the rule the figure implements.
    """
    dividend = ZERO
    divisor = 0
    for weight, marks in terms:
        dividend = _fma(weight, total(marks), dividend)
        divisor += weight * len(marks)
    return Figure(code, article, terms, divisor, dividend, published(dividend, divisor))


def hundredths(total: Decimal, divisor: int) -> Decimal:
    """Return total ÷ divisor rounded half up to two decimals, for what compares classes and decides nothing."""
    return _divide(total, divisor).quantize(HUNDREDTH, ROUND_HALF_UP, _EXACT)
