"""What spreadsheets a school imports, which columns they have, and which of their sheets is meant. No Django here.

Headings are those of vnEdu, SMAS and the sector's database. Rows are matched by codes; names only confirm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from schoolbook.rules import names
from schoolbook.rules.cells import (
    Cell,
    Kind,
    Parse,
    Refusal,
    Sheet,
    Unreadable,
    address,
    as_code,
    as_date,
    as_text,
    digits,
    one_of,
)
from schoolbook.rules.tables import Column, Header, Row, find_header, heading_key, parse_rows

Found = TypeVar("Found")
NATIONAL_ID_DIGITS = 12
LONGEST_SORT_KEY = 600
SCHOOL_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*[-–—/]\s*(20\d\d)(?!\d)")


class ImportKind(StrEnum):
    """What a spreadsheet brings."""

    STAFF = "staff"
    STUDENTS = "students"
    ASSIGNMENTS = "assignments"


# How cells are read --------------------------------------------------------------------------------


def text_of(longest: int, parse: Parse = as_text) -> Parse:
    """How to read a text of at most so many characters."""

    def as_short_text(cell: Cell) -> object:
        text = str(parse(cell))
        if len(text) > longest:
            raise Unreadable("too_long", limit=str(longest))
        return text

    return as_short_text


def as_name(cell: Cell) -> str:
    """The full name of a person; it has at least one letter, and few that are not Latin.

    Raises Unreadable.
    """
    name = names.tidy(cell.text)
    key = names.sort_key(name)
    letters = any(character.isalpha() for character in name)
    if cell.kind is not Kind.TEXT or not letters or len(key) > LONGEST_SORT_KEY:
        raise Unreadable("not_a_name", text=cell.text)
    return name


def as_class(cell: Cell) -> str:
    """The name of a class. Excel makes a day of one like 6/1, and then nobody knows which class it was.

    Raises Unreadable.
    """
    if cell.kind is Kind.DATE:
        raise Unreadable("class_became_date", text=as_text(cell))
    return as_text(cell)


# Columns -------------------------------------------------------------------------------------------

_STAFF_CODE = (
    "Mã giáo viên", "Mã GV", "Mã cán bộ", "Mã CB", "Mã nhân viên", "Mã NV", "Mã CBGVNV", "Mã cán bộ giáo viên",
    "Mã định danh giáo viên", "Mã định danh CBGVNV", "Mã định danh",
)  # fmt: skip
_USERNAME = ("Tên đăng nhập", "Tên tài khoản", "Tài khoản", "Username")
_CLASS = ("Lớp", "Tên lớp", "Lớp học")

STAFF = (
    Column("code", _STAFF_CODE, required=True, parse=text_of(30, as_code)),
    Column(
        "full_name",
        ("Họ và tên", "Họ tên", "Họ và tên giáo viên", "Họ tên giáo viên", "Tên giáo viên", "Họ tên CBGVNV"),
        required=True,
        parse=text_of(150, as_name),
    ),
    Column(
        "department",
        ("Tổ chuyên môn", "Tổ", "Tổ bộ môn", "Tổ CM", "Tổ khối", "Thuộc tổ"),
        parse=text_of(100),
    ),
    Column("username", _USERNAME, parse=text_of(64, as_code)),
)  # fmt: skip

STUDENTS = (
    Column(
        "code",
        ("Mã học sinh", "Mã HS", "Mã học viên", "Mã HV", "Mã số học sinh", "Mã định danh", "Mã định danh học sinh",
         "Mã định danh HS"),
        required=True,
        parse=text_of(30, as_code),
    ),
    Column(
        "full_name",
        ("Họ và tên", "Họ tên", "Họ và tên học sinh", "Họ tên học sinh", "Họ tên HS", "Tên học sinh",
         "Họ và tên học viên"),
        required=True,
        parse=text_of(150, as_name),
    ),
    Column(
        "born_on",
        ("Ngày sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Sinh ngày", "NTNS"),
        required=True,
        kind=Kind.DATE,
        parse=as_date,
    ),
    Column(
        "sex",
        ("Giới tính", "Phái", "Nam/Nữ", "Giới"),
        required=True,
        parse=one_of({"Nam": "male", "Nữ": "female"}),
    ),
    Column("class_name", _CLASS, required=True, parse=text_of(20, as_class)),
    Column(
        "national_id",
        (
            "Số định danh cá nhân", "Số ĐDCN", "Mã định danh cá nhân", "Mã số định danh cá nhân", "CCCD", "Số CCCD",
            "Căn cước công dân", "Số căn cước", "Số căn cước công dân", "Số CMND/CCCD", "CCCD/Mã định danh",
            "Số ĐDCN/CCCD", "Số CCCD/Mã định danh",
        ),
        parse=digits(NATIONAL_ID_DIGITS),
    ),
    Column("birth_place", ("Nơi sinh",), parse=text_of(200)),
    Column("ethnicity", ("Dân tộc",), parse=text_of(50)),
    Column(
        "priority",
        ("Diện ưu tiên", "Đối tượng ưu tiên", "Đối tượng chính sách", "Diện chính sách", "Chế độ chính sách"),
        parse=text_of(100),
    ),
    Column(
        "address",
        ("Địa chỉ", "Chỗ ở hiện nay", "Chỗ ở hiện tại", "Nơi ở hiện nay", "Địa chỉ hiện nay", "Địa chỉ liên hệ"),
        parse=text_of(300),
    ),
    Column(
        "note",
        ("Những thay đổi cần chú ý", "Thay đổi cần chú ý", "Những thay đổi cần chú ý của học sinh"),
        parse=text_of(500),
    ),
)  # fmt: skip

ASSIGNMENTS = (
    Column("class_name", _CLASS, required=True, parse=text_of(20, as_class)),
    Column(
        "subject",
        ("Môn học", "Môn", "Tên môn", "Tên môn học", "Môn dạy", "Môn/Chủ nhiệm", "Phân môn"),
        required=True,
        parse=text_of(100),
    ),
    Column("teacher_code", _STAFF_CODE, parse=text_of(64, as_code)),
    Column("username", _USERNAME, parse=text_of(64, as_code)),
    Column(
        "teacher_name",
        ("Giáo viên", "Họ và tên", "Họ tên", "Họ và tên giáo viên", "Họ tên giáo viên", "Tên giáo viên",
         "Giáo viên dạy"),
        parse=text_of(150),
    ),
)  # fmt: skip

COLUMNS = {
    ImportKind.STAFF: STAFF,
    ImportKind.STUDENTS: STUDENTS,
    ImportKind.ASSIGNMENTS: ASSIGNMENTS,
}

# What schools write for subjects, beside the Ministry's name and the code.
SUBJECT_WORDS: dict[str, tuple[str, ...]] = {
    "ngu_van": ("Văn", "Ng.văn", "NV"),
    "ngoai_ngu_1": ("Ngoại ngữ", "Ng.ngữ", "Tiếng Anh", "T.Anh", "Anh văn", "Anh", "NN1"),
    "gdcd": ("GDCD", "Giáo dục công dân"),
    "lich_su_dia_li": ("LS&ĐL", "Lịch sử & Địa lí", "Sử - Địa", "LSĐL", "Lịch sử và Địa lý"),
    "khtn": ("KHTN",),
    "cong_nghe": ("C.nghệ", "CN"),
    "tin_hoc": ("Tin",),
    "gdtc": ("GDTC", "Thể dục", "TD"),
    "nghe_thuat": ("N.thuật",),
    "hdtn_hn": ("HĐTN,HN", "HĐTN&HN", "HĐTNHN", "HĐTN", "Hoạt động trải nghiệm"),
    "hdtn": ("HĐTN",),
    "gddp": ("NDGDCĐP", "NDGDĐP", "GDĐP", "Giáo dục địa phương", "Nội dung GD của địa phương"),
    "gdqp_an": ("GDQP", "GDQPAN", "GDQP&AN", "Quốc phòng"),
    "dia_li": ("Địa", "Địa lý"),
    "lich_su": ("Sử",),
    "gdkt_pl": ("GDKT&PL", "KTPL", "GDKTPL"),
    "vat_li": ("Lí", "Lý", "Vật lý"),
    "hoa_hoc": ("Hóa",),
    "sinh_hoc": ("Sinh",),
    "mi_thuat": ("Mỹ thuật",),
    "tnxh": ("TNXH", "TN&XH"),
    "tieng_viet": ("TV", "T.Việt"),
}
HOMEROOM_WORDS = ("Chủ nhiệm", "GVCN", "Giáo viên chủ nhiệm", "CN lớp", "Chủ nhiệm lớp")
_HOMEROOM_KEYS = {heading_key(word) for word in HOMEROOM_WORDS}


def is_homeroom(text: str) -> bool:
    """Whether the cell of a subject speaks of the homeroom teacher."""
    return heading_key(text) in _HOMEROOM_KEYS


def subject_keys(code: str, name: str) -> set[str]:
    """Everything a subject may be called, as it is compared: without case, diacritics, spaces and punctuation."""
    return {
        heading_key(word) for word in (name, code.replace("_", " "), *SUBJECT_WORDS.get(code, ()))
    }


def keyed_subjects(subjects: Iterable[tuple[str, str, Found]]) -> dict[str, Found | None]:
    """Subjects, given as code, name and what is meant, by everything they may be called.

    Of two that may be called so, neither is meant, unless it is the name of one.
    """
    listed = list(subjects)
    found: dict[str, Found | None] = {}
    for code, name, subject in listed:
        for key in subject_keys(code, name):
            found[key] = None if key in found else subject
    return found | {heading_key(name): subject for _code, name, subject in listed}


def class_keys(name: str) -> tuple[str, str]:
    """How a class is found: as it is written but for case and spaces, and more loosely: "Lớp 6a" finds "6A"."""
    close = "".join(name.casefold().split())
    return close.removeprefix("lớp"), heading_key(close).removeprefix("lop")


# Which sheet, and what it says ---------------------------------------------------------------------


@dataclass(frozen=True)
class Content:
    """What was read of a spreadsheet: everything that comparing needs, and what the reader should know of the rest."""

    sheet: str
    places: Mapping[str, int]
    unread: tuple[str, ...]
    hidden_rows: int
    rows: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """A form that JSON keeps; days as 2026-01-31."""
        return {
            "sheet": self.sheet,
            "places": dict(self.places),
            "unread": list(self.unread),
            "hidden_rows": self.hidden_rows,
            "rows": [
                [
                    row.number,
                    {k: v.isoformat() if isinstance(v, date) else v for k, v in row.values.items()},
                    [[r.address, r.sentence, dict(r.params)] for r in row.refusals],
                ]
                for row in self.rows
            ],
        }

    @classmethod
    def from_json(cls, form: Mapping[str, Any], columns: Sequence[Column]) -> Content:
        """The way back."""
        days = {column.name for column in columns if column.kind is Kind.DATE}
        places = form["places"]
        rows = (
            Row(
                number,
                {k: date.fromisoformat(v) if k in days else v for k, v in values.items()},
                tuple(Refusal(*refusal) for refusal in refusals),
                {name: address(number, place) for name, place in places.items()},
            )
            for number, values, refusals in form["rows"]
        )
        return cls(form["sheet"], places, tuple(form["unread"]), form["hidden_rows"], tuple(rows))


class NoTable(Exception):
    """No sheet holds the table, or more than one does; `refusals` say so, `sheet` names the one that came closest."""

    def __init__(self, sheet: str, *refusals: Refusal) -> None:
        super().__init__(sheet)
        self.sheet, self.refusals = sheet, refusals


def read_table(sheets: Sequence[Sheet], kind: ImportKind, *, year: int | None) -> Content:
    """Read the one sheet that has the headings of this kind; `year` is the one that its title may not contradict.

    Raises NoTable.
    """
    columns = COLUMNS[kind]
    found = [(sheet, find_header(sheet, columns)) for sheet in sheets]
    whole = [(sheet, header) for sheet, header in found if not header.refusals]
    if not whole:
        sheet, header = max(found, key=lambda pair: len(pair[1].places))
        raise NoTable(sheet.name, *header.refusals)
    if len(whole) > 1:
        listed = ", ".join(sheet.name for sheet, _ in whole)
        raise NoTable("", Refusal("", "several_tables", {"sheets": listed}))
    sheet, header = whole[0]
    _refuse_another_year(sheet, header, year)
    code = "code" if kind is not ImportKind.ASSIGNMENTS else ""
    rows = parse_rows(sheet, header, columns, code=code)
    if not rows:
        raise NoTable(sheet.name, Refusal("", "no_rows"))
    unread = tuple(f"{cell.text} ({cell.address})" for cell in header.unknown if _matters(cell))
    numbers = {row.number for row in rows}
    return Content(sheet.name, header.places, unread, len(numbers & sheet.hidden_rows), rows)


def _matters(cell: Cell) -> bool:
    """Every list numbers its rows; nobody wonders that the numbers are not read."""
    return heading_key(cell.text) not in {"stt", "tt", "sott", "sothutu"}


def _refuse_another_year(sheet: Sheet, header: Header, year: int | None) -> None:
    for cell in (cell for cells in sheet.rows for cell in cells if cell.row < header.first_row):
        for first, second in SCHOOL_YEAR.findall(cell.text):
            if year is not None and int(second) == int(first) + 1 and int(first) != year:
                params = {"there": f"{first}-{second}", "chosen": f"{year}-{year + 1}"}
                raise NoTable(sheet.name, Refusal(cell.address, "another_year", params))
