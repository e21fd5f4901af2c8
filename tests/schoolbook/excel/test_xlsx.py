"""Reading workbooks of Excel 2007 and later, and refusing what is none, hides a bomb or holds too much."""

import contextlib
import io
import tracemalloc
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolbook.excel import LIMITS, Limits, Problem, SpreadsheetError, read
from schoolbook.rules.cells import Area, Cell, Kind
from tests.schoolbook.excel import files

SHEET = "xl/worksheets/sheet1.xml"
SIMPLE = files.xlsx(lambda _book, page: page.write(0, 0, "Họ và tên"))


def cells(data):
    (sheet,) = read(data).sheets
    return [cell for row in sheet.rows for cell in row]


def problem(data, limits=LIMITS):
    with pytest.raises(SpreadsheetError) as refused:
        read(data, limits=limits)
    return refused.value.problem


def fill_with_values(book, page):
    days = book.add_format({"num_format": "dd/mm/yyyy"})
    page.write_string(0, 0, "Nguye\u0302\u0303n  Va\u0306n\nAn ")
    page.write_string(0, 1, "036204001234")
    for row, value in enumerate([8.5, 8.0, 0.1 + 0.2, 12345678901, -0.0, 1e21, 8.3], start=1):
        page.write_number(row, 0, value)
    page.write_datetime(8, 0, date(2012, 1, 31), days)
    page.write_datetime(8, 1, datetime(2012, 1, 31, 7, 30), days)
    page.write_datetime(8, 2, time(7, 30), book.add_format({"num_format": "hh:mm"}))
    page.write_string(8, 3, "31/1/2012")
    page.write_number(8, 4, 40939)
    page.write_boolean(9, 0, True)
    page.write_blank(10, 0, None, days)
    page.write_string(11, 0, " \u00a0\u200b ")


def test_texts_are_tidied_numbers_are_decimal_and_dates_are_dates():
    assert [(c.address, c.text, c.kind.value) for c in cells(files.xlsx(fill_with_values))] == [
        ("A1", "Nguyễn Văn An", "text"),
        ("B1", "036204001234", "text"),
        ("A2", "8.5", "number"),
        ("A3", "8", "number"),
        ("A4", "0.3", "number"),  # Excel itself keeps 15 digits
        ("A5", "12345678901", "number"),
        ("A6", "0", "number"),
        ("A7", "1000000000000000000000", "number"),
        ("A8", "8.3", "number"),
        ("A9", "2012-01-31", "date"),
        ("B9", "2012-01-31T07:30:00", "date"),
        ("C9", "07:30:00", "text"),
        ("D9", "31/1/2012", "text"),
        ("E9", "40939", "number"),
        ("A10", "TRUE", "boolean"),
    ]


def test_every_formula_is_flagged_with_or_without_a_value():
    data = files.with_sheet(
        "<sheetData>"
        '<row r="2"><c r="B2"><f>1+1</f><v>2</v></c><c r="C2"><f>C1</f></c><c r="D2"><v>2</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" ref="A3:A4" si="0">1</f><v>1</v></c></row>'
        '<row r="4"><c r="A4"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="5"><c r="A5"><f t="array" ref="A5:B6">1</f><v>1</v></c><c r="B5"><v>1</v></c></row>'
        '<row r="6"><c r="A6"><v>1</v></c></row>'
        '<row r="9"><c r="H9"><f>1</f></c></row>'
        '<row r="10"><c r="A10"><v>1</v></c></row>'
        "</sheetData>"
        '<extLst><ext xmlns:x="u"><x:f>1</x:f></ext></extLst>'
    )
    found = cells(data)
    formulas = {cell.address for cell in found if cell.formula}
    assert formulas == {"B2", "C2", "A3", "A4", "A5", "B5", "A6", "B6", "H9"}
    assert Cell(2, 4, "2", Kind.NUMBER) in found
    assert Cell(9, 8, "", Kind.BLANK, formula=True) in found


def test_cells_without_a_place_of_their_own_follow_one_another():
    # Some programs write neither the row nor the column, or a prefix before every name.
    data = files.with_sheet(
        "<sheetData><row><c><v>1</v></c><c><f>1</f><v>2</v></c></row>"
        '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<x:c><x:v>3</x:v></x:c></x:row></sheetData>"
    )
    assert [(c.address, c.text, c.formula) for c in cells(data)] == [
        ("A1", "1", False),
        ("B1", "2", True),
        ("A2", "3", False),
    ]


def test_merged_cells_hidden_rows_and_hidden_sheets_are_told():
    def fill(book, page):
        page.merge_range(0, 0, 1, 3, "Danh sách lớp 6A")
        page.write(3, 0, "ẩn")
        page.set_row(3, None, None, {"hidden": True})
        page.set_row(5, None, None, {"hidden": True})
        lists = book.add_worksheet("Danh mục")
        lists.write(100_000, 0, "x")
        lists.hide()
        book.add_worksheet("Trống")
        book.add_worksheet("Lớp 6B").write(0, 0, "x")

    workbook = read(files.xlsx(fill))
    assert [sheet.name for sheet in workbook.sheets] == ["Lớp 6A", "Lớp 6B"]
    assert workbook.hidden == ("Danh mục",)
    assert workbook.sheets[0].merged == (Area(1, 1, 2, 4),)
    assert workbook.sheets[0].hidden_rows == {4}
    assert [row[0].row for row in workbook.sheets[0].rows] == [1, 4]


def test_macros_pictures_and_links_to_other_files_are_ignored():
    data = files.changed(
        SIMPLE,
        {
            "xl/vbaProject.bin": b"Sub Auto_Open()",
            "xl/externalLinks/externalLink1.xml": b"<!DOCTYPE x><x/>",
            "xl/media/image1.png": bytes(10**6),
        },
    )
    assert cells(data) == [Cell(1, 1, "Họ và tên")]
    assert cells(data) == [
        cell for row in read(data, limits=Limits(unpacked=50_000)).sheets[0].rows for cell in row
    ]


def test_an_uploaded_file_is_read_no_further_than_the_limit():
    class Endless(io.RawIOBase):
        def __init__(self):
            super().__init__()
            self.given = 0

        def read(self, size=-1):
            assert size > 0
            self.given += size
            return bytes(size)

    file = Endless()
    with pytest.raises(SpreadsheetError) as refused:
        read(file)
    assert refused.value.problem is Problem.TOO_BIG
    assert file.given == LIMITS.size + 1
    assert cells(io.BytesIO(SIMPLE)) == [Cell(1, 1, "Họ và tên")]


@pytest.mark.parametrize(
    "data",
    [
        b"<html><table><tr><td>STT</td></tr></table></html>",
        "STT,Họ tên\n1,Lê Văn An\n".encode(),
        b"%PDF-1.7",
        files.changed(SIMPLE, {"xl/workbook.xml": None, "word/document.xml": b"<w/>"}),
        files.changed(SIMPLE, {"xl/workbook.xml": None, "xl/workbook.bin": b""}),
    ],
    ids=["web page", "csv", "pdf", "docx", "xlsb"],
)
def test_what_is_no_workbook_is_of_the_wrong_type_whatever_its_name(data):
    assert problem(data) is Problem.WRONG_TYPE


def test_nothing_is_empty():
    assert problem(b"") is Problem.EMPTY
    assert problem(files.xlsx(lambda _book, _page: None)) is Problem.EMPTY
    hidden = files.xlsx(
        lambda book, page: (page.write(0, 0, "x"), page.hide(), book.add_worksheet().activate())
    )
    assert problem(hidden) is Problem.EMPTY


def test_a_zip_bomb_is_refused_before_it_unfolds():
    bomb = files.changed(SIMPLE, {SHEET: b"<a>" + b" " * 80_000_000})
    assert len(bomb) < 10**6
    tracemalloc.start()
    try:
        assert problem(bomb) is Problem.UNPACKS_TOO_BIG
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_bomb_that_lies_about_its_size_is_damaged():
    bomb = bytearray(files.changed(SIMPLE, {SHEET: b"<a>" + b" " * 80_000_000}))
    for info in zipfile.ZipFile(io.BytesIO(bytes(bomb))).infolist():
        if info.filename == SHEET:
            true, false = (size.to_bytes(4, "little") for size in (info.file_size, 1000))
    assert bomb.count(true) == 2
    assert problem(bytes(bomb.replace(true, false))) is Problem.DAMAGED


def test_parts_add_up_and_so_do_their_number():
    many = files.changed(SIMPLE, {f"xl/media/{number}": b"" for number in range(100)})
    assert problem(many, Limits(entries=100)) is Problem.UNPACKS_TOO_BIG
    assert len(cells(many)) == 1
    two = files.xlsx(lambda book, page: [p.write(0, 0, "x") for p in (page, book.add_worksheet())])
    sizes = {i.filename.lower(): i.file_size for i in zipfile.ZipFile(io.BytesIO(two)).infolist()}
    needed = sum(
        size
        for name, size in sizes.items()
        if "worksheets" in name
        or "workbook" in name
        or name in {"[content_types].xml", "_rels/.rels", "xl/styles.xml", "xl/sharedstrings.xml"}
    )
    assert len(read(two, limits=Limits(unpacked=needed)).sheets) == 2
    assert problem(two, Limits(unpacked=needed - 1)) is Problem.UNPACKS_TOO_BIG


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ('<row r="11"><c r="A11"><v>1</v></c></row>', Problem.TOO_MANY_ROWS),
        ('<row r="1"><c r="K1"><v>1</v></c></row>', Problem.TOO_MANY_COLUMNS),
        ('<row r="1"><c r="A11"><f>1</f></c></row>', Problem.TOO_MANY_ROWS),
        ('<row r="1"><c r="A1"><f t="array" ref="A1:A11">1</f></c></row>', Problem.TOO_MANY_ROWS),
        (
            '<row r="1"><c r="K1" t="inlineStr"><is><t>x</t></is></c></row>',
            Problem.TOO_MANY_COLUMNS,
        ),
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', Problem.TOO_MANY_ROWS),
    ],
)
def test_one_cell_beyond_the_limits_is_too_many(xml, expected):
    data = files.with_sheet(f"<sheetData>{xml}</sheetData>")
    limits = Limits(rows=10, columns=10)
    assert problem(data, limits) is expected
    with pytest.raises(SpreadsheetError, match="Lớp 6A"):
        read(data, limits=limits)


def test_blank_cells_with_a_format_do_not_count():
    xml = '<row r="1"><c r="A1"><v>1</v></c></row><row r="90000"><c r="XFD90000" s="1"/></row>'
    assert len(cells(files.with_sheet(f"<sheetData>{xml}</sheetData>"))) == 1


def test_sheets_and_the_cells_of_all_of_them_are_limited():
    three = files.xlsx(
        lambda book, page: [
            p.write(9, 9, "x") for p in (page, book.add_worksheet(), book.add_worksheet())
        ]
    )
    assert len(read(three, limits=Limits(sheets=3, cells=300)).sheets) == 3
    assert problem(three, Limits(sheets=2)) is Problem.TOO_MANY_SHEETS
    assert problem(three, Limits(cells=299)) is Problem.TOO_MANY_SHEETS


def dead_link(part):
    return part.replace(b"</sheets>", b'<sheet name="L" sheetId="9" r:id="rId77"/></sheets>')


def one_name_twice(part):
    again = b'<sheet name="L" sheetId="9" r:id="rId1"/>'
    return part.replace("Lớp 6A".encode(), b"L").replace(b"</sheets>", again + b"</sheets>")


@pytest.mark.parametrize(
    "changes",
    [
        {SHEET: None},
        {SHEET: b"<worksheet><sheetData>"},
        {SHEET: b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>'},
        {SHEET: b'<worksheet><sheetData><row><c r="1A"><v>1</v></c></row></sheetData></worksheet>'},
        {SHEET: b'<?xml version="1.0" encoding="TF-8"?><worksheet><sheetData/></worksheet>'},
        {"xl/_rels/workbook.xml.rels": None},
        {"xl/workbook.xml": b"<workbook><sheets><sheet/></sheets></workbook>"},
        {"xl/workbook.xml": dead_link},
        {"xl/workbook.xml": one_name_twice},
    ],
    ids=[
        "no sheet", "cut", "entities", "no address", "unknown letters", "no links", "no name", "dead link",
        "one name twice",
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_damaged(changes):
    assert problem(files.changed(SIMPLE, changes)) is Problem.DAMAGED


@pytest.mark.parametrize(
    "length", [4, 100, len(SIMPLE) // 2, len(SIMPLE) - 1], ids=["4", "100", "half", "all but one"]
)
def test_a_file_cut_short_is_damaged(length):
    assert problem(SIMPLE[:length]) is Problem.DAMAGED


def test_merged_areas_that_cover_everything_many_times_are_damaged():
    areas = '<mergeCell ref="A1:XFD1048576"/>' * 2
    data = files.with_sheet(f"<sheetData/><mergeCells>{areas}</mergeCells>")
    assert problem(data) is Problem.DAMAGED


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6
    )
)
def test_whatever_is_wrong_with_a_file_there_is_a_sentence_or_there_are_cells(errors):
    spoilt = bytearray(SIMPLE)
    for place, byte in errors:
        spoilt[4 + int(place * (len(SIMPLE) - 4))] = byte
    with contextlib.suppress(SpreadsheetError):  # any other exception fails
        assert read(bytes(spoilt)).sheets


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_is_wrong_with_the_xml_there_is_a_sentence_or_there_are_cells(data):
    def spoil(part):
        place = data.draw(st.integers(0, len(part) - 1))
        return (
            part[:place]
            + data.draw(st.sampled_from([b"", b"9", b'"', b"<c>", b"A"]))
            + part[place + 1 :]
        )

    name = data.draw(
        st.sampled_from(
            [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"]
        )
    )
    with contextlib.suppress(SpreadsheetError):
        assert read(files.changed(SIMPLE, {name: spoil})).sheets


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (b"x" * 100, Limits(size=99)),
        (files.xlsx(lambda _book, page: page.write(10, 0, "x")), Limits(rows=10)),
        (files.xlsx(lambda _book, page: page.write(0, 10, "x")), Limits(columns=10)),
        (files.xlsx(lambda book, page: (page.write(0, 0, "x"), book.add_worksheet())), Limits(sheets=1)),
        (SIMPLE, Limits(cells=0)),
    ],
)  # fmt: skip
def test_what_fills_the_holes_of_a_sentence_comes_with_the_problem(data, limits):
    with pytest.raises(SpreadsheetError) as refused:
        read(data, limits=limits)
    assert "%" not in str(refused.value)
