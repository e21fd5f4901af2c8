"""What an import would do, row by row, before anything is written; and a proof that nothing changed meanwhile.

Rows of a file are compared with what is there by their code, never by a name.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum

from schoolbook.rules.cells import Refusal, number_text
from schoolbook.rules.tables import Row


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Change:
    """One value that would become another."""

    field: str
    old: object
    new: object


@dataclass(frozen=True)
class Entry:
    """One row of the file: its number there, its code if it could be read, and what would become of it."""

    number: int
    code: str
    outcome: Outcome
    values: Mapping[str, object]
    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class Preview:
    """All rows in the order of the file, how many have which outcome, and the digest of what was compared.

    The digest covers the rows and what is there under their codes. Whoever applies compares once more, under locks,
    and goes on only when the digest is still the one that was shown.
    """

    entries: tuple[Entry, ...]
    counts: Mapping[Outcome, int]
    digest: str


def compare(
    rows: Sequence[Row],
    present: Mapping[str, Mapping[str, object]],
    *,
    code: str,
    refused: Mapping[int, Sequence[Refusal]] | None = None,
) -> Preview:
    """Compare the rows with what is there, `present`, which is keyed by the code.

    `refused` are further reasons against rows, by their number: what only the database knows, such as a class that
    does not exist. A field that a row has no value for stays as it is. What is there but not in the file is not
    touched, and does not change the digest.
    """
    refused = refused or {}
    entries = tuple(
        _entry(row, present, code, (*row.refusals, *refused.get(row.number, ()))) for row in rows
    )
    counted = Counter(entry.outcome for entry in entries)
    return Preview(
        entries=entries,
        counts={outcome: counted[outcome] for outcome in Outcome},
        digest=_digest(entries, present),
    )


def _entry(
    row: Row,
    present: Mapping[str, Mapping[str, object]],
    code: str,
    refusals: tuple[Refusal, ...],
) -> Entry:
    key = str(row.values.get(code, ""))
    if refusals:
        return Entry(row.number, key, Outcome.REFUSED, row.values, refusals=refusals)
    if not key:
        raise ValueError(f"row {row.number} has no code and was not refused")
    if key not in present:
        return Entry(row.number, key, Outcome.NEW, row.values)
    there = present[key]
    changes = tuple(
        Change(name, there.get(name), value)
        for name, value in row.values.items()
        if name != code and there.get(name) != value
    )
    outcome = Outcome.CHANGED if changes else Outcome.SAME
    return Entry(row.number, key, outcome, row.values, changes)


def _digest(entries: Sequence[Entry], present: Mapping[str, Mapping[str, object]]) -> str:
    """SHA-256, in hexadecimal, of a form that does not depend on the order of fields or of what is there."""
    codes = sorted({entry.code for entry in entries} & set(present))
    form = {
        "rows": [
            [
                entry.number,
                entry.code,
                _canonical(entry.values),
                [[r.address, r.sentence, _canonical(r.params)] for r in entry.refusals],
            ]
            for entry in entries
        ],
        "present": [[key, _canonical(present[key])] for key in codes],
    }
    text = json.dumps(form, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: object) -> object:
    """The value with its type, so that the text "8.5" and the number 8.5 differ but 8.5 and 8.50 do not.

    Raises TypeError for a type whose canonical form nobody has decided.
    """
    form: object
    match value:
        case Mapping():
            form = [[key, _canonical(item)] for key, item in sorted(value.items())]
        case list() | tuple():
            form = [_canonical(item) for item in value]
        case Enum():
            form = _canonical(value.value)
        case None | bool() | str():
            form = value
        case int() | Decimal():
            form = ["number", number_text(Decimal(value))]
        case date():
            form = ["date", value.isoformat()]
        case _:
            raise TypeError(f"no canonical form of {type(value).__name__}")
    return form
