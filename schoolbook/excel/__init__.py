"""Reading and writing spreadsheets. Nothing else in the project touches python-calamine or XlsxWriter.

`read` gives sheets of cells to `schoolbook.rules.tables`; `sentence` says in the reader's language what the rules
refused; `write_table` makes the templates and the exports.
"""

from schoolbook.excel.errors import LIMITS, Limits, Problem, SpreadsheetError, sentence
from schoolbook.excel.reading import Workbook, read
from schoolbook.excel.writing import Heading, neutral, write_table

__all__ = [
    "LIMITS",
    "Heading",
    "Limits",
    "Problem",
    "SpreadsheetError",
    "Workbook",
    "neutral",
    "read",
    "sentence",
    "write_table",
]
