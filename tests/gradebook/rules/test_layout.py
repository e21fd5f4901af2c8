"""Sheets of marks in the layouts that schools have, from their headings to what is refused in a cell."""

import pytest

from gradebook.rules.headings import COLUMNS, components
from gradebook.rules.layout import has_table, read_layout
from schoolbook.rules.cells import Area, Cell, Kind, Sheet
from schoolbook.rules.tables import find_header, heading_key

NAME, CODE = "Họ và tên", "Mã định danh"


def sheet(*rows, first=1, merged=(), hidden=()):
    """A sheet of texts, numbers (as Excel gives them) and ready cells; None is blank."""
    made = []
    for row, line in enumerate(rows, start=first):
        cells = []
        for column, value in enumerate(line, start=1):
            if isinstance(value, dict):
                cells.append(Cell(row, column, **value))
            elif isinstance(value, int | float):
                cells.append(Cell(row, column, str(value), Kind.NUMBER))
            elif value is not None:
                cells.append(Cell(row, column, value))
        if cells:
            made.append(tuple(cells))
    return Sheet("6A", tuple(made), tuple(merged), frozenset(hidden))


def places(*heads):
    """Which component and number each column means, when these are the headings."""
    found = read_layout(sheet([CODE, NAME, *heads]))
    return found.components


@pytest.mark.parametrize(
    ("head", "meant"),
    [
        ("ĐĐGtx", ("regular", 1)),
        ("ĐĐGTX 1", ("regular", 1)),
        ("ĐGTX3", ("regular", 3)),
        ("TX1", ("regular", 1)),
        ("Điểm TX", ("regular", 1)),
        ("ĐĐG TX(2)", ("regular", 2)),
        ("KTTX lần 4", ("regular", 4)),
        ("ĐĐGgk", ("midterm", 1)),
        ("ĐĐG gk", ("midterm", 1)),
        ("GK", ("midterm", 1)),
        ("Điểm GK", ("midterm", 1)),
        ("giữa kỳ", ("midterm", 1)),
        ("Giữa kì", ("midterm", 1)),
        ("ĐĐGck", ("final", 1)),
        ("CK", ("final", 1)),
        ("CUỐI KỲ", ("final", 1)),
        ("Cuối kì", ("final", 1)),
        ("KThk", ("final", 1)),
        ("HK", ("final", 1)),
        ("1T", ("periodic", 1)),
        ("45P 2", ("periodic", 2)),
        ("KT định kì 3", ("periodic", 3)),
        ("Miệng", ("regular", 1)),
        ("15P", ("regular", 1)),
        ("15'", ("regular", 1)),
        ("Đánh giá lại", ("retest", 1)),
        ("Nhận xét", ("comment", 1)),
        ("Giữa HKI Mức đạt được", ("level", 1)),
        ("Cuối năm Điểm KT", ("test", 2)),
        ("Cuối HKI Nhận xét", ("comment", 2)),
    ],
)
def test_every_way_to_head_a_column_of_marks(head, meant):
    assert list(places(head).values()) == [meant]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("ĐTBmhk", "average"),
        ("TBM", "average"),
        ("ĐTBmhkI", "average1"),
        ("TBmhk1", "average1"),
        ("ĐTB HK1", "average1"),
        ("ĐTBmhkII", "average2"),
        ("ĐTBmcn", "average_year"),
        ("CN", "average_year"),
        ("Cả năm", "average_year"),
    ],
)
def test_every_way_to_head_a_column_of_averages(head, name):
    assert name in read_layout(sheet([CODE, NAME, "TX", head])).places


def test_no_heading_means_two_columns():
    find_header(sheet([NAME]), COLUMNS)  # raises ValueError where one does
    assert len({heading_key(word) for column in COLUMNS for word in column.headings}) > 500


def test_old_marks_are_the_regular_ones_in_the_order_in_which_they_stand():
    assert list(places("M 1", "M 2", "15P 1", "1T", "HK").values()) == [
        ("regular", 1),
        ("regular", 2),
        ("regular", 3),
        ("periodic", 1),
        ("final", 1),
    ]
    assert "oral-1" not in components({"regular-1": 3, "oral-1": 4})


def numbered(merged, below=("1", "2", "3")):
    heads = ["STT", CODE, NAME, "ĐĐGtx", None, None, "ĐĐGgk"]
    rows = [heads, [None, None, None, *below], [*"1234567"], [1, "HS1", "An", 8, 7, 6, 5]]
    return read_layout(sheet(*rows, first=5, merged=merged))


@pytest.mark.parametrize(
    "merged",
    [
        [Area(5, 1, 6, 1), Area(5, 2, 6, 2), Area(5, 3, 6, 3), Area(5, 4, 5, 6), Area(5, 7, 6, 7)],
        [Area(5, 4, 5, 6)],
        [],
    ],
    ids=["as the layout has it", "only the group", "lost"],
)
def test_the_numbers_under_a_group_of_columns_are_found_however_it_is_merged(merged):
    found = numbered(merged)
    assert found.refusals == ()
    assert list(found.components) == ["regular-1", "regular-2", "regular-3", "midterm-1"]
    [row] = found.rows
    assert [(one.address, one.text) for one in row.cells] == [
        ("D8", "8"),
        ("E8", "7"),
        ("F8", "6"),
        ("G8", "5"),
    ]


def rows_of(*rows, heads=(CODE, NAME, "TX1", "TX2", "Nhận xét"), **more):
    return read_layout(sheet(list(heads), *rows, **more)).rows


def refusals(*rows, **more):
    found = rows_of(*rows, **more)
    return [
        (one.address, one.sentence) for row in found for one in row.refusals
    ] + [
        (cell.refusal.address, cell.refusal.sentence)
        for row in found
        for cell in row.cells
        if cell.refusal
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ({"text": "8", "formula": True}, "cell_formula"),
        ({"text": "", "formula": True}, "cell_formula"),
        ({"text": "2026-05-08", "kind": Kind.DATE}, "mark_became_date"),
        ({"text": "TRUE", "kind": Kind.BOOLEAN}, "not_a_number"),
        (7.75, "mark_too_precise"),
        ("05", "mark_leading_zero"),
        ("08,5", "mark_leading_zero"),
    ],
)
def test_a_cell_that_cannot_be_a_mark_is_refused_by_itself(cell, sentence):
    assert refusals(["HS1", "An", cell, 8]) == [("C2", sentence)]
    assert rows_of(["HS1", "An", cell, 8])[0].cells[1].text == "8"


@pytest.mark.parametrize("text", ["0,5", "0.5", "0", "10", "85", "V ốm", "M", "Đ", "Chưa đạt"])
def test_what_may_be_a_mark_is_left_to_the_book(text):
    assert refusals(["HS1", "An", text]) == []


def test_blank_and_dash_are_nothing():
    [row] = rows_of(["HS1", "An", "-", None, "-"])
    assert row.cells == ()


def test_a_remark_may_be_long_and_hold_anything_but_a_formula():
    [row] = rows_of(["HS1", "An", None, None, "Em 05 lần đi muộn"])
    assert (row.cells[0].text, row.cells[0].refusal) == ("Em 05 lần đi muộn", None)
    assert refusals(["HS1", "An", None, None, {"text": "x", "formula": True}]) == [
        ("E2", "cell_formula")
    ]


def test_merged_cells_are_refused_where_nobody_knows_whose_they_are():
    merged = [Area(2, 3, 3, 3), Area(3, 1, 4, 1)]
    rows = (["HS1", "An", 8], ["HS2", "Bình", None], [None, "Châu", 7])
    assert refusals(*rows, merged=merged) == [("A4", "cell_merged"), ("C3", "cell_merged")]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ([None, "An", 8], "cell_missing"),
        ([{"text": "HS1", "formula": True}, "An", 8], "cell_formula"),
        ([1234567890123456, "An", 8], "digits_lost"),
        ([{"text": "2026-01-01", "kind": Kind.DATE}, "An", 8], "not_a_code"),
    ],
)
def test_a_row_without_a_code_that_can_be_read_is_refused(row, sentence):
    assert refusals(row) == [("A2", sentence)]


def test_what_stands_below_the_table_is_passed_over():
    below = [
        [None, "GIÁO VIÊN BỘ MÔN", None, "Ngày 5 tháng 1 năm 2027"],
        [None, "(Ký, ghi rõ họ tên)"],
        [None, None, None, None, "Xác nhận"],
    ]
    assert len(rows_of(["HS1", "An", 8], [], *below)) == 1


def test_several_codes_are_all_read():
    heads = ("Mã học sinh", CODE, "Số định danh cá nhân", NAME, "TX")
    [row] = rows_of(["HS1", "0100", "036204001234", "An", 8], heads=heads)
    assert row.codes == {"code": "HS1", "identifier": "0100", "national_id": "036204001234"}


def test_hidden_rows_are_read_and_counted_and_unknown_columns_named():
    heads = (CODE, NAME, "TX", "Ghi chú", "V")
    found = read_layout(sheet(list(heads), ["HS1", "An", 8, "x"], hidden={2}))
    assert (found.hidden_rows, found.unread) == (1, ("Ghi chú (D1)", "V (E1)"))


@pytest.mark.parametrize(
    ("heads", "sentence"),
    [
        ([NAME, "TX"], "headings_missing"),
        ([CODE, NAME, "Ghi chú"], "no_mark_columns"),
        ([CODE, NAME, "GK", "Giữa kỳ"], "heading_twice"),
    ],
)
def test_headings_that_do_not_do_refuse_the_sheet(heads, sentence):
    assert [one.sentence for one in read_layout(sheet(heads)).refusals] == [sentence]


def test_a_sheet_without_names_is_no_table_of_marks():
    assert not has_table(sheet(["Hướng dẫn"]))
    assert not has_table(sheet([NAME], first=21))
    assert has_table(sheet([NAME], first=20))
