"""What the lines above a table of marks say, in the ways in which schools write them."""

import pytest

from gradebook.rules.titles import (
    Title,
    class_named,
    keyed_classes,
    parts_of_name,
    read_title,
    subject_named,
    term_in,
)
from schoolbook.rules.cells import Cell
from schoolbook.rules.imports import keyed_subjects

CLASSES = keyed_classes([(name, name) for name in ("6A", "6/1", "6/11", "10A1", "Lá 1", "6a10")])
SUBJECTS = keyed_subjects(
    (code, name, code)
    for code, name in [
        ("toan", "Toán"),
        ("ngu_van", "Ngữ văn"),
        ("lich_su_dia_li", "Lịch sử và Địa lí"),
        ("hdtn_hn", "Hoạt động trải nghiệm, hướng nghiệp"),
        ("tin_hoc", "Tin học"),
    ]
)


def title(*lines):
    """The title of lines, each a text or several beside each other."""
    return read_title(
        [
            [Cell(row, at, text) for at, text in enumerate([line] if isinstance(line, str) else line, 1)]
            for row, line in enumerate(lines, 1)
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("2026-2027 – Học kỳ: 1", 1),
        ("HỌC KỲ II", 2),
        ("Học kì I, năm học 2026 - 2027", 1),
        ("BẢNG ĐIỂM HK2", 2),
        ("(Học kỳ 2)", 2),
        ("HKI", 1),
        ("BẢNG ĐIỂM HỌC KỲ", None),
        ("Khiêm HKT", None),
        ("Cả năm", None),
    ],
)
def test_the_term(text, term):
    assert term_in(text) == term


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2026-2027 – Học kỳ: 1", 2026),
        ("NĂM HỌC 2025 - 2026", 2025),
        ("Năm học: 2025–2026", 2025),
        ("2025/2026", 2025),
        ("2025-2027", None),
        ("Ngày 5-1-2027", None),
    ],
)
def test_the_school_year(text, year):
    assert title(text).year == year


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Lớp: 6A", "6A"),
        ("Lớp 6a", "6A"),
        ("Lớp: 6/1", "6/1"),
        ("Lớp: 6/11", "6/11"),
        ("Khối 6 - Lớp 6A - (Học kỳ 2)", "6A"),
        ("BẢNG ĐIỂM MÔN TOÁN LỚP 10A1 HỌC KỲ I", "10A1"),
        ("Lớp: 6A, sĩ số 45", "6A"),
        ("Lớp: 6A Môn: Toán", "6A"),
        ("Lớp: Lá 1", "Lá 1"),
        (["Lớp:", "6A"], "6A"),
        (["Tên lớp", "6A10"], "6a10"),
        ("Khối lớp 6", None),
    ],
)
def test_the_class(line, found):
    assert class_named(title(line).classes, CLASSES) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Môn học: Toán", "toan"),
        ("MÔN NGỮ VĂN LỚP 6A", "ngu_van"),
        ("Môn: Hoạt động trải nghiệm, hướng nghiệp", "hdtn_hn"),
        ("Môn: LS&ĐL - Lớp 6A", "lich_su_dia_li"),
        ("Môn: Tin", "tin_hoc"),
        (["Môn học", "Toán"], "toan"),
        ("Giáo viên bộ môn: Toán", None),
        ("Tổ chuyên môn: Toán", None),
    ],
)
def test_the_subject(line, found):
    assert subject_named(title(line).subjects, SUBJECTS) == found


def test_two_classes_that_could_be_written_alike_are_told_apart_or_not_found():
    known = keyed_classes([("6/1", 1), ("61", 2)])
    assert [class_named([name], known) for name in ("6/1", "61", "6-1")] == [1, 2, None]


@pytest.mark.parametrize("name", ["6A", "Toán 6A", "6A - Toán", "6A_Toán"])
def test_the_name_of_a_sheet(name):
    assert class_named(parts_of_name(name), CLASSES) == "6A"
    assert subject_named(parts_of_name(name), SUBJECTS) == (None if name == "6A" else "toan")


def test_nothing_is_said_by_nothing():
    assert title("") == Title()
