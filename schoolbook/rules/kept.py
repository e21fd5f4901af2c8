"""Heads that were kept elsewhere, and what they prove of the gatherings that there are. Plain Python."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass

MOST = 2**63 - 1  # what a column of the database holds
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, order=True)
class KeptHead:
    """One gathering as it was exported: of which school, its number, its link, and when heads were gathered."""

    school: str
    number: int
    link: str
    gathered_at: str

    @property
    def key(self) -> tuple[int, str]:
        """By which it is found again: after a restore numbers are used again, links never are."""
        return (self.number, self.link)

    def line(self) -> str:
        """As one line of an exported file."""
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True)
class Compared:
    """What became of the kept heads of one school.

    `proved` is the newest that is there; `behind` are those with numbers that are not there (any more), `rewritten`
    those in whose place another stands, `excused` those that a recorded new seal lists as lost.
    """

    proved: KeptHead | None
    behind: tuple[KeptHead, ...]
    rewritten: tuple[KeptHead, ...]
    excused: tuple[KeptHead, ...]

    @property
    def lost(self) -> tuple[KeptHead, ...]:
        """All that are not there and not excused."""
        return self.behind + self.rewritten


def read(text: str) -> list[KeptHead]:
    """The heads in an exported file: JSON lines, or one JSON array. Raises ValueError with a sentence."""
    try:
        said = (
            json.loads(text)
            if text.lstrip().startswith("[")
            else [json.loads(line) for line in text.splitlines() if line.strip()]
        )
    except (ValueError, RecursionError) as error:
        raise ValueError("This is no file of kept heads: it is not JSON.") from error
    heads = [_head(one) for one in said]
    if not heads:
        raise ValueError("This file holds no head.")
    return sorted(set(heads))


def _head(said: object) -> KeptHead:
    if isinstance(said, dict):
        found = {name: said.get(name) for name in KeptHead.__dataclass_fields__}
        school, number, link, at = found.values()
        if (
            isinstance(school, str)
            and type(number) is int
            and 0 < number <= MOST
            and isinstance(link, str)
            and HASH.fullmatch(link)
            and isinstance(at, str)
        ):
            return KeptHead(school, number, link, at)
    raise ValueError("This is no file of kept heads: export_heads writes one.")


def compare(
    kept: Iterable[KeptHead],
    there: Mapping[int, str],
    newest: int,
    excused: Collection[tuple[int, str]],
) -> Compared:
    """Hold the kept heads of one school against its gatherings.

    `there` gives links by number, `newest` is the last number there is, 0 for none.
    """
    proved: KeptHead | None = None
    behind, rewritten, forgiven = [], [], []
    for head in sorted(kept):
        if there.get(head.number) == head.link:
            proved = head
        elif head.key in excused:
            forgiven.append(head)
        elif head.number > newest:
            behind.append(head)
        else:
            rewritten.append(head)
    return Compared(proved, tuple(behind), tuple(rewritten), tuple(forgiven))
