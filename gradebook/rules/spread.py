"""How marks and levels are spread: bands, mean, median (R-112). Plain Python, no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from gradebook.rules.rounding import hundredths, total
from gradebook.rules.typed import spelt


@dataclass(frozen=True)
class Spread:
    """How many marks lie in each band, or how many pupils have each level; mean and median of marks only."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    of_marks: bool = False
    mean: Decimal | None = None
    median: Decimal | None = None

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(self.counts)

    @property
    def bars(self) -> list[tuple[str, int]]:
        """Label and count of each bar."""
        return list(zip(self.labels, self.counts, strict=True))


def of_scores(counted: Mapping[Decimal, int], bounds: Sequence[Decimal]) -> Spread:
    """Bands below, between and above the bounds; mean and median rounded once each, to two decimals."""
    counts = [0] * (len(bounds) + 1)
    for score, count in counted.items():
        counts[sum(score >= bound for bound in bounds)] += count
    return Spread(
        labels=band_labels(bounds),
        counts=tuple(counts),
        of_marks=True,
        mean=_mean(counted),
        median=_median(counted),
    )


def of_levels(counted: Mapping[str, int], levels: Sequence[str]) -> Spread:
    """How many have each level, best first; one that the circular does not know stands at the end."""
    known = (*levels, *sorted(set(counted) - set(levels)))
    return Spread(known, tuple(counted.get(level, 0) for level in known))


def band_labels(bounds: Sequence[Decimal]) -> tuple[str, ...]:
    """The bands as papers write them: "<3,5", "3,5–4,9", …, "≥8,0"."""
    tenth = Decimal("0.1")
    inner = [f"{spelt(low)}–{spelt(high - tenth)}" for low, high in pairwise(bounds)]
    return (f"<{spelt(bounds[0])}", *inner, f"≥{spelt(bounds[-1])}")


def _mean(counted: Mapping[Decimal, int]) -> Decimal | None:
    pupils = sum(counted.values())
    if not pupils:
        return None
    return hundredths(total(score * count for score, count in counted.items()), pupils)


def _median(counted: Mapping[Decimal, int]) -> Decimal | None:
    """The middle mark, or half way between the two in the middle."""
    pupils = sum(counted.values())
    if not pupils:
        return None
    low, high = _at(counted, (pupils - 1) // 2), _at(counted, pupils // 2)
    return hundredths(low + high, 2)


def _at(counted: Mapping[Decimal, int], place: int) -> Decimal:
    """The mark at a place, from 0, when all are in order."""
    for score in sorted(counted):
        place -= counted[score]
        if place < 0:
            return score
    raise IndexError(place)
