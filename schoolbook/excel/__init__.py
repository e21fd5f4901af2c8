"""Reading and writing spreadsheets. Nothing else in the project touches python-calamine or XlsxWriter.

`read` gives sheets of cells to `schoolbook.rules.tables`; `sentence` says in the reader's language what the rules
refused; `write_table` makes the templates and the exports, `write_pages` sheets in a layout that other systems give.
"""

from schoolbook.excel.errors import LIMITS, Limits, Problem, SpreadsheetError, sentence
from schoolbook.excel.reading import Workbook, read
from schoolbook.excel.writing import Heading, Page, neutral, plain, write_pages, write_table

__all__ = [
    "LIMITS",
    "Heading",
    "Limits",
    "Page",
    "Problem",
    "SpreadsheetError",
    "Workbook",
    "neutral",
    "plain",
    "read",
    "sentence",
    "write_pages",
    "write_table",
]
