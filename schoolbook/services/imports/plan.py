"""What one spreadsheet would do at its school, and how to do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from schoolbook.models import ImportAct
from schoolbook.rules import preview
from schoolbook.rules.cells import Refusal
from schoolbook.rules.imports import COLUMNS, Content, ImportKind
from schoolbook.rules.preview import Entry, Outcome, Preview
from schoolbook.rules.tables import Row
from schoolbook.services.imports.writing import Writer

# The value by which rows are compared with what is there; its name is the same for every kind.
KEY = "key"
LAST_DAY = date.max


@dataclass(frozen=True)
class Plan:
    """The preview, and what writes those of its entries that are new or changed."""

    preview: Preview
    write: Callable[[Sequence[Entry], Writer], None]

    def to_write(self) -> list[Entry]:
        """The entries that would change something."""
        wanted = {Outcome.NEW, Outcome.CHANGED}
        return [entry for entry in self.preview.entries if entry.outcome in wanted]


class Comparison:
    """Rows as they are compared: their values in the school's own spelling, and the reasons against some of them."""

    def __init__(self, act: ImportAct) -> None:
        self.kind = ImportKind(act.kind)
        self.content = Content.from_json(act.content, COLUMNS[self.kind])
        self.present: dict[str, Mapping[str, object]] = {}
        self._values: dict[int, dict[str, Any]] = {}
        self._refused: dict[int, list[Refusal]] = {}

    def good_rows(self) -> list[Row]:
        """The rows whose cells could all be read."""
        return [row for row in self.content.rows if not row.refusals]

    def take(self, row: Row, values: Mapping[str, Any]) -> None:
        """Compare the row with these values; KEY among them."""
        self._values[row.number] = dict(values)

    def refuse(self, row: Row, column: str, sentence: str, **params: str) -> None:
        """Add a reason against a row, at the cell of a column or, where the file has none, at the first cell."""
        where = row.addresses.get(column) or next(iter(row.addresses.values()))
        self._refused.setdefault(row.number, []).append(Refusal(where, sentence, params))

    def refuse_repeated(self, column: str, sentence: str, name: str, *, of: str = KEY) -> None:
        """Refuse all rows that agree in a value, each with the addresses of all; `name` is its hole in the sentence."""
        sharing: dict[str, list[Row]] = {}
        for row in self.good_rows():
            if value := self._values.get(row.number, {}).get(of):
                sharing.setdefault(str(value), []).append(row)
        for value, found in sharing.items():
            addresses = ", ".join(row.addresses.get(column, str(row.number)) for row in found)
            for row in found if len(found) > 1 else ():
                self.refuse(row, column, sentence, **{name: value, "addresses": addresses})

    def preview(self) -> Preview:
        """The comparison done."""
        compared = [
            replace(row, values=self._values.get(row.number, row.values))
            for row in self.content.rows
        ]
        return preview.compare(compared, self.present, code=KEY, refused=self._refused)
