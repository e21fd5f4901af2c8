"""R-017, R-018, R-019: names of accounts; and how Vietnamese text is tidied."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolbook.rules import names


@pytest.mark.parametrize(
    ("full_name", "abbreviation", "expected"),
    [
        ("Hồ Thị Mai", "thcshm", "maiht.thcshm"),
        ("Đặng Thị Ước", "c2", "uocdt.c2"),
        ("  Lê   Đình  Ý ", "thcssl", "yld.thcssl"),
        ("Y Moan", "thcssl", "moany.thcssl"),
        ("Hương", "thcssl", "huong.thcssl"),
    ],
)
def test_a_user_name_follows_the_provincial_rule(full_name, abbreviation, expected):
    assert names.username(full_name, abbreviation) == expected


def test_a_namesake_gets_a_number_before_the_point():
    assert names.username("Hồ Thị Mai", "thcshm", 2) == "maiht2.thcshm"


@pytest.mark.parametrize(("full_name", "abbreviation"), [("", "thcshm"), ("…", "thcshm")])
def test_a_name_without_letters_makes_no_user_name(full_name, abbreviation):
    with pytest.raises(ValueError, match="no user name"):
        names.username(full_name, abbreviation)


def test_an_abbreviation_with_diacritics_makes_no_user_name():
    with pytest.raises(ValueError, match="not an abbreviation"):
        names.username("Hồ Thị Mai", "đăknông")


@pytest.mark.parametrize("text", ["ab", "thcshm", "c2", "a" * 20, "2024"])
def test_short_plain_words_are_abbreviations(text):
    assert names.is_abbreviation(text)


@pytest.mark.parametrize(
    "text", ["", "a", "a" * 21, "Thpt", "đn", "th pt", "th-pt", "ab\n", "２ab"]
)
def test_anything_else_is_no_abbreviation(text):
    assert not names.is_abbreviation(text)


@given(st.text())
def test_tidying_twice_changes_nothing_more(text):
    once = names.tidy(text)
    assert names.tidy(once) == once
    assert once == once.strip()
    assert "  " not in once


@pytest.mark.parametrize("name", ["Nguyễn Thế Tuyền", "Đỗ Quỳnh Ái"])
def test_the_same_name_typed_in_another_form_is_the_same(name):
    assert names.tidy(unicodedata.normalize("NFD", name)) == name


def test_tidying_removes_what_cannot_be_seen():
    assert names.tidy("Trường\u202e THCS\x00\u200b Sông\tLam\n") == "Trường THCS Sông Lam"


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệ", min_size=1))
def test_plain_vietnamese_is_ascii(text):
    assert names.plain(text).isascii()
    assert names.plain(text.upper()) == names.plain(text)
