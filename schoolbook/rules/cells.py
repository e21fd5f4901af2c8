"""A cell of a spreadsheet as the rules see it, and what can be read from its text. No Django, no spreadsheet library.

`schoolbook.excel` makes cells; a function here turns one into a value or raises `Unreadable` with the id of a sentence,
which `schoolbook.excel` translates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from schoolbook.rules.names import search_key, tidy

DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[T ].*)?")
# Of a number with more digits Excel has already forgotten the last ones.
DIGITS_EXCEL_KEEPS = 15
FIRST_YEAR, LAST_YEAR = 1900, 2100
# No code of a Vietnamese register begins with more: the codes of provinces are 001 to 096.
ZEROS_A_NUMBER_LOSES = 2


class Kind(StrEnum):
    """What a cell holds, or what a column is meant to hold."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    BLANK = "blank"


@dataclass(frozen=True)
class Cell:
    """One cell. Row and column count from 1.

    `text` is NFC without spaces around it; a number is its shortest decimal form ("8.5", "12345678901"), a date is
    2026-01-31 whatever its format. A formula has the value that the last program left there, or none.
    """

    row: int
    column: int
    text: str
    kind: Kind = Kind.TEXT
    formula: bool = False

    @property
    def address(self) -> str:
        """How Excel calls it: "C12"."""
        return address(self.row, self.column)


@dataclass(frozen=True)
class Area:
    """A rectangle of merged cells; its value is in the first cell."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """A sheet: only cells that hold something, by rows; rows without any are left out."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Refusal:
    """Why something in a spreadsheet cannot be taken: where, which sentence, and what fills its holes."""

    address: str
    sentence: str
    params: Mapping[str, str] = field(default_factory=dict)


class Unreadable(Exception):
    """A cell's text is not what its column holds."""

    def __init__(self, sentence: str, **params: str) -> None:
        super().__init__(sentence)
        self.sentence, self.params = sentence, params


Parse = Callable[[Cell], object]


def address(row: int, column: int) -> str:
    """The name of a cell, both counted from 1: (12, 3) is "C12"."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def number_text(number: Decimal) -> str:
    """A number as people write it: without exponent and without zeros that say nothing."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def as_text(cell: Cell) -> str:
    """The text as it stands. A date cell is given back as people write it, 31/01/2026."""
    if cell.kind is Kind.DATE and (found := YEAR_FIRST.fullmatch(cell.text)):
        year, month, day = found.groups()
        return f"{day}/{month}/{year}"
    return tidy(cell.text)


def as_date(cell: Cell) -> date:
    """A day, from a date cell or from text: 31/1/2026, 31-01-2026, 31.01.2026 or 2026-01-31.

    A plain number is refused, for nobody can see which day 46053 is; so is a year of two digits.

    Raises Unreadable.
    """
    if cell.kind is Kind.NUMBER:
        raise Unreadable("not_a_date", text=cell.text)
    if found := DAY_FIRST.fullmatch(cell.text):
        day, month, year = map(int, found.groups())
    elif found := YEAR_FIRST.fullmatch(cell.text):
        year, month, day = map(int, found.groups())
    else:
        raise Unreadable("not_a_date", text=cell.text)
    try:
        value = date(year, month, day)
    except ValueError:
        raise Unreadable("not_a_date", text=cell.text) from None
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Unreadable("not_a_date", text=cell.text)
    return value


def as_decimal(cell: Cell) -> Decimal:
    """A number, with comma or point: 8,5 or 8.5. Thousands separators are refused: 1.234 would be two numbers.

    Raises Unreadable.
    """
    text = cell.text.replace(",", ".")
    if cell.kind not in {Kind.TEXT, Kind.NUMBER} or not re.fullmatch(
        r"[+-]?[0-9]+(\.[0-9]+)?", text
    ):
        raise Unreadable("not_a_number", text=cell.text)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Unreadable("not_a_number", text=cell.text) from None


def as_whole_number(cell: Cell) -> int:
    """A whole number.

    Raises Unreadable.
    """
    value = as_decimal(cell)
    if value != value.to_integral_value():
        raise Unreadable("not_a_whole_number", text=cell.text)
    return int(value)


def as_code(cell: Cell) -> str:
    """A code, which may be all digits: a number cell is taken as long as Excel has kept all of its digits.

    Raises Unreadable.
    """
    if cell.kind not in {Kind.TEXT, Kind.NUMBER}:
        raise Unreadable("not_a_code", text=cell.text)
    if cell.kind is Kind.NUMBER:
        if not cell.text.isdigit():
            raise Unreadable("not_a_code", text=cell.text)
        if len(cell.text) > DIGITS_EXCEL_KEEPS:
            raise Unreadable("digits_lost", text=cell.text)
    return tidy(cell.text)


def digits(length: int) -> Parse:
    """How to read a code of exactly so many digits, such as a national identity code of 12.

    Typed as a number it loses the zeros it begins with. They are put back, at most two.
    """

    def as_digits(cell: Cell) -> str:
        code = as_code(cell).replace(" ", "")
        if cell.kind is Kind.NUMBER and length - ZEROS_A_NUMBER_LOSES <= len(code):
            code = code.zfill(length)
        if not re.fullmatch(rf"[0-9]{{{length}}}", code):
            raise Unreadable("not_so_many_digits", text=cell.text, length=str(length))
        return code

    return as_digits


def one_of(choices: Mapping[str, object]) -> Parse:
    """How to read one of some words, in any case and without regard to diacritics: {"Nam": MALE, "Nữ": FEMALE}."""
    by_key = {search_key(word): value for word, value in choices.items()}
    if len(by_key) < len(choices):
        raise ValueError("two of the words differ only in diacritics")

    def as_choice(cell: Cell) -> object:
        try:
            return by_key[search_key(cell.text)]
        except KeyError:
            raise Unreadable("not_a_choice", text=cell.text, choices=", ".join(choices)) from None

    return as_choice
