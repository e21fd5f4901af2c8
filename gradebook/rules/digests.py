"""What a confirmation covers: the SHA-256 of exactly what a sheet showed (R-144, R-149). Plain Python, no Django.

The text that is hashed is canonical: JSON without blanks, cells and figures sorted, so that the order in which a page
shows pupils or columns makes no difference, and everything it shows of a cell does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

VERSION = 1


class ShownCell(NamedTuple):
    """One cell as it is shown, blank ones included; `version` is 0 where nothing was ever entered."""

    pupil: int
    component: str
    number: int
    state: str
    shown: str
    source: str
    version: int


class ShownFigure(NamedTuple):
    """What was worked out, as it is shown: of a pupil, or 0 for what is of nobody; `name` says which one."""

    pupil: int
    name: str
    shown: tuple[str, ...]


def digest(
    sheet: tuple[str, int, int], cells: Iterable[ShownCell], figures: Iterable[ShownFigure]
) -> str:
    """The digest of a sheet: its kind ("subject" or "class"), the id of that, the term; and all that it shows."""
    said = [VERSION, *sheet, sorted(cells), sorted(figures)]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
