"""How a thing that can be corrected is named in the whole school, so that only one open request is about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def item_name(book: str, place: Mapping[str, Any], student_id: int, key: str) -> str:
    """The name of an item: its book, page, pupil and key there."""
    page = ",".join(f"{name}={place[name]}" for name in sorted(place))
    return f"{book}|{page}|{student_id}|{key}"
