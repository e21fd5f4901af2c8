"""Reading the fields of a question from JSON: each the agreed type, or an error that says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from gradebook.rules.errors import BadField

Fields = Mapping[str, object]

_TEXT = "chuỗi kí tự / text in quotes"
_TEXT_OR_NULL = "chuỗi kí tự hoặc null / text in quotes or null"
_INTEGER = "số nguyên / a whole number"
_LIST = "danh sách / a list"
_OBJECT = "đối tượng JSON / a JSON object"


def text(fields: Fields, name: str) -> str:
    """Return a text field. Raises BadField."""
    value = fields.get(name)
    if not isinstance(value, str):
        raise BadField(field=name, wanted=_TEXT)
    return value


def optional_text(fields: Fields, name: str) -> str | None:
    """Return a text field that may be null, but not absent. Raises BadField."""
    value = fields.get(name, 0)
    if value is None or isinstance(value, str):
        return value
    raise BadField(field=name, wanted=_TEXT_OR_NULL)


def integer(fields: Fields, name: str) -> int:
    """Return a whole number. Raises BadField, also for true and false."""
    value = fields.get(name)
    if type(value) is not int:
        raise BadField(field=name, wanted=_INTEGER)
    return value


def texts(fields: Fields, name: str) -> tuple[str | None, ...]:
    """Return a list of texts and nulls. Raises BadField."""
    value = fields.get(name)
    if not isinstance(value, list):
        raise BadField(field=name, wanted=_LIST)
    for member in value:
        if member is not None and not isinstance(member, str):
            raise BadField(field=name, wanted=f"{_LIST}: {_TEXT_OR_NULL}")
    return tuple(cast("list[str | None]", value))


def objects(fields: Fields, name: str) -> tuple[Fields, ...]:
    """Return a list of JSON objects. Raises BadField."""
    value = fields.get(name)
    if not isinstance(value, list):
        raise BadField(field=name, wanted=_LIST)
    return tuple(_object(member, name) for member in value)


def mapping(fields: Fields, name: str) -> Fields:
    """Return a JSON object. Raises BadField."""
    return _object(fields.get(name), name)


def _object(value: object, name: str) -> Fields:
    if not isinstance(value, dict):
        raise BadField(field=name, wanted=_OBJECT)
    return cast("Fields", value)
