"""What can be wrong with a spreadsheet, and the sentence for it that a person understands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from schoolbook.errors import SchoolbookError
from schoolbook.rules.cells import Refusal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MEGABYTE = 2**20


class Problem(StrEnum):
    """Why a file cannot be read at all."""

    WRONG_TYPE = "wrong_type"
    PASSWORD = "password"  # noqa: S105 - the name of a problem
    DAMAGED = "damaged"
    EMPTY = "empty"
    TOO_BIG = "too_big"
    UNPACKS_TOO_BIG = "unpacks_too_big"
    TOO_MANY_SHEETS = "too_many_sheets"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"


@dataclass(frozen=True)
class Limits:
    """What is refused before it is read. Sizes are in bytes; `cells` is rows times columns of all sheets."""

    size: int = 10 * MEGABYTE
    unpacked: int = 64 * MEGABYTE
    entries: int = 2000
    sheets: int = 60
    rows: int = 5000
    columns: int = 256
    cells: int = 1_000_000


LIMITS = Limits()

PROBLEMS: dict[Problem, StrOrPromise] = {
    Problem.WRONG_TYPE: _(
        "This is not an Excel workbook. Open it in Excel, save it as “Excel Workbook (.xlsx)” and choose the new file."
    ),
    Problem.PASSWORD: _(
        "The file is protected with a password. Remove the password in Excel, save, and choose the file again."
    ),
    Problem.DAMAGED: _(
        "The file is damaged and cannot be read. Open it in Excel, save it under a new name and choose the new file."
    ),
    Problem.EMPTY: _("There is nothing in this file. Check that you have chosen the right one."),
    Problem.TOO_BIG: _(
        "The file is bigger than %(limit)s MB. Keep only the table, without pictures, and choose it again."
    ),
    Problem.UNPACKS_TOO_BIG: _(
        "The workbook holds far more than a table. Copy the table into a new workbook and choose that."
    ),
    Problem.TOO_MANY_SHEETS: _(
        "The workbook has more than %(limit)s sheets, or more cells than can be read at once. Split it into several."
    ),
    Problem.TOO_MANY_ROWS: _(
        "The sheet “%(sheet)s” has something below row %(limit)s. Delete what is not of the table, or split it."
    ),
    Problem.TOO_MANY_COLUMNS: _(
        "The sheet “%(sheet)s” has more than %(limit)s columns. Delete what is not of the table."
    ),
}

# What schoolbook.rules.cells and schoolbook.rules.tables refuse.
REFUSALS: dict[str, StrOrPromise] = {
    "no_heading": _(
        "No row of headings was found in the first 20 rows. The table needs these columns: %(headings)s."
    ),
    "headings_missing": _("These columns are missing: %(headings)s."),
    "heading_twice": _(
        "Two columns mean the same: “%(heading)s” at %(addresses)s. Keep one of them."
    ),
    "cell_missing": _("“%(heading)s” is blank."),
    "cell_merged": _(
        "“%(heading)s” is blank because the cell is merged with another. Unmerge them and fill in each."
    ),
    "cell_formula": _(
        "“%(heading)s” is a formula. Copy the column and paste it in place as values."
    ),
    "code_twice": _("The code %(code)s stands in several rows: %(addresses)s."),
    "not_a_date": _("“%(text)s” is not a date. Write it like 31/01/2012."),
    "not_a_number": _("“%(text)s” is not a number."),
    "not_a_whole_number": _("“%(text)s” is not a whole number."),
    "not_a_code": _("“%(text)s” is not a code."),
    "digits_lost": _(
        "“%(text)s” is too long for a number, so Excel changed its last digits. Format it as text and retype it."
    ),
    "not_so_many_digits": _("“%(text)s” does not have %(length)s digits."),
    "not_a_choice": _("“%(text)s” is not one of: %(choices)s."),
}


class SpreadsheetError(SchoolbookError):
    """The file cannot be read; as text it is the sentence for the person who chose it."""

    def __init__(self, problem: Problem, **params: str) -> None:
        super().__init__(problem)
        self.problem, self.params = problem, params

    def __str__(self) -> str:
        return str(PROBLEMS[self.problem]) % self.params


def sentence(refusal: Refusal) -> str:
    """What the rules refused, as a sentence in the language of the request; the cell's address is not in it."""
    return str(REFUSALS[refusal.sentence]) % dict(refusal.params)
