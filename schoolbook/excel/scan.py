"""What is learnt of a sheet before its cells are read: how far it goes, formulas, merged cells, hidden rows."""

from __future__ import annotations

import re

from schoolbook.excel.errors import Limits, Problem, SpreadsheetError
from schoolbook.rules.cells import Area

REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Scan:
    """Grows while a sheet is looked through. Rows and columns count from 1.

    Raises SpreadsheetError as soon as the sheet goes beyond the limits.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.last_row = self.last_column = 0
        self.formulas: set[tuple[int, int]] = set()
        self.hidden_rows: set[int] = set()
        self.merged: list[Area] = []
        self.merged_cells = 0

    @property
    def cells(self) -> int:
        """How many cells the reader will make room for."""
        return self.last_row * self.last_column

    def content(self, row: int, column: int) -> None:
        """There is something in this cell."""
        if row > self.last_row:
            if row > self.limits.rows:
                self._refuse(Problem.TOO_MANY_ROWS, self.limits.rows)
            self.last_row = row
        if column > self.last_column:
            if column > self.limits.columns:
                self._refuse(Problem.TOO_MANY_COLUMNS, self.limits.columns)
            self.last_column = column

    def formula(self, area: Area) -> None:
        """There is a formula in these cells."""
        for row in range(area.first_row, area.last_row + 1):
            for column in range(area.first_column, area.last_column + 1):
                self.content(row, column)
                self.formulas.add((row, column))

    def merge(self, area: Area) -> None:
        """These cells are merged. Overlapping areas, which no program makes, cannot add up to more than a sheet."""
        height = min(area.last_row, self.limits.rows) - area.first_row + 1
        width = min(area.last_column, self.limits.columns) - area.first_column + 1
        if height < 1 or width < 1:
            return
        self.merged_cells += height * width
        if self.merged_cells > self.limits.rows * self.limits.columns:
            raise SpreadsheetError(Problem.DAMAGED)
        self.merged.append(
            Area(
                area.first_row,
                area.first_column,
                area.first_row + height - 1,
                area.first_column + width - 1,
            )
        )

    def _refuse(self, problem: Problem, limit: int) -> None:
        raise SpreadsheetError(problem, sheet=self.name, limit=str(limit))


def place(reference: str) -> tuple[int, int]:
    """Row and column of "C12".

    Raises SpreadsheetError when it is no reference.
    """
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise SpreadsheetError(Problem.DAMAGED)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


def area(reference: str) -> Area:
    """The rectangle of "A1:C12", or of a single cell.

    Raises SpreadsheetError when it is no reference.
    """
    first, _, last = reference.partition(":")
    return Area(*place(first), *place(last or first))
