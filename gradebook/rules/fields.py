"""Reading the fields of a question from JSON: each the agreed type, or an error that says so.

Texts come out composed (NFC): some keyboards send an accent as a character of its own, and the
levels of the circulars are written with accents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from unicodedata import normalize

from gradebook.rules.errors import (
    ListWanted,
    ObjectsWanted,
    ObjectWanted,
    TextOrNullWanted,
    TextsWanted,
    TextWanted,
    WholeNumberWanted,
)

Fields = Mapping[str, object]


def text(fields: Fields, name: str) -> str:
    """Return a text field. Raises TextWanted."""
    value = fields.get(name)
    if not isinstance(value, str):
        raise TextWanted(field=name)
    return normalize("NFC", value)


def optional_text(fields: Fields, name: str) -> str | None:
    """Return a text field that may be null, but not absent. Raises TextOrNullWanted."""
    value = fields.get(name, 0)
    if value is None:
        return None
    if not isinstance(value, str):
        raise TextOrNullWanted(field=name)
    return normalize("NFC", value)


def integer(fields: Fields, name: str) -> int:
    """Return a whole number. Raises WholeNumberWanted, also for true and false."""
    value = fields.get(name)
    if type(value) is not int:
        raise WholeNumberWanted(field=name)
    return value


def texts(fields: Fields, name: str) -> tuple[str | None, ...]:
    """Return a list of texts and nulls. Raises ListWanted, TextsWanted."""
    found: list[str | None] = []
    for member in _list(fields, name):
        if member is not None and not isinstance(member, str):
            raise TextsWanted(field=name)
        found.append(None if member is None else normalize("NFC", member))
    return tuple(found)


def objects(fields: Fields, name: str) -> tuple[Fields, ...]:
    """Return a list of JSON objects. Raises ListWanted, ObjectsWanted."""
    members = _list(fields, name)
    if not all(isinstance(member, dict) for member in members):
        raise ObjectsWanted(field=name)
    return tuple(cast("list[Fields]", members))


def mapping(fields: Fields, name: str) -> Fields:
    """Return a JSON object. Raises ObjectWanted."""
    value = fields.get(name)
    if not isinstance(value, dict):
        raise ObjectWanted(field=name)
    return cast("Fields", value)


def _list(fields: Fields, name: str) -> list[object]:
    value = fields.get(name)
    if not isinstance(value, list):
        raise ListWanted(field=name)
    return cast("list[object]", value)
