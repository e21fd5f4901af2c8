"""How a result came about, as data. Sentences are made from it late, in `explain`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, Context, Decimal
from typing import NamedTuple

_SHOWN_DECIMALS = Decimal("0.0001")
_PLAIN = Context(prec=28)


class Scored(NamedTuple):
    """A scored subject as a step shows it: code, name for people, published average."""

    code: str
    name: str
    value: Decimal


class Commented(NamedTuple):
    """A comment-only subject as a step shows it, with its level."""

    code: str
    name: str
    value: str


Item = Scored | Commented


class Figure(NamedTuple):
    """A weighted mean: Σ weight × mark ÷ divisor, then one rounding.

    `terms` pairs each weight with its marks, `total` is the exact dividend, `rounded` what is
    published.
    """

    code: str
    article: str
    terms: tuple[tuple[int, tuple[Decimal, ...]], ...]
    divisor: int
    total: Decimal
    rounded: Decimal

    @property
    def formula(self) -> str:
        """The formula with its numbers, such as `(6.0 + 8.0 + 2×7.0 + 3×6.0) ÷ 7`."""
        shown = (
            f"{mark}" if weight == 1 else f"{weight}×{mark}"
            for weight, marks in self.terms
            for mark in marks
        )
        return f"({' + '.join(shown)}) ÷ {self.divisor}"

    @property
    def unrounded(self) -> Decimal:
        """The value before rounding, cut (not rounded) after four decimals.

        A half lies at the second decimal, so the cut value rounds half up exactly as the whole one
        does.
        """
        quotient = _PLAIN.divide(self.total, self.divisor)
        return quotient.quantize(_SHOWN_DECIMALS, ROUND_DOWN, _PLAIN).normalize(_PLAIN)

    @property
    def cut(self) -> bool:
        """Whether `unrounded` has more decimals than it shows."""
        return _PLAIN.multiply(self.unrounded, self.divisor) != self.total


class Listing(NamedTuple):
    """The subjects that take part: scored ones from the lowest up, then those by comment."""

    code: str
    article: str
    scored: tuple[Scored, ...]
    commented: tuple[Commented, ...]


class Check(NamedTuple):
    """One condition of one level.

    `found` subjects are compared with `required`: at most that many for `floor` and `comments`, at
    least that many for the others. `items` names the subjects that decide; for an unmet count, the
    nearest ones.
    """

    code: str
    article: str
    level: str
    threshold: Decimal | str
    required: int
    found: int
    items: tuple[Item, ...]
    met: bool


class Fact(NamedTuple):
    """Anything else the result rests on: a message code with the values its sentence needs."""

    code: str
    article: str
    params: Mapping[str, object]


Step = Figure | Listing | Check | Fact
