"""The academic level once more, word by word and slowly: tries leaving out each subject."""

from __future__ import annotations

from fractions import Fraction

from tests.gradebook.rules.replay import ADJUSTMENTS, LOWEST, half_up

Marks = dict[str, Fraction]
Levels = dict[str, str]

NEW_RULES = (("Tốt", "6.5", "8.0", 0), ("Khá", "5.0", "6.5", 0), ("Đạt", "3.5", "5.0", 1))
OLD_RULES = (
    ("Giỏi", "8.0", "6.5"),
    ("Khá", "6.5", "5.0"),
    ("Trung bình", "5.0", "3.5"),
    ("Yếu", "3.5", "2.0"),
)
CORE = {"tt58": ("toan", "ngu_van"), "tt26": ("toan", "ngu_van", "ngoai_ngu_1")}


def meets_new(level: str, marks: Marks, levels: Levels, least: int, comments: bool) -> bool:
    """TT 22/2021 Đ9.2 and TT 43/2021."""
    _, floor, at, allowed = next(rule for rule in NEW_RULES if rule[0] == level)
    failed = sum(value == "CĐ" for value in levels.values())
    return (
        (failed <= allowed or not comments)
        and all(mark >= Fraction(floor) for mark in marks.values())
        and sum(mark >= Fraction(at) for mark in marks.values()) >= least
    )


def meets_old(
    scheme: str, level: str, mean: Fraction, marks: Marks, levels: Levels, special: str | None
) -> bool:
    """TT 58/2011 Đ13; without the specialised subject its condition cannot hold."""
    _, least, floor = next(rule for rule in OLD_RULES if rule[0] == level)
    if mean < Fraction(least) or any(mark < Fraction(floor) for mark in marks.values()):
        return False
    if level == "Yếu":
        return True
    core = any(marks.get(code, Fraction(0)) >= Fraction(least) for code in CORE[scheme])
    expert = special is None or marks.get(special, Fraction(0)) >= Fraction(least)
    return core and expert and "CĐ" not in levels.values()


def level(scheme: str, marks: Marks, levels: Levels, special: str | None = None) -> tuple[str, str]:
    """Base and adjusted level."""
    mean = Fraction(half_up(sum(marks.values(), Fraction(0)) / len(marks)))

    def meets(target: str, some: Marks, others: Levels) -> bool:
        if scheme in CORE:
            return meets_old(scheme, target, mean, some, others, special)
        least, comments = (6, True) if scheme == "tt22" else (5, False)
        return meets_new(target, some, others, least, comments)

    names = [rule[0] for rule in (OLD_RULES if scheme in CORE else NEW_RULES)]
    base = next((name for name in names if meets(name, marks, levels)), LOWEST[scheme])
    for target in names[:2]:
        if target == base:
            break
        alone = any(
            meets(
                target,
                {code: mark for code, mark in marks.items() if code != left_out},
                {code: value for code, value in levels.items() if code != left_out},
            )
            for left_out in (*marks, *levels)
        )
        if alone and (target, base) == ("Giỏi", "Kém"):
            break
        if alone and (target, base) in ADJUSTMENTS[scheme]:
            return base, ADJUSTMENTS[scheme][target, base]
    return base, base
