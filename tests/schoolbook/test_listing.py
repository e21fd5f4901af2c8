"""Long lists in pages, and lists to take along."""

import pytest
from django.test import RequestFactory

from schoolbook import listing

ROWS = list(range(1, 121))


def asked(query=""):
    return RequestFactory().get(f"/classes/{query}")


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("", 1, 50),
        ("?page=1", 1, 50),
        ("?page=2", 51, 100),
        ("?page=3", 101, 120),
        ("?page=4", 101, 120),
        ("?page=" + "9" * 30, 101, 120),
    ],
)
def test_a_page_beyond_the_last_is_the_last(query, first, last):
    part = listing.part_of(asked(query), ROWS)
    assert (part.first, part.last, part.total) == (first, last, 120)
    assert list(part.rows) == ROWS[first - 1 : last]


@pytest.mark.parametrize(
    "nonsense",
    ["x", "", "-1", "0", "-0", "%20-3", "1.5", "%00", "1e3", "inf", "9" * 5000, "2;drop", "²"],
)
def test_nonsense_is_the_first_page(nonsense):
    assert listing.part_of(asked(f"?page={nonsense}"), ROWS).first == 1


def test_the_pages_beside_it_keep_what_else_was_asked_for():
    part = listing.part_of(asked("?words=Ng%E1%BB%8Dc%20%26&page=2&grade=6"), ROWS)
    assert part.previous_href == "/classes/?words=Ng%E1%BB%8Dc+%26&page=1&grade=6"
    assert part.next_href == "/classes/?words=Ng%E1%BB%8Dc+%26&page=3&grade=6"
    assert listing.part_of(asked(), ROWS).previous_href is None
    assert listing.part_of(asked("?page=3"), ROWS).next_href is None


def test_an_empty_list_has_one_empty_page():
    nothing: list[int] = []
    part = listing.part_of(asked("?page=7"), nothing)
    assert (list(part.rows), part.first, part.last, part.total) == ([], 0, 0, 0)
    assert part.previous_href is part.next_href is None


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("", "/x/"),
        ("?page=3", "/x/"),
        ("?grade=6&page=3", "/x/?grade=6"),
        ("?words=L%C3%AA&words=b", "/x/?words=L%C3%AA&words=b"),
    ],
)
def test_the_export_has_the_filters_and_not_the_page(query, address):
    assert listing.with_same_query(asked(query), "/x/") == address


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Lop 6A", 'attachment; filename="Lop 6A.xlsx"'),
        ("Lớp 6A", "attachment; filename*=utf-8''L%E1%BB%9Bp%206A.xlsx"),
        ("Lop 6/1", 'attachment; filename="Lop 6-1.xlsx"'),
        ("../a\\b", 'attachment; filename="a-b.xlsx"'),
        ('a"b\r\nX: y', 'attachment; filename="a-b-X- y.xlsx"'),
    ],
)
def test_a_spreadsheet_is_saved_under_its_name_whatever_its_letters(name, header):
    response = listing.spreadsheet(b"PK", name)
    assert response["Content-Disposition"] == header
    assert response["Content-Type"] == listing.XLSX
    assert response.content == b"PK"
