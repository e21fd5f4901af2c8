"""Marks and levels as typed and as kept."""

from __future__ import annotations

from decimal import Decimal
from unicodedata import normalize

import pytest

from gradebook.rules.entries import as_level, as_mark, as_whole_mark, keyed_level, keyed_mark
from gradebook.rules.errors import (
    BadMark,
    KeyedMarkRefused,
    MarkNotANumber,
    MarkOutOfRange,
    MarkTooPrecise,
    RulesError,
    UnknownLevel,
    WholeMarkRequired,
)


@pytest.mark.parametrize(
    ("given", "mark"),
    [
        ("0", "0.0"),
        ("0.0", "0.0"),
        ("0.1", "0.1"),
        ("9.9", "9.9"),
        ("10", "10.0"),
        ("10.0", "10.0"),
    ],
)
def test_a_mark_from_0_to_10_is_kept_with_one_decimal(given: str, mark: str) -> None:
    assert str(as_mark(given)) == mark
    assert str(as_mark(Decimal(given))) == mark


def test_there_are_exactly_101_marks() -> None:
    written = [f"{whole}.{tenth}" for whole in range(11) for tenth in range(10)]
    accepted = []
    for text in written:
        try:
            accepted.append(as_mark(text))
        except MarkOutOfRange:
            continue
    assert accepted == [Decimal(tenths).scaleb(-1) for tenths in range(101)]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ("10.1", MarkOutOfRange),
        ("10.5", MarkOutOfRange),
        ("11", MarkOutOfRange),
        ("-0.1", MarkOutOfRange),
        ("10.01", MarkOutOfRange),
        ("8.55", MarkTooPrecise),
        ("8.50", MarkTooPrecise),
        ("0.05", MarkTooPrecise),
        ("0.00", MarkTooPrecise),
        ("10.00", MarkTooPrecise),
        ("8,5", MarkNotANumber),
        ("8,55", MarkNotANumber),
        ("NaN", MarkNotANumber),
        ("Infinity", MarkNotANumber),
        ("８.5", MarkNotANumber),
        ("٨", MarkNotANumber),
        ("", MarkNotANumber),
        (" 8", MarkNotANumber),
        ("8 ", MarkNotANumber),
        ("8\n", MarkNotANumber),
        ("8.", MarkNotANumber),
        (".5", MarkNotANumber),
        ("08.5", MarkNotANumber),
        ("+8", MarkNotANumber),
        ("1e1", MarkNotANumber),
        ("8_0", MarkNotANumber),
        ("V", MarkNotANumber),
        (Decimal("10.1"), MarkOutOfRange),
        (Decimal("-0.1"), MarkOutOfRange),
        (Decimal("1e999999"), MarkOutOfRange),
        (Decimal("8.55"), MarkTooPrecise),
        (Decimal("NaN"), MarkNotANumber),
        (Decimal("sNaN"), MarkNotANumber),
        (Decimal("Infinity"), MarkNotANumber),
        (8, MarkNotANumber),
        (True, MarkNotANumber),
        (None, MarkNotANumber),
    ],
)
def test_anything_else_is_refused_by_name(given: str, refusal: type[BadMark]) -> None:
    with pytest.raises(refusal) as refused:
        as_mark(given)
    assert refused.value.vi != refused.value.en
    assert str(given)[:20] in refused.value.vi


def test_a_stored_decimal_with_a_trailing_zero_is_the_same_mark() -> None:
    assert as_mark(Decimal("8.50")) == Decimal("8.5")


@pytest.mark.parametrize("given", ["9.5", "9.0", "0.1", Decimal("9.5")])
def test_a_primary_test_takes_no_decimals(given: str) -> None:
    with pytest.raises(WholeMarkRequired):
        as_whole_mark(given)


@pytest.mark.parametrize("given", ["0", "10", Decimal("9.0"), Decimal("9")])
def test_a_primary_test_takes_whole_marks(given: str) -> None:
    assert as_whole_mark(given) == Decimal(given)


@pytest.mark.parametrize(
    ("typed", "mark"),
    [
        ("85", "8.5"),
        ("8", "8.0"),
        ("0", "0.0"),
        ("05", "0.5"),
        ("00", "0.0"),
        ("99", "9.9"),
        ("10", "10.0"),
        ("11", "1.1"),
        ("8.5", "8.5"),
        ("8,5", "8.5"),
        ("1,0", "1.0"),
        ("10.0", "10.0"),
        ("10,0", "10.0"),
    ],
)
def test_a_teacher_may_type(typed: str, mark: str) -> None:
    assert str(keyed_mark(typed)) == mark


def test_nothing_typed_is_no_mark_yet() -> None:
    assert keyed_mark("") is None
    assert keyed_level("") is None


@pytest.mark.parametrize(
    "typed",
    [
        "8,25",
        "825",
        "100",
        "105",
        "10.1",
        "10,5",
        "11.0",
        "8.",
        ",5",
        " 8",
        "-1",
        "８５",
        "V",
        "8;5",
    ],
)
def test_a_teacher_may_not_type(typed: str) -> None:
    with pytest.raises(KeyedMarkRefused) as refused:
        keyed_mark(typed)
    assert "85" in refused.value.vi
    assert "8,5" in refused.value.en


@pytest.mark.parametrize(
    ("typed", "level"), [("Đ", "Đ"), ("đ", "Đ"), ("D", "Đ"), ("cđ", "CĐ"), ("CD", "CĐ")]
)
def test_a_level_may_be_typed_without_its_bar(typed: str, level: str) -> None:
    assert keyed_level(typed) == level


@pytest.mark.parametrize("typed", ["8", "Đạt", "C", "đđ"])
def test_another_level_is_refused(typed: str) -> None:
    with pytest.raises(UnknownLevel):
        keyed_level(typed)


def test_no_key_of_marks_or_levels_can_be_typed_apart() -> None:
    """Neither digits nor đ have an accent that some keyboards send as a character of its own."""
    for level in ("Đ", "đ", "CĐ", "cđ", "8,5"):
        assert normalize("NFD", level) == level


def test_a_kept_level_is_written_exactly() -> None:
    assert as_level("CĐ", ("Đ", "CĐ")) == "CĐ"
    with pytest.raises(UnknownLevel):
        as_level("cđ", ("Đ", "CĐ"))


def test_what_was_given_is_cut_in_the_sentence() -> None:
    with pytest.raises(RulesError) as refused:
        as_mark("x" * 41)
    assert "x" * 40 + "…" in refused.value.en
    with pytest.raises(RulesError) as refused:
        as_mark("x" * 40)
    assert "x" * 40 + "”" in refused.value.en
