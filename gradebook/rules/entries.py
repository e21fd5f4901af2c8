"""Marks and levels as they come in: typed by a teacher, read from a file, kept in the book."""

from __future__ import annotations

import re
from decimal import Decimal

from gradebook.rules.errors import (
    BadMark,
    KeyedMarkRefused,
    MarkNotANumber,
    MarkOutOfRange,
    MarkTooPrecise,
    UnknownLevel,
    WholeMarkRequired,
)

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]([0-9]*))?", re.ASCII)
_KEYED = re.compile(r"([0-9])[.,]?([0-9])|(10)[.,]0", re.ASCII)

# There are only 101 marks. Whatever is not spelt in this table is no mark.
_BY_TEXT = {
    text: Decimal(text) for text in (f"{tenths // 10}.{tenths % 10}" for tenths in range(101))
}
_BY_TEXT |= {f"{whole}": _BY_TEXT[f"{whole}.0"] for whole in range(11)}
_BY_VALUE = {mark: mark for mark in _BY_TEXT.values()}

ZERO = _BY_TEXT["0"]
TEN = _BY_TEXT["10"]


def as_mark(given: Decimal | str) -> Decimal:
    """Return the mark with exactly one decimal, from `"8.5"`, `"8"` or an equal decimal.

    Marks run from 0 to 10 with at most one decimal (TT 22/2021 Đ5.3b, TT 58/2011 Đ11, TT 43/2021
    Đ9). Raises MarkOutOfRange, MarkTooPrecise or MarkNotANumber; nothing is rounded.
    """
    if type(given) is str:
        mark = _BY_TEXT.get(given)
    elif isinstance(given, Decimal) and given.is_finite():
        mark = _BY_VALUE.get(given)
    else:
        raise MarkNotANumber(given=given)
    if mark is None:
        raise _refusal(given)
    return mark


def _refusal(given: Decimal | str) -> BadMark:
    if isinstance(given, Decimal):
        inside = ZERO <= given <= TEN
        return MarkTooPrecise(given=given) if inside else MarkOutOfRange(given=given)
    number = _NUMBER.fullmatch(given)
    if number is None:
        return MarkNotANumber(given=given)
    if not ZERO <= Decimal(given) <= TEN:
        return MarkOutOfRange(given=given)
    return MarkTooPrecise(given=given) if number[1] else MarkNotANumber(given=given)


def as_whole_mark(given: Decimal | str) -> Decimal:
    """Return a mark without decimals, 0 to 10, as primary tests have (TT 27/2020 Đ7).

    Raises WholeMarkRequired for a decimal, otherwise as `as_mark`.
    """
    mark = as_mark(given)
    if mark != mark.to_integral_value() or (isinstance(given, str) and "." in given):
        raise WholeMarkRequired(given=given)
    return mark


def keyed_mark(typed: str) -> Decimal | None:
    """Return the mark a teacher typed, None for nothing.

    Accepted: a whole mark 0–10, one decimal with point or comma, or two digits run together (`85`
    is 8.5, `05` is 0.5; `10` is ten). Raises KeyedMarkRefused, which says so, for anything else.
    """
    if typed == "":
        return None
    whole = _BY_TEXT.get(typed)
    if whole is not None:
        return whole
    keyed = _KEYED.fullmatch(typed)
    if keyed is None:
        raise KeyedMarkRefused(given=typed)
    return TEN if keyed[3] else _BY_TEXT[f"{keyed[1]}.{keyed[2]}"]


def as_level(given: str, accepted: tuple[str, ...]) -> str:
    """Return the level when the circular has it, written exactly so. Raises UnknownLevel."""
    if given not in accepted:
        raise UnknownLevel(given=given, accepted=accepted)
    return given


_KEYED_LEVELS = {"đ": "Đ", "d": "Đ", "cđ": "CĐ", "cd": "CĐ"}


def keyed_level(typed: str) -> str | None:
    """Return `Đ` or `CĐ` as a teacher typed it, None for nothing.

    Capitals and the bar of đ may be left out. Raises UnknownLevel for anything else.
    """
    if typed == "":
        return None
    level = _KEYED_LEVELS.get(typed.lower())
    if level is None:
        raise UnknownLevel(given=typed, accepted=("Đ", "CĐ"))
    return level
