"""Finding the headings of a table wherever it stands, and reading its rows."""

import pytest

from schoolbook.rules.cells import (
    Area,
    Cell,
    Kind,
    Refusal,
    Sheet,
    as_date,
    as_decimal,
    digits,
)
from schoolbook.rules.tables import Column, find_header, heading_key, parse_rows

CODE = Column("code", ("Mã định danh", "Số định danh cá nhân"), required=True, parse=digits(12))
NAME = Column("name", ("Họ và tên", "Họ tên"), required=True)
BORN = Column("born", ("Ngày sinh", "Ngày tháng năm sinh"), kind=Kind.DATE, parse=as_date)
MARK = Column("mark", ("Điểm",), kind=Kind.NUMBER, parse=as_decimal, formulas=True)
COLUMNS = [CODE, NAME, BORN, MARK]
A, B, C, D = (f"03620400000{number}" for number in range(4))


def sheet(*lines, merged=(), first=1):
    """A sheet whose lines begin in row `first`; an empty text is no cell, a text like =5 is a formula."""
    rows = []
    for row, line in enumerate(lines, start=first):
        found = [
            Cell(row, column, text.removeprefix("="), formula=text.startswith("="))
            for column, text in enumerate(line, start=1)
            if text
        ]
        if found:
            rows.append(tuple(found))
    return Sheet("6A", tuple(rows), merged)


def parsed(
    *lines, merged=(), columns=COLUMNS, heading=("Mã định danh", "Họ tên", "Ngày sinh", "Điểm")
):
    page = sheet(heading, *lines, merged=merged)
    return parse_rows(page, find_header(page, columns), columns, code="code")


HEADINGS = ["STT", "Mã định danh", "Họ và tên", "Ngày sinh"]


@pytest.mark.parametrize("above", [0, 1, 5, 19])
def test_the_heading_is_found_wherever_it_stands_in_the_first_twenty_rows(above):
    titles = [["TRƯỜNG THCS SÔNG LAM"], ["Họ và tên giáo viên"], [], ["Ngày sinh"], ["Lớp 6A"]] * 4
    header = find_header(sheet(*titles[:above], HEADINGS, ["1", A, "An"]), COLUMNS)
    assert (header.first_row, header.last_row, header.refusals) == (above + 1, above + 1, ())
    assert header.places == {"code": 2, "name": 3, "born": 4}
    assert [cell.text for cell in header.unknown] == ["STT"]


def test_a_heading_in_the_twenty_first_row_is_none():
    header = find_header(sheet(HEADINGS, first=21), COLUMNS)
    assert header.refusals == (Refusal("", "no_heading", {"headings": "Mã định danh, Họ và tên"}),)
    assert find_header(Sheet("", ()), COLUMNS).refusals == header.refusals


@pytest.mark.parametrize(
    "text",
    [
        "HỌ VÀ TÊN",
        "Họ  và tên (*)",
        "Họ và\ntên:",
        "ho va ten",
        "Họ tên",
        "HỌVÀTÊN",
        "Ho\u0323 va\u0300 te\u0302n",
    ],
)
def test_a_heading_is_known_by_its_synonyms_in_any_spelling(text):
    assert find_header(sheet(["Mã định danh", text]), COLUMNS).places == {"code": 1, "name": 2}


def test_required_headings_that_are_missing_are_named():
    header = find_header(sheet(["Họ tên", "Ngày sinh"], first=3), COLUMNS)
    assert header.refusals == (Refusal("A3", "headings_missing", {"headings": "Mã định danh"}),)


def test_two_headings_of_one_meaning_are_refused_with_both_addresses():
    header = find_header(sheet(["Mã định danh", "Họ tên", "Lớp", "Họ và tên"], first=2), COLUMNS)
    assert header.refusals == (
        Refusal("D2", "heading_twice", {"heading": "Họ tên", "addresses": "B2, D2"}),
    )
    with pytest.raises(ValueError, match="refused"):
        parse_rows(sheet(), header, COLUMNS, code="code")


def test_a_heading_that_two_columns_claim_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="two columns"):
        find_header(sheet(HEADINGS), [NAME, Column("other", ("HỌ TÊN",))])


def test_headings_of_two_rows_are_read_together_and_so_are_numbers_of_columns_left_out():
    # As national systems export marks: regular marks under one merged heading, then a row that numbers the columns.
    columns = [
        CODE,
        Column("first", ("ĐĐGtx 1", "TX1"), parse=as_decimal),
        Column("second", ("ĐĐGtx 2", "TX2"), parse=as_decimal),
        Column("midterm", ("ĐĐGgk",), parse=as_decimal),
    ]
    page = sheet(
        ["BẢNG ĐIỂM HỌC KỲ"],
        [],
        ["STT", "Mã định danh", "ĐĐGtx", "", "ĐĐGgk"],
        ["", "", "1", "2", ""],
        ["1", "2", "3", "4", "5"],
        ["1", A, "8", "9", "7,5"],
        merged=(
            Area(1, 1, 1, 5),
            Area(3, 1, 4, 1),
            Area(3, 2, 4, 2),
            Area(3, 3, 3, 4),
            Area(3, 5, 4, 5),
        ),
    )
    header = find_header(page, columns)
    assert (header.first_row, header.last_row) == (3, 4)
    assert header.places == {"code": 2, "first": 3, "second": 4, "midterm": 5}
    (row,) = parse_rows(page, header, columns, code="code")
    assert row.number == 6
    assert {key: str(value) for key, value in row.values.items()} == {
        "code": A, "first": "8", "second": "9", "midterm": "7.5",
    }  # fmt: skip


def test_rows_have_values_of_their_type_and_no_value_for_a_blank_cell():
    first, second = parsed([A, "Lê An", "31/1/2012", "8,5"], [B, "Đỗ Ân", "", "=9"])
    assert (first.number, first.refusals) == (2, ())
    assert {key: type(value).__name__ for key, value in first.values.items()} == {
        "code": "str", "name": "str", "born": "date", "mark": "Decimal",
    }  # fmt: skip
    assert first.addresses == {"code": "A2", "name": "B2", "born": "C2", "mark": "D2"}
    assert set(second.values) == {"code", "name", "mark"}
    assert second.refusals == ()


def test_a_row_is_refused_with_every_reason_and_address_and_the_others_stay():
    good, bad = parsed([A, "Lê An", "1/2/2012"], ["12", "", "hôm qua", "V"])
    assert good.refusals == ()
    assert bad.refusals == (
        Refusal("A3", "not_so_many_digits", {"text": "12", "length": "12"}),
        Refusal("B3", "cell_missing", {"heading": "Họ và tên"}),
        Refusal("C3", "not_a_date", {"text": "hôm qua"}),
        Refusal("D3", "not_a_number", {"text": "V"}),
    )
    assert bad.values == {}


def test_blank_rows_and_rows_of_unknown_columns_are_dropped_and_rows_above_are_not_read():
    page = sheet(
        ["036204009999", "", "", "", "Danh sách"],
        ["Mã định danh", "Họ tên", "", "", "Ghi chú"],
        [],
        [A, "An"],
        ["", "", "", "", "Người lập bảng"],
        [B, "Ân"],
    )
    rows = parse_rows(page, find_header(page, COLUMNS), COLUMNS, code="code")
    assert [(row.number, row.values["code"]) for row in rows] == [(4, A), (6, B)]


def test_a_formula_is_refused_where_it_is_not_welcome_even_without_a_value():
    with_value, without, welcome = parsed([A, "=Lê An"], ["=", "An"], [C, "An", "", "=8"])
    assert with_value.refusals == (Refusal("B2", "cell_formula", {"heading": "Họ và tên"}),)
    assert without.refusals == (Refusal("A3", "cell_formula", {"heading": "Mã định danh"}),)
    assert welcome.refusals == ()


def test_a_welcome_formula_that_was_never_calculated_is_missing():
    (row,) = parsed([A, "An", "", "="])
    assert row.refusals == (Refusal("D2", "cell_missing", {"heading": "Điểm"}),)


def test_a_cell_merged_with_the_one_above_is_refused_and_not_filled_in():
    above, below = parsed(
        [A, "An", "1/1/2012"], [B, "Ân"], merged=(Area(2, 3, 3, 3), Area(3, 9, 9, 9))
    )
    assert above.refusals == ()
    assert below.refusals == (Refusal("C3", "cell_merged", {"heading": "Ngày sinh"}),)


def test_rows_of_one_code_are_all_refused_with_the_addresses_of_all():
    rows = parsed([A, "An"], [B, "Ân"], [A, "Anh"], [C, "Ba"], [A, "", "x"])
    twice = {"code": A, "addresses": "A2, A4, A6"}
    assert [[r for r in row.refusals if r.sentence == "code_twice"] for row in rows] == [
        [Refusal("A2", "code_twice", twice)],
        [],
        [Refusal("A4", "code_twice", twice)],
        [],
        [Refusal("A6", "code_twice", twice)],
    ]
    assert len(rows[4].refusals) == 3


def test_codes_that_differ_only_in_case_are_one():
    columns = [Column("code", ("Mã",), required=True)]
    rows = parsed(["hs1"], ["HS1"], columns=columns, heading=("Mã",))
    assert [row.refusals[0].params["addresses"] for row in rows] == ["A2, A3", "A2, A3"]


def test_headings_are_compared_as_the_exports_of_other_systems_need_it():
    assert heading_key("ĐĐG\ngk") == heading_key("ĐĐGgk") == "ddggk"
    assert heading_key("ĐĐGTX 1") == heading_key("ĐĐG TX(1)") == "ddgtx1"
