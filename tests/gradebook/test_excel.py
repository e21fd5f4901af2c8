"""What is exported is what the import reads: every circular, term and kind of subject, column by column."""

from datetime import date

import pytest

from gradebook import excel
from gradebook.rules import SCHEMES
from gradebook.rules.layout import read_layout
from gradebook.rules.titles import class_named, keyed_classes, subject_named
from gradebook.rules.typed import State
from gradebook.selectors.books import Book, Pupil
from gradebook.selectors.sheet import RESULT_HEADS, Cell, ResultCell, Sheet, SheetRow, shown_periods
from schoolbook.excel import read
from schoolbook.models import ClassGroup, ClassSubject, School, SchoolYear, Subject
from schoolbook.rules.imports import keyed_subjects
from schoolbook.rules.regulation import Regulation
from schoolbook.rules.subjects import AssessedBy

GRADES = {"tt27": 4, "tt58": 9, "tt26": 9, "tt22": 9, "tt43": 9}


def sheet_of(scheme, term, assessed_by, name="6/1"):
    """A sheet with one pupil, whose cells say which column they are of."""
    school = School(name="Trường Sông Lam")
    year = SchoolYear(school=school, start=2026)
    group = ClassGroup(school=school, year=year, grade=GRADES[scheme], name=name, scheme=scheme)
    book = Book(
        class_group=group,
        class_subject=ClassSubject(
            class_group=group,
            subject=Subject(code="toan", name="Toán"),
            periods=140,
            assessed_by=assessed_by,
        ),
        term=term,
        regulation=Regulation(),
        may_enter=True,
    )
    periods = shown_periods(book)
    cells = tuple(
        Cell(column, "=" + "-".join(map(str, column.key)), 1, State.VALUE, "", None, False)
        for column in book.columns
    )
    results = tuple(
        ResultCell(period, RESULT_HEADS[period], "complete", False) for period in periods
    )
    pupil = Pupil(1, "0123", "+Lê Thị Ánh", date(2015, 2, 1), date(2026, 8, 1), None, {})
    row = SheetRow(1, pupil, False, cells, results)
    return Sheet(book, book.columns, periods, (row,), 0, (), "", None)


@pytest.mark.parametrize("assessed_by", list(AssessedBy))
@pytest.mark.parametrize("term", [1, 2])
@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_every_column_comes_back_as_what_it_was(scheme, term, assessed_by):
    sheet = sheet_of(scheme, term, assessed_by)
    [page] = read(excel.workbook([sheet])).sheets
    found = read_layout(page)
    assert (found.refusals, found.unread) == ((), ())
    [row] = found.rows
    assert (row.codes, row.full_name, row.class_name) == (
        {"identifier": "0123"},
        "+Lê Thị Ánh",
        "6/1",
    )
    assert {found.components[cell.column]: cell.text for cell in row.cells} == {
        column.key: "=" + "-".join(map(str, column.key)) for column in sheet.columns
    }
    assert [cell.text for cell in row.averages] == [RESULT_HEADS[one] for one in sheet.periods]


def test_the_title_names_year_term_class_and_subject():
    [page] = read(excel.workbook([sheet_of("tt22", 2, AssessedBy.SCORE)])).sheets
    title = read_layout(page).title
    assert (title.year, title.term) == (2026, 2)
    assert class_named(title.classes, keyed_classes([("6/1", 1), ("6/11", 2)])) == 1
    assert subject_named(title.subjects, keyed_subjects([("toan", "Toán", 3)])) == 3


def test_sheets_have_names_that_excel_takes_each_its_own():
    made = [
        sheet_of("tt22", 1, AssessedBy.SCORE, name) for name in ("6/1", "6-1", "x" * 40, "x" * 41)
    ]
    names = [page.name for page in read(excel.workbook(made, by_class=True)).sheets]
    assert names == ["6-1", "6-1 (2)", "x" * 31, "x" * 27 + " (2)"]


def test_the_same_sheets_are_the_same_bytes():
    one, other = (excel.workbook([sheet_of("tt22", 1, AssessedBy.SCORE)]) for _turn in "ab")
    assert one == other
