"""Files of Excel 97 to 2003, which other systems still export."""

import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolbook.excel import LIMITS, Limits, Problem, SpreadsheetError, read
from schoolbook.rules.cells import Area, Cell, Kind
from tests.schoolbook.excel import files

# Made once with xlwt 1.3.0, so that not everything here was written by the one who reads it.
OTHERS = Path(__file__).with_name("other.xls").read_bytes()
SIMPLE = files.xls(files.label(0, 0, "Mã"), files.number(1, 0, 8.5), files.formula(1, 1, 3.0))


def cells(data):
    (sheet,) = read(data).sheets
    return [cell for row in sheet.rows for cell in row]


def problem(data, limits=LIMITS):
    with pytest.raises(SpreadsheetError) as refused:
        read(data, limits=limits)
    return refused.value.problem


def test_texts_numbers_dates_and_formulas_are_read():
    data = files.xls(
        files.label(0, 0, " Họ và tên\u00a0"),
        files.number(1, 1, 12345678901.0),
        files.number(1, 2, 40939.0, style=1),
        files.formula(2, 0, 8.5),
        files.label(4, 255, "Ước"),
    )
    assert cells(data) == [
        Cell(1, 1, "Họ và tên"),
        Cell(2, 2, "12345678901", Kind.NUMBER),
        Cell(2, 3, "2012-01-31", Kind.DATE),
        Cell(3, 1, "8.5", Kind.NUMBER, formula=True),
        Cell(5, 256, "Ước"),
    ]


def test_a_file_that_another_program_wrote_is_read():
    (sheet,) = read(OTHERS).sheets
    assert sheet.name == "6a"
    assert [cell.text for cell in sheet.rows[2]] == [
        "1",
        "012345678901",
        "Lê Thị Ước",
        "2014-05-06",
        "8.5",
    ]
    assert [cell.address for row in sheet.rows for cell in row if cell.formula] == ["E5"]
    assert sheet.merged == (Area(1, 1, 1, 5),)
    assert read(OTHERS).hidden == ("an",)


def test_merged_cells_and_hidden_rows_are_told():
    (sheet,) = read(
        files.xls(
            files.hidden_row(1),
            files.label(0, 0, "Danh sách"),
            files.label(1, 0, "ẩn"),
            files.merged((0, 0, 0, 4), (1, 2, 0, 0)),
        )
    ).sheets
    assert sheet.merged == (Area(1, 1, 1, 5), Area(2, 1, 3, 1))
    assert sheet.hidden_rows == {2}
    assert [row[0].text for row in sheet.rows] == ["Danh sách", "ẩn"]


def test_a_hidden_sheet_is_named_but_not_read_however_long_it_is():
    long = [files.label(60_000, 0, "danh mục")]
    book = files.biff([("Ẩn", 1, long), ("6a", 0, [files.label(0, 0, "x")])])
    workbook = read(files.compound({"Workbook": book}))
    assert workbook.hidden == ("Ẩn",)
    assert [sheet.name for sheet in workbook.sheets] == ["6a"]


def test_a_stream_too_long_for_the_small_sectors_is_read_too():
    data = files.xls(*[files.label(row, 0, f"Nguyễn Văn {row}") for row in range(3000)])
    assert len(data) > 128 * 512  # more than one table of sectors
    assert [cell.text for cell in cells(data)] == [f"Nguyễn Văn {row}" for row in range(3000)]


def test_a_password_is_asked_of_nobody_but_named():
    assert problem(files.xls(extra=files.record(0x2F, b"\1\0" + bytes(50)))) is Problem.PASSWORD
    assert problem(files.compound({"EncryptedPackage": b"secret"})) is Problem.PASSWORD


def test_another_document_of_the_same_container_is_of_the_wrong_type():
    assert problem(files.compound({"WordDocument": b"text"})) is Problem.WRONG_TYPE


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (files.label(10, 0, "x"), Problem.TOO_MANY_ROWS),
        (files.label(0, 10, "x"), Problem.TOO_MANY_COLUMNS),
        (files.formula(10, 0, 1.0), Problem.TOO_MANY_ROWS),
        (
            files.record(0xBD, struct.pack("<HHHIHIH", 0, 9, 0, 0, 0, 0, 10)),
            Problem.TOO_MANY_COLUMNS,
        ),
    ],
)
def test_one_cell_beyond_the_limits_is_too_many(record, expected):
    limits = Limits(rows=10, columns=10)
    assert problem(files.xls(record), limits) is expected
    assert cells(files.xls(files.label(9, 9, "x")))[0].address == "J10"


def test_more_sheets_than_the_limit_are_too_many():
    sheets = [(str(number), 0, [files.label(0, 0, "x")]) for number in range(3)]
    data = files.compound({"Workbook": files.biff(sheets)})
    assert problem(data, Limits(sheets=2)) is Problem.TOO_MANY_SHEETS
    assert len(read(data, limits=Limits(sheets=3)).sheets) == 3


def test_false_claims_of_size_make_no_room():
    # The reader would reserve terabytes for the one and for the other, and end the process.
    dimensions = files.record(0x200, struct.pack("<IIHHH", 0, 2**31, 0, 60_000, 0))
    assert cells(files.xls(dimensions, files.label(0, 0, "x"))) == [Cell(1, 1, "x")]
    strings = files.record(0xFC, struct.pack("<II", 1, 2**31 - 1))
    assert problem(files.xls(extra=strings)) is Problem.DAMAGED


def test_a_fault_inside_the_reader_is_a_damaged_file():
    # A defined name without content: the reader looks at its fourth byte and panics.
    data = files.xls(files.label(0, 0, "x"), extra=files.record(0x18))
    assert problem(data) is Problem.DAMAGED


def test_a_loop_of_sectors_ends():
    # The stream is the first sector of all, and its table says that it follows itself.
    data = bytearray(files.xls(*[files.label(row, 0, "x" * 200) for row in range(20)]))
    (table,) = struct.unpack_from("<I", data, 76)
    struct.pack_into("<I", data, (table + 1) * 512, 0)
    assert problem(bytes(data)) is Problem.DAMAGED


def test_a_loop_of_tables_ends():
    data = bytearray(SIMPLE)
    struct.pack_into("<I", data, 68, 0)
    struct.pack_into("<I", data, 512 + 127 * 4, 0)
    assert problem(bytes(data)) is Problem.DAMAGED


@pytest.mark.parametrize("length", [8, 100, 511, 512, 1000, 1536])
def test_a_file_cut_short_is_damaged(length):
    assert problem(SIMPLE[:length]) is Problem.DAMAGED


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([SIMPLE, OTHERS]),
    st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6
    ),
)
def test_whatever_is_wrong_with_a_file_there_is_a_sentence_or_there_are_cells(data, errors):
    spoilt = bytearray(data)
    for place, byte in errors:
        spoilt[8 + int(place * (len(data) - 8))] = byte
    with contextlib.suppress(SpreadsheetError):  # any other exception fails
        assert read(bytes(spoilt)).sheets
