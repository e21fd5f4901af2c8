"""Tables that go out: safe in any spreadsheet program, and the same when they come back."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolbook.excel import Heading, neutral, read, write_table
from schoolbook.excel.writing import DANGEROUS, Value, plain
from schoolbook.rules.cells import Kind
from schoolbook.rules.names import tidy

COLUMNS = [
    Heading("Mã định danh"),
    Heading("Họ và tên"),
    Heading("Ngày sinh", Kind.DATE),
    Heading("Điểm", Kind.NUMBER),
]
ROWS: list[list[Value]] = [
    ["036204001234", "Lê Thị Ước", date(2012, 1, 31), Decimal("8.0")],
    ["001204001235", "Đỗ Văn Ân", None, 10],
]


def part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def texts(data):
    (sheet,) = read(data).sheets
    return [[cell.text for cell in row] for row in sheet.rows]


def test_what_is_written_is_read_again():
    data = write_table(COLUMNS, ROWS, sheet="Lớp 6A", title="Danh sách lớp 6A")
    (sheet,) = read(data).sheets
    assert sheet.name == "Lớp 6A"
    assert [(c.address, c.text, c.kind) for row in sheet.rows for c in row] == [
        ("A1", "Danh sách lớp 6A", Kind.TEXT),
        ("A3", "Mã định danh", Kind.TEXT),
        ("B3", "Họ và tên", Kind.TEXT),
        ("C3", "Ngày sinh", Kind.TEXT),
        ("D3", "Điểm", Kind.TEXT),
        ("A4", "036204001234", Kind.TEXT),
        ("B4", "Lê Thị Ước", Kind.TEXT),
        ("C4", "2012-01-31", Kind.DATE),
        ("D4", "8", Kind.NUMBER),
        ("A5", "001204001235", Kind.TEXT),
        ("B5", "Đỗ Văn Ân", Kind.TEXT),
        ("D5", "10", Kind.NUMBER),
    ]


def test_the_same_table_is_the_same_bytes():
    assert write_table(COLUMNS, ROWS, sheet="6A") == write_table(COLUMNS, iter(ROWS), sheet="6A")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+84912345678",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_what_a_program_could_take_for_a_formula_gets_an_apostrophe(text):
    assert neutral(text) == f"'{text}"
    shared = part(
        write_table([Heading(text)], [[text]], sheet="6A", title=text), "xl/sharedStrings.xml"
    )
    assert (
        shared.count("<si>")
        == shared.count("<t>'") + shared.count('<t xml:space="preserve">\'')
        == 1
    )
    assert "<f>" not in part(
        write_table([Heading(text)], [[text]], sheet="6A"), "xl/worksheets/sheet1.xml"
    )


@pytest.mark.parametrize("text", ["-", "+", "Lê An", "8-5", "", "a=1", "'", "'Lê", "a@b.vn"])
def test_harmless_text_stays_as_it_is(text):
    assert neutral(text) == text
    assert plain(text) == text


@given(st.text())
def test_the_way_back_from_neutral_is_exact(text):
    assert not neutral(text).startswith(DANGEROUS) or len(text) == 1
    assert plain(neutral(text)) == text or text.startswith("'")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(st.sampled_from("=+-@ aăâđ'\"<&0\u0301"), min_size=1).map(tidy).filter(bool),
            st.decimals(-999, 999, places=2),
            st.integers(-(10**17), 10**17),
            st.dates(date(1900, 3, 1), date(2099, 12, 31)),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_row_comes_back_with_its_values(row):
    (found,) = texts(write_table([Heading("x")] * len(row), [row], sheet="a"))[1:]
    for value, text in zip(row, found, strict=True):
        if isinstance(value, Decimal | int):
            assert Decimal(text) == value
        elif isinstance(value, str) and value.startswith("'"):
            assert text in {value, value[1:]}  # somebody's own apostrophe before a sign
        else:
            assert text == str(value)


def test_templates_keep_zeros_in_codes_and_headings_in_sight():
    data = write_table(COLUMNS, [], sheet="Mẫu", title="Danh sách")
    sheet, styles = part(data, "xl/worksheets/sheet1.xml"), part(data, "xl/styles.xml")
    assert 'topLeftCell="A4"' in sheet
    assert 'state="frozen"' in sheet
    assert sheet.count("<col ") == 4
    assert sheet.count(' style="1"') == 2  # text, to the end of the column
    assert 'formatCode="@"' in styles
    assert 'formatCode="dd/mm/yyyy"' in styles


def test_a_mark_shows_its_decimals():
    styles = part(write_table(COLUMNS, ROWS, sheet="6A"), "xl/styles.xml")
    assert 'formatCode="0.0"' in styles


def test_a_number_that_excel_would_change_is_written_as_text():
    (_, row) = texts(write_table([Heading("x")], [[12345678901234567]], sheet="a"))
    assert row == ["12345678901234567"]


def test_a_row_of_another_width_or_a_text_too_long_is_an_error():
    with pytest.raises(ValueError, match="a row of 1 values for 4 columns"):
        write_table(COLUMNS, [["x"]], sheet="a")
    with pytest.raises(ValueError, match="40000 characters"):
        write_table([Heading("x")], [["x" * 40_000]], sheet="a")
