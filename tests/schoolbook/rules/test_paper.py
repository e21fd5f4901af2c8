"""The words of printed documents."""

from datetime import date, datetime

import pytest

from schoolbook.rules import paper
from schoolbook.rules.permissions import Role


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("Số 5 đường Bến Đò, xã Hạ Lưu", "Hạ Lưu"),
        ("Số 5 đường Bến Đò, huyện Hạ Lưu", "Hạ Lưu"),
        ("12 phố Chợ, Phường Tân An, thành phố Sông Xa", "Tân An"),
        ("Thị trấn Đồi Thông, huyện Vĩnh Lạc, tỉnh Xa", "Đồi Thông"),
        ("Đặc khu Đảo Xa", "Đảo Xa"),
        ("Thôn Bãi Sậy", ""),
        ("", ""),
    ],
)
def test_the_place_before_a_date_is_the_commune_of_the_address(address, place):
    assert paper.place_of(address) == place


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 2, 5), "ngày 05 tháng 02 năm 2027"),
        (date(2026, 3, 1), "ngày 01 tháng 3 năm 2026"),
        (date(2026, 11, 22), "ngày 22 tháng 11 năm 2026"),
    ],
)
def test_small_numbers_of_a_date_have_a_nought_in_front(day, words):
    assert paper.day_said(day) == words


def test_a_minute_is_said_as_the_form_asks_for_it():
    assert paper.minute_said(datetime(2027, 2, 5, 14, 7)) == "14 giờ 07 phút/05-02-2027"


def test_a_school_may_have_words_of_its_own_for_duties_and_a_centre_has_a_director():
    assert paper.title_of(Role.PRINCIPAL, "primary") == "Hiệu trưởng"
    assert paper.title_of(Role.VICE_PRINCIPAL, "continuing") == "Phó Giám đốc"
    assert paper.title_of(Role.PRINCIPAL, "primary", {"principal": "hiệu phó phụ trách"}) == (
        "Hiệu phó phụ trách"
    )


def test_a_print_for_inspection_says_so_with_its_date():
    said = paper.printed_said(date(2026, 11, 22))
    assert said.startswith("In ngày 22 tháng 11 năm 2026 (")
    assert "không thay thế sổ in định kì" in said


def test_the_short_form_of_a_digest_is_its_beginning():
    assert paper.short("0123456789abcdef" * 4) == "0123 4567 89ab cdef"
