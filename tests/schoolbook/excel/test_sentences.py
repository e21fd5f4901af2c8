"""Every problem and every refusal has one sentence, and its holes are the ones that are filled."""

import re
from typing import Any

import pytest

from schoolbook.excel import Problem, SpreadsheetError, sentence
from schoolbook.excel.errors import PROBLEMS, REFUSALS
from schoolbook.rules import cells
from schoolbook.rules.cells import Area, Cell, Kind, Sheet
from schoolbook.rules.tables import Column, find_header, parse_rows

HOLES = re.compile(r"%\((\w+)\)s")
COLUMNS = [
    Column("code", ("Mã",), required=True, parse=cells.as_code),
    Column("identity", ("Mã định danh",), parse=cells.digits(12)),
    Column("born", ("Ngày sinh",), parse=cells.as_date),
    Column("mark", ("Điểm",), parse=cells.as_decimal),
    Column("size", ("Sĩ số",), parse=cells.as_whole_number),
    Column("sex", ("Giới tính",), parse=cells.one_of({"Nam": 1, "Nữ": 2})),
]


def line(row, *texts, kind=Kind.TEXT, formula=False):
    return tuple(
        Cell(row, column, text, kind, formula)
        for column, text in enumerate(texts, start=1)
        if text is not None
    )


def everything_that_rules_refuse():
    heading = line(1, *[column.heading for column in COLUMNS])
    bad = Sheet(
        "6A",
        (
            heading,
            line(2, "HS1", "x", "x", "x", "1,5", "x"),
            line(3, "HS1"),
            line(4, None, "036204001234"),
            line(5, "1234567890123456", kind=Kind.NUMBER),
            line(6, "8.5", kind=Kind.NUMBER),
            line(7, "HS7", formula=True),
        ),
        merged=(Area(2, 3, 3, 3),),
    )
    rows = parse_rows(bad, find_header(bad, COLUMNS), COLUMNS, code="code")
    sources: list[Any] = [
        *rows,
        find_header(Sheet("6A", ()), COLUMNS),
        find_header(Sheet("6A", (line(1, "Điểm"),)), COLUMNS),
        find_header(Sheet("6A", (line(1, "Mã", "Mã"),)), COLUMNS),
    ]
    return [refusal for source in sources for refusal in source.refusals]


def test_every_refusal_reads_as_a_sentence_that_says_what_it_was_given():
    refusals = everything_that_rules_refuse()
    assert {refusal.sentence for refusal in refusals} == set(REFUSALS)  # and none is left over
    for refusal in refusals:
        said = sentence(refusal)
        assert set(HOLES.findall(str(REFUSALS[refusal.sentence]))) == set(refusal.params)
        assert all(text in said for text in refusal.params.values())
        assert said.endswith(".")


def test_every_problem_has_a_sentence_of_its_own():
    assert set(PROBLEMS) == set(Problem)
    assert len({str(text) for text in PROBLEMS.values()}) == len(Problem)


@pytest.mark.parametrize("problem", Problem)
def test_a_problem_reads_as_a_sentence(problem):
    error = SpreadsheetError(problem, limit="10", sheet="Lớp 6A")
    assert str(error).endswith(".")
    assert "%" not in str(error)
