"""What people type into cells, and what cells show."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradebook.rules import SCHEMES, Absence, AssessedBy, RulesError
from gradebook.rules.columns import Column, Component, ValueKind
from gradebook.rules.typed import BLANK, Entry, State, read, taken_over

MARK = Column(Component.REGULAR, 1, ValueKind.MARK, "1")
WHOLE = Column(Component.TEST, 1, ValueKind.WHOLE, "Điểm KT")
LEVEL = Column(Component.FINAL, 1, ValueKind.LEVEL, "ĐĐGck", levels=("Đ", "CĐ"))
TEXT = Column(Component.COMMENT, 1, ValueKind.TEXT, "Nhận xét")
CONDUCT = Column(Component.CONDUCT, 1, ValueKind.LEVEL, "Kết quả rèn luyện", levels=("Tốt", "Khá"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("85", "8,5"),
        ("8.5", "8,5"),
        (" 8,5 ", "8,5"),
        ("10", "10"),
        ("10,0", "10"),
        ("0", "0"),
        ("7", "7"),
        ("", ""),
        ("-", ""),
        ("v", "V"),
        ("V ốm", "V ốm"),
        ("vắng  có phép", "V có phép"),
        ("m", "M"),
        ("Miễn", "M"),
        ("0V 12/QĐ-HT", "0V 12/QĐ-HT"),
    ],
)
def test_a_cell_shows_what_was_meant(typed, shown):
    entry = read(typed, MARK)
    assert entry.shown == shown
    assert read(entry.shown, MARK) == entry


@pytest.mark.parametrize(
    "typed", ["8,55", "11,5", "-1", "abc", "8,", "1e1", "NaN", "８", "0V", "101"]
)
def test_what_is_no_mark_is_refused_with_a_sentence_in_both_languages(typed):
    with pytest.raises(RulesError) as error:
        read(typed, MARK)
    assert error.value.vi
    assert error.value.en


def test_a_whole_mark_takes_no_decimal():
    assert read("8", WHOLE).score == Decimal("8.0")
    with pytest.raises(RulesError):
        read("8,5", WHOLE)


def test_v_is_never_a_zero_and_waits_for_its_make_up_test():
    entry = read("V", MARK)
    assert (entry.state, entry.score, entry.cell) == (State.ABSENT, None, Absence())


def test_a_zero_by_decision_says_which_decision():
    entry = read("cđv 5/QĐ", LEVEL)
    assert (entry.state, entry.cell) == (State.ZERO, Absence("5/QĐ"))


def test_only_tests_can_be_missed():
    assert read("V", TEXT).text == "V"
    with pytest.raises(RulesError):
        read("V", CONDUCT)


def test_a_remark_keeps_its_lines_and_has_an_end():
    assert (
        read(" Có tiến bộ.\n  Cần đọc nhiều hơn. ", TEXT).text == "Có tiến bộ.\nCần đọc nhiều hơn."
    )
    with pytest.raises(RulesError):
        read("a" * 1001, TEXT)
    with pytest.raises(RulesError):
        read("V " + "a" * 201, MARK)


def test_signs_that_cannot_be_seen_are_left_out():
    assert read("tốt\x00 \u202elắm", TEXT).text == "tốt lắm"


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused_and_reads_the_same_again(typed):
    for column in (MARK, WHOLE, LEVEL, TEXT):
        try:
            entry = read(typed, column)
        except RulesError:
            continue
        assert read(entry.shown, column) == entry


@given(st.integers(0, 100))
def test_every_mark_shows_as_it_is_typed_and_is_a_decimal(tenths):
    mark = Decimal(tenths) / 10
    entry = read(str(mark), MARK)
    assert entry.score == mark
    assert read(entry.shown, MARK).score == mark


def test_a_blank_cell_is_nothing():
    assert (BLANK, BLANK.shown, BLANK.cell) == (Entry(), "", None)


@pytest.mark.parametrize(
    ("component", "how", "term", "kind"),
    [
        (Component.TERM_RESULT, AssessedBy.SCORE, 1, ValueKind.MARK),
        (Component.TERM_RESULT, AssessedBy.COMMENT, 1, ValueKind.LEVEL),
        (Component.YEAR_RESULT, AssessedBy.SCORE, 2, ValueKind.MARK),
        (Component.YEAR_RESULT, AssessedBy.SCORE, 1, None),
        (Component.TERM_RESULT, None, 1, None),
    ],
)
def test_a_result_of_another_system_has_a_column_where_the_sheet_has_results(
    component, how, term, kind
):
    column = taken_over(SCHEMES["tt22"], component, how, term)
    assert (column.kind if column else None) == kind
    assert taken_over(SCHEMES["tt27"], component, how, term) is None
