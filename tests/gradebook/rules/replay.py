"""A second opinion: replays the steps a result shows and says which figure and level follow.

Knows nothing of the engine's arithmetic: exact fractions, formulas read back from the sentences,
and the tables of the circulars typed out again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from gradebook.rules.explain import Language, sentence
from gradebook.rules.steps import Check, Fact, Figure, Listing, Step

NEW = {("Tốt", "Đạt"): "Khá", ("Tốt", "Chưa đạt"): "Đạt", ("Khá", "Chưa đạt"): "Đạt"}
OLD = {
    ("Giỏi", "Trung bình"): "Khá",
    ("Giỏi", "Yếu"): "Trung bình",
    ("Khá", "Yếu"): "Trung bình",
    ("Khá", "Kém"): "Yếu",
}
ADJUSTMENTS = {"tt58": OLD, "tt26": OLD, "tt22": NEW, "tt43": NEW}
LOWEST = {"tt58": "Kém", "tt26": "Kém", "tt22": "Chưa đạt", "tt43": "Chưa đạt"}

_FIGURE = re.compile(
    r"= \((?P<sum>[^)]+)\) ÷ (?P<by>\d+) = (?P<raw>[\d.]+)(?P<cut>…?) → (?P<out>[\d.]+)"
)


def half_up(value: Fraction) -> str:
    """A fraction rounded half up to one decimal, as text."""
    tenths = (2 * 10 * value.numerator + value.denominator) // (2 * value.denominator)
    return f"{tenths // 10}.{tenths % 10}"


def shown_figure(step: Figure, language: Language) -> str:
    """The figure that the sentence's own formula gives; what it shows has to agree with it."""
    words = sentence(step, language)
    found = _FIGURE.search(words.replace(",", ".") if language == "vi" else words)
    assert found, words
    total = sum(map(_product, found["sum"].split(" + ")), Fraction(0))
    value = total / int(found["by"])
    raw = Fraction(found["raw"])
    assert raw <= value < raw + Fraction(1, 10000)
    assert bool(found["cut"]) == (raw != value)
    assert half_up(raw) == half_up(value) == found["out"]
    return half_up(value)


def _product(part: str) -> Fraction:
    value = Fraction(1)
    for factor in part.split("×"):
        value *= Fraction(factor)
    return value


def figures(steps: Iterable[Step]) -> list[str]:
    """Every figure of a result, worked out again from the sentences in both languages."""
    both = [
        (shown_figure(step, "vi"), shown_figure(step, "en"))
        for step in steps
        if isinstance(step, Figure)
    ]
    assert all(one == two for one, two in both)
    return [one for one, _ in both]


def academic(scheme: str, steps: Sequence[Step]) -> tuple[str, str, str | None]:
    """Base, level and mean that the steps lead to."""
    (listing,) = (step for step in steps if isinstance(step, Listing))
    means = figures(steps)
    mean = means[0] if means else None
    if mean is not None:
        marks = [Fraction(item.value) for item in listing.scored]
        assert half_up(sum(marks, Fraction(0)) / len(marks)) == mean
    base = LOWEST[scheme]
    failing: dict[str, list[Check]] = {}
    for check in (step for step in steps if isinstance(step, Check)):
        failing.setdefault(check.level, [])
        met = _met(check, listing, mean)
        assert met == check.met, check
        if not met:
            failing[check.level].append(check)
    for level, unmet in failing.items():
        if not unmet:
            base = level
    assert all(unmet for level, unmet in failing.items() if level != base)
    return base, _adjusted(scheme, base, steps), mean


def _met(check: Check, listing: Listing, mean: str | None) -> bool:
    """A condition judged from the listed subjects, not from what the step says it found."""
    marks = [Fraction(item.value) for item in listing.scored]
    if check.code == "comments":
        low = [item for item in listing.commented if item.value == check.threshold]
        return len(low) <= check.required
    least = Fraction(check.threshold)
    if check.code == "mean":
        assert mean is not None
        return Fraction(mean) >= least
    if check.code == "floor":
        return not any(mark < least for mark in marks)
    if check.code == "count":
        return sum(mark >= least for mark in marks) >= check.required
    codes = {item.code for item in check.items}
    named = [Fraction(item.value) for item in listing.scored if item.code in codes]
    return any(mark >= least for mark in named)


def _adjusted(scheme: str, base: str, steps: Sequence[Step]) -> str:
    facts = [step for step in steps if isinstance(step, Fact)]
    for fact in facts:
        if fact.code == "adjusted":
            assert fact.params["base"] == base
            return ADJUSTMENTS[scheme][str(fact.params["target"]), base]
    assert any(fact.code in ("not_adjusted", "not_listed") for fact in facts)
    return base


def primary(steps: Sequence[Step]) -> str:
    """The level of completion that the steps of a primary pupil lead to."""
    given = {step.code: step for step in steps if isinstance(step, Listing)}
    reached: dict[str, bool] = {}
    for check in (step for step in steps if isinstance(step, Check)):
        if check.code == "primary_tests":
            marks = given["primary_subjects_given"].scored
            met = all(Fraction(item.value) >= Fraction(check.threshold) for item in marks)
        else:
            order = "THC" if check.code == "primary_subjects" else "TĐC"
            levels = given[f"{check.code}_given"].commented
            worst = order.index(str(check.threshold))
            met = all(order.index(item.value) <= worst for item in levels)
        assert met == check.met
        reached[check.level] = reached.get(check.level, True) and met
    return next((level for level, met in reached.items() if met), "Chưa hoàn thành")


def outcome(steps: Sequence[Step]) -> str:
    """What becomes of a pupil who has had no second chance yet, from the steps' numbers."""
    facts = {step.code: step.params for step in steps if isinstance(step, Fact)}
    days, learned, behaved = (
        facts[code] for code in ("absences_checked", "academic_checked", "conduct_checked")
    )
    if int(str(days["absences"])) > int(str(days["limit"])):
        return "retained"
    passes = {"Giỏi", "Tốt", "Khá", "Trung bình", "Đạt"}
    both = (learned["level"] in passes, behaved["level"] in passes)
    if learned["level"] == "Kém":
        return "retained"
    return {
        (True, True): "promoted",
        (True, False): "summer_conduct",
        (False, True): "retest",
        (False, False): "retained",
    }[both]
