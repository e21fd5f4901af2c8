"""The forms in which chains are hashed. Plain Python: what verifies a chain needs nothing from the database but rows.

`models.chain` says what each array holds. The first element is the version of the form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

ACTS = "acts"


class Head(NamedTuple):
    """The newest link of a chain, or any that was the newest once; `chain` is "acts", or such as "sheet:17"."""

    chain: str
    number: int
    link: str


def canonical(values: Sequence[object]) -> str:
    """A JSON array as PostgreSQL writes the text of a `jsonb`: letters as they are, one space after each comma."""
    return json.dumps(values, ensure_ascii=False)


def digest(said: str) -> str:
    """The SHA-256 of a text, in hexadecimal letters."""
    return hashlib.sha256(said.encode()).hexdigest()


def moment(when: datetime) -> str:
    """A moment in UTC, to the microsecond."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def act_link(
    *, school: int, number: int, previous: str, source: str, row: int, content: str
) -> str:
    """The link of an act; `previous` is the link before it, "" for the first."""
    return digest(canonical([1, school, number, previous, source, row, content]))


def gathering_link(
    *, school: int, number: int, previous: str, gathered_at: datetime, heads: Iterable[Head]
) -> str:
    """The link of a gathering of heads, which stand in the order of their chains' names."""
    said = [list(head) for head in sorted(heads)]
    return digest(canonical([1, school, number, previous, moment(gathered_at), said]))
