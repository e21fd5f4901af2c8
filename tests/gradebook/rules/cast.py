"""The pupils and subjects these tests speak of."""

from __future__ import annotations

from collections.abc import Mapping

from gradebook.rules import (
    SCHEMES,
    AssessedBy,
    SubjectTerm,
    SubjectValue,
    academic,
    secondary,
)
from gradebook.rules.scheme import PrimaryScheme, SecondaryScheme
from gradebook.rules.shapes import AcademicResult

SCORE, COMMENT = AssessedBy.SCORE, AssessedBy.COMMENT
TT58, TT26, TT22, TT43 = (secondary(name) for name in ("tt58", "tt26", "tt22", "tt43"))
TT27 = SCHEMES["tt27"]
assert isinstance(TT27, PrimaryScheme)
SECONDARY = (TT58, TT26, TT22, TT43)

CODES = ("toan", "ngu_van", "ngoai_ngu_1", "ly", "hoa", "sinh", "su", "dia", "gdcd", "tin")


def scored(code: str, average: str | None, name: str = "") -> SubjectValue:
    """One subject by marks."""
    return SubjectValue(code, SCORE, average=average, name=name)


def commented(code: str, level: str | None) -> SubjectValue:
    """One subject by comment."""
    return SubjectValue(code, COMMENT, level=level)


def subjects(averages: str, **comments: str) -> list[SubjectValue]:
    """Subjects from averages in the order of CODES, and comment-only ones by code."""
    marks = averages.split()
    return [scored(code, mark) for code, mark in zip(CODES, marks, strict=False)] + [
        commented(code, level) for code, level in comments.items()
    ]


def level(
    scheme: SecondaryScheme, averages: str, specialised: str | None = None, **comments: str
) -> AcademicResult:
    """The academic level of those subjects."""
    return academic(scheme, subjects(averages, **comments), specialised)


def term(
    regular: tuple[str | None, ...],
    midterm: str | None,
    final: str | None,
    **more: object,
) -> SubjectTerm:
    """A term of mathematics."""
    return SubjectTerm("toan", SCORE, regular, midterm=midterm, final=final, **more)  # type: ignore[arg-type]


def by_code(values: list[SubjectValue]) -> Mapping[str, SubjectValue]:
    """The same subjects by code."""
    return {value.code: value for value in values}
