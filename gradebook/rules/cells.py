"""Reading the cells of one sheet row: what is there, what is missing, what a decision put there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from gradebook.rules.errors import AbsenceNotRuled, BadNumber, EmptyInput
from gradebook.rules.scheme import SecondaryScheme
from gradebook.rules.shapes import Absence, Cell, Missing, MissingCell, SubjectTerm
from gradebook.rules.steps import Fact, Step

MOST_REGULAR = 50

Value = TypeVar("Value", Decimal, str)


@dataclass(slots=True)
class Row:
    """The cells of one pupil, subject and term while they are read; gathers what is missing."""

    scheme: SecondaryScheme
    term: SubjectTerm
    missing: list[MissingCell]
    steps: list[Step]

    def values(
        self, component: str, read: Callable[[Decimal | str], Value], stand_in: Value
    ) -> tuple[Value, ...]:
        """Return what the cells of a component hold; `stand_in` is what a decision puts in."""
        cells = self._cells(component)
        found: list[Value] = []
        blanks: list[int] = []
        for place, cell in enumerate(cells, 1):
            if cell is None:
                blanks.append(place)
            elif isinstance(cell, Absence):
                if self._decided(component, place, cell, stand_in):
                    found.append(stand_in)
            else:
                found.append(read(cell))
        for place in self._needed(component, len(cells), blanks):
            self.missing.append(MissingCell(component, place, Missing.BLANK))
        return tuple(found)

    def _cells(self, component: str) -> tuple[Cell, ...]:
        if component == "regular":
            return self.term.regular
        if component == "midterm":
            return (self.term.midterm,)
        return (self.term.final,) if component == "final" else self.term.periodic

    def _decided(self, component: str, place: int, absence: Absence, value: Decimal | str) -> bool:
        """Whether a decision stands in for the missed test; if not, the cell awaits its make-up."""
        if not absence.decision:
            self.missing.append(MissingCell(component, place, Missing.AWAITING))
            return False
        article = self.scheme.articles["absence"]
        if component == "regular" and not self.scheme.absence_covers_regular:
            raise AbsenceNotRuled(article=article, value=value)
        params = {"what": component, "place": place, "decision": absence.decision, "value": value}
        self.steps.append(Fact("absence_decided", article, params))
        return True

    def _needed(self, component: str, given: int, blanks: list[int]) -> list[int]:
        """The places still to fill: every blank one, or as many as the required number lacks."""
        required = self.term.required_regular
        if component == "regular" and required is not None:
            if not 1 <= required <= MOST_REGULAR:
                raise BadNumber(what="required_regular", least=1, most=MOST_REGULAR, given=required)
            places = [*blanks, *range(given + 1, required + 1)]
            return places[: max(0, required - given + len(blanks))]
        least = self.scheme.minimum_periodic if component == "periodic" else 1
        if given == 0 and least > 0:
            raise EmptyInput(what=component)
        return [*blanks, *range(given + 1, least + 1)]
