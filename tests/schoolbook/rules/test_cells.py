"""What can be read from a cell: days, numbers, codes and words, and what is refused instead of guessed."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolbook.rules import cells
from schoolbook.rules.cells import Cell, Kind, Unreadable


def cell(text, kind=Kind.TEXT):
    return Cell(12, 3, text, kind)


def refusal(parse, text, kind=Kind.TEXT):
    with pytest.raises(Unreadable) as refused:
        parse(cell(text, kind))
    assert refused.value.params["text"] == text
    return refused.value.sentence


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        (12, 3, "C12"),
        (1, 1, "A1"),
        (7, 26, "Z7"),
        (7, 27, "AA7"),
        (1, 702, "ZZ1"),
        (1, 703, "AAA1"),
        (1, 16384, "XFD1"),
    ],
)
def test_a_cell_is_called_as_excel_calls_it(row, column, expected):
    assert cells.address(row, column) == Cell(row, column, "").address == expected


@pytest.mark.parametrize(
    "text",
    [
        "31/01/2012",
        "31/1/2012",
        "31-01-2012",
        "31.1.2012",
        "2012-01-31",
        "2012/1/31",
        "2012-01-31T07:30:00",
        "2012-01-31 00:00",
    ],
)
def test_a_day_is_read_in_the_ways_people_write_it(text):
    assert cells.as_date(cell(text)) == date(2012, 1, 31)
    assert cells.as_date(cell(text, Kind.DATE)) == date(2012, 1, 31)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_day_first(day):
    assert cells.as_date(cell(f"{day.day}/{day.month}/{day.year}")) == day


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("40939", Kind.NUMBER),
        ("40939", Kind.TEXT),
        ("31/1/12", Kind.TEXT),
        ("1/31/2012", Kind.TEXT),
        ("30/2/2012", Kind.TEXT),
        ("31/12/1899", Kind.TEXT),
        ("1/1/2101", Kind.TEXT),
        ("2012", Kind.NUMBER),
        ("hôm qua", Kind.TEXT),
        ("TRUE", Kind.BOOLEAN),
        ("3１/01/2012x", Kind.TEXT),
    ],
)
def test_what_may_be_another_day_is_refused(text, kind):
    assert refusal(cells.as_date, text, kind) == "not_a_date"


@pytest.mark.parametrize(
    ("text", "expected"), [("8.5", "8.5"), ("8,5", "8.5"), ("10", "10"), ("-2", "-2"), ("08", "8")]
)
def test_a_number_has_a_comma_or_a_point(text, expected):
    assert cells.as_decimal(cell(text)) == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["8.5.1", "1.234,5", "1 000", "1e3", "NaN", "Infinity", ".5", "8,", "V", "８"]
)
def test_what_may_be_another_number_is_refused(text):
    assert refusal(cells.as_decimal, text) == "not_a_number"


def test_a_day_or_a_truth_is_no_number():
    # Excel turns a typed 8.5 into the 8th of May where points stand in dates.
    assert refusal(cells.as_decimal, "2012-05-08", Kind.DATE) == "not_a_number"
    assert refusal(cells.as_decimal, "TRUE", Kind.BOOLEAN) == "not_a_number"


def test_a_whole_number_has_no_fraction():
    assert cells.as_whole_number(cell("35")) == cells.as_whole_number(cell("35.0")) == 35
    assert refusal(cells.as_whole_number, "35,5") == "not_a_whole_number"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_a_number_is_written_without_exponent_and_idle_zeros(number):
    text = cells.number_text(number)
    assert Decimal(text) == number
    assert "e" not in text.lower()
    assert "." not in text or not text.endswith(("0", "."))


def test_a_code_may_be_a_number_while_its_digits_are_all_there():
    assert cells.as_code(cell("HS 001")) == "HS 001"
    assert cells.as_code(cell("123456789012345", Kind.NUMBER)) == "123456789012345"
    assert refusal(cells.as_code, "1234567890123456", Kind.NUMBER) == "digits_lost"
    assert refusal(cells.as_code, "8.5", Kind.NUMBER) == "not_a_code"
    assert refusal(cells.as_code, "2012-01-31", Kind.DATE) == "not_a_code"


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("036204001234", Kind.TEXT, "036204001234"),
        ("036 204 001 234", Kind.TEXT, "036204001234"),
        ("36204001234", Kind.NUMBER, "036204001234"),
        ("1204001234", Kind.NUMBER, "001204001234"),
    ],
)
def test_zeros_that_a_number_has_lost_are_put_back(text, kind, expected):
    assert cells.digits(12)(cell(text, kind)) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("36204001234", Kind.TEXT),  # typed so: nobody knows which digit is missing
        ("204001234", Kind.NUMBER),
        ("1036204001234", Kind.NUMBER),
        ("03620400123x", Kind.TEXT),
        ("０36204001234", Kind.TEXT),
    ],
)
def test_a_code_of_another_length_is_refused(text, kind):
    assert refusal(cells.digits(12), text, kind) == "not_so_many_digits"


def test_a_word_is_found_without_case_and_diacritics():
    parse = cells.one_of({"Nam": 1, "Nữ": 2})
    assert [parse(cell(text)) for text in ("nam", "NỮ", "Nu", "nữ.")] == [1, 2, 2, 2]
    with pytest.raises(Unreadable) as refused:
        parse(cell("khác"))
    assert (refused.value.sentence, refused.value.params) == (
        "not_a_choice",
        {"text": "khác", "choices": "Nam, Nữ"},
    )


def test_words_that_only_diacritics_tell_apart_are_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="diacritics"):
        cells.one_of({"Đạt": 1, "Dạt": 2})


def test_a_day_in_a_column_of_text_reads_as_people_write_it():
    assert cells.as_text(cell("2012-01-31", Kind.DATE)) == "31/01/2012"
    assert cells.as_text(cell("2012-01-31")) == "2012-01-31"
