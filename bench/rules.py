"""Time a whole school through the rules, beside a loop that only reads and adds up the marks.

`python bench/rules.py` from the repository's root. 1,350 pupils × 13 subjects × 2 terms: every term
and year average, academic level of both terms and the year, conduct, promotion and title, each with
its steps. The marks are made by a fixed recurrence, the same on every machine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gradebook.rules import (
    AssessedBy,
    SubjectTerm,
    SubjectYear,
    academic,
    award,
    conduct_year,
    promotion,
    secondary,
    subject_term,
    subject_year,
)
from gradebook.rules.scheme import SecondaryScheme
from gradebook.rules.steps import Step

PUPILS = 1350
MOST = 30
ROUNDS = 5
SUBJECTS = (
    ("toan", 4),
    ("ngu_van", 4),
    ("ngoai_ngu_1", 4),
    ("gdcd", 2),
    ("ls_dl", 4),
    ("khtn", 4),
    ("cong_nghe", 2),
    ("tin", 2),
    ("ngoai_ngu_2", 3),
    ("tieng_dtts", 3),
    ("gdqp_an", 2),
    ("su", 3),
    ("dia", 3),
)
CONDUCT = ("Tốt", "Tốt", "Khá", "Đạt")


class Marks(NamedTuple):
    """The raw marks of one pupil, subject and term, as they were typed."""

    regular: tuple[str, ...]
    midterm: str
    final: str


School = list[list[tuple[Marks, Marks]]]


def numbers() -> Iterator[int]:
    """An endless, fixed stream of numbers from 0 to 99."""
    state = 2021
    while True:
        state = (state * 1103515245 + 12345) % 2147483648
        yield (state >> 16) % 100


def school() -> School:
    """Raw marks by pupil, subject and term; most pupils do well, as pupils do."""
    stream = numbers()

    def mark() -> str:
        tenths = 100 - next(stream) * next(stream) // 140
        return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)

    def term(count: int) -> Marks:
        return Marks(tuple(mark() for _ in range(count)), mark(), mark())

    return [[(term(count), term(count)) for _, count in SUBJECTS] for _ in range(PUPILS)]


def plain(pupils: School) -> Decimal:
    """The plain loop: turn the strings into Decimal and add them up."""
    total = Decimal(0)
    for subjects in pupils:
        for terms in subjects:
            for marks in terms:
                for text in marks.regular:
                    total += Decimal(text)
                total += Decimal(marks.midterm)
                total += Decimal(marks.final)
    return total


def by_the_rules(pupils: School) -> int:
    """Everything the year asks of the rules for every pupil; the number of steps produced."""
    scheme = secondary("tt22")
    steps = 0
    for number, subjects in enumerate(pupils):
        conduct = conduct_year(scheme, CONDUCT[number % 4], CONDUCT[number // 4 % 4])
        steps += sum(map(len, of_pupil(scheme, subjects, conduct.level, number % 50)))
    return steps


def of_pupil(
    scheme: SecondaryScheme, subjects: list[tuple[Marks, Marks]], conduct: str | None, absences: int
) -> Iterator[tuple[Step, ...]]:
    """The steps of every result of one pupil."""
    first, second, years = [], [], []
    for (code, required), terms in zip(SUBJECTS, subjects, strict=True):
        one, two = (
            subject_term(
                scheme,
                SubjectTerm(
                    code,
                    AssessedBy.SCORE,
                    marks.regular,
                    midterm=marks.midterm,
                    final=marks.final,
                    required_regular=required,
                ),
            )
            for marks in terms
        )
        year = subject_year(scheme, SubjectYear(code, AssessedBy.SCORE, one.average, two.average))
        first.append(one)
        second.append(two)
        years.append(year)
        yield from (one.steps, two.steps, year.steps)
    level = None
    for results in (first, second, years):
        result = academic(scheme, results)
        level = result.level
        yield result.steps
    yield promotion(scheme, level, conduct, absences).steps
    yield award(scheme, level, conduct, [result.average for result in years]).steps


def main() -> int:
    """Print both times and their ratio; 1 when the rules take more than MOST times as long."""
    pupils = school()
    marks = sum(len(term.regular) + 2 for pupil in pupils for terms in pupil for term in terms)
    base, rules, steps = Decimal("Infinity"), Decimal("Infinity"), 0
    for _ in range(ROUNDS):
        begun = perf_counter()
        plain(pupils)
        read = perf_counter()
        steps = by_the_rules(pupils)
        done = perf_counter()
        base = min(base, Decimal(read - begun))
        rules = min(rules, Decimal(done - read))
    ratio = rules / base
    print(f"{PUPILS} pupils x {len(SUBJECTS)} subjects x 2 terms, {marks} marks, {steps} steps")
    print(f"plain loop: {base:.3f} s   rules: {rules:.3f} s   best of {ROUNDS}")
    print(f"ratio: {ratio:.1f} (at most {MOST})")
    return int(ratio > MOST)


if __name__ == "__main__":
    sys.exit(main())
