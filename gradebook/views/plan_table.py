"""A plan of entry windows laid out on one screen: terms and components down, grades across."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from gradebook import words
from gradebook.rules.windows import Line
from gradebook.selectors.windows import standing_of


@dataclass(frozen=True)
class PlanCell:
    """One window, and whether it is to `come`, `open` or `over`."""

    line: Line
    standing: str


@dataclass(frozen=True)
class PlanRow:
    """A component of a term with its windows in the order of the columns; None where a grade has none of its own."""

    name: str
    cells: tuple[PlanCell | None, ...]


@dataclass(frozen=True)
class PlanTable:
    """`columns` name the grades; `terms` hold the rows of each term."""

    columns: tuple[str, ...]
    terms: tuple[tuple[int, tuple[PlanRow, ...]], ...]


def table(lines: Iterable[Line]) -> PlanTable:
    """Lay the lines of a plan out; one column alone where no grade has windows of its own."""
    found = list(lines)
    grades = sorted({line.grade for line in found if line.grade})
    columns = [None, *grades]
    all_of_them = _("other grades") if grades else _("all grades")
    heads = (all_of_them, *(words.grade_said(grade) for grade in grades))
    by_key = {line.key: line for line in found}
    terms = []
    for term, of_term in groupby(found, key=lambda line: line.term):
        names = dict.fromkeys(line.component for line in of_term)
        made = tuple(
            PlanRow(
                words.component_named(name),
                tuple(_cell(by_key.get((term, name, grade or 0))) for grade in columns),
            )
            for name in names
        )
        terms.append((term, made))
    return PlanTable(heads, tuple(terms))


def _cell(line: Line | None) -> PlanCell | None:
    return PlanCell(line, standing_of(line)) if line else None
