"""The words of printed documents: Vietnamese whatever the screen speaks (Nghị định 30/2020). No Django here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from schoolbook.rules.permissions import Role
from schoolbook.rules.subjects import Level

# The last part of an address that names a commune or, in older ones, what stands above it.
_COMMUNE = re.compile(
    r"(?:xã|phường|thị trấn|đặc khu|thị xã|huyện|quận|thành phố|tp\.?)\s+(?P<name>.+)",
    re.IGNORECASE,
)
_SMALL: Final = ("xã", "phường", "thị trấn", "đặc khu")
DOTS: Final = "……………"
TITLES: Final = {
    Role.PRINCIPAL: "Hiệu trưởng",
    Role.VICE_PRINCIPAL: "Phó Hiệu trưởng",
    Role.ADMIN: "Quản trị viên hệ thống",
    Role.HOMEROOM_TEACHER: "Giáo viên chủ nhiệm",
    Role.SUBJECT_TEACHER: "Giáo viên bộ môn",
}
# A continuing-education centre has a director (regulation 003).
OF_A_CENTRE: Final = {Role.PRINCIPAL: "Giám đốc", Role.VICE_PRINCIPAL: "Phó Giám đốc"}
ROMAN: Final = {1: "I", 2: "II"}


def place_of(address: str) -> str:
    """The place that stands before a date: the commune of an address, without its kind; empty where none is named.

    >>> place_of("Số 5 đường Bến Đò, xã Hạ Lưu")
    'Hạ Lưu'
    """
    named = [
        (part, found["name"])
        for part in map(str.strip, address.split(","))
        if (found := _COMMUNE.fullmatch(part))
    ]
    small = [name for part, name in named if part.lower().startswith(_SMALL)]
    return (small or [name for _part, name in named] or [""])[0]


def title_of(role: Role, level: str, own: Mapping[str, str] | None = None) -> str:
    """How whoever holds a duty is called on paper: by the school's own word (R-014), else by the kind of school."""
    word = (own or {}).get(role.value, "")
    if word:
        return word[:1].upper() + word[1:]
    return (OF_A_CENTRE if level == Level.CONTINUING else {}).get(role) or TITLES[role]


def day_said(day: date) -> str:
    """A day in words, the small numbers with a nought in front as the decree asks: "ngày 05 tháng 02 năm 2027".

    >>> day_said(date(2027, 2, 5))
    'ngày 05 tháng 02 năm 2027'
    >>> day_said(date(2027, 3, 15))
    'ngày 15 tháng 3 năm 2027'
    """
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)  # noqa: PLR2004
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def minute_said(moment: datetime) -> str:
    """A minute as the form asks for it, giờ-phút/ngày-tháng-năm; the moment is in the time of Viet Nam.

    >>> minute_said(datetime(2027, 2, 5, 14, 7))
    '14 giờ 07 phút/05-02-2027'
    """
    return f"{moment:%H} giờ {moment:%M} phút/{moment:%d-%m-%Y}"


def printed_said(day: date) -> str:
    """What stands on every page of a print that is no periodic print of the book (R-155)."""
    return f"In {day_said(day)} (bản in phục vụ kiểm tra, quản lý; không thay thế sổ in định kì)"


def short(digest: str) -> str:
    """The beginning of a digest, as one reads it aloud.

    >>> short("0123456789abcdef" * 4)
    '0123 4567 89ab cdef'
    """
    return " ".join(digest[place : place + 4] for place in range(0, 16, 4))
