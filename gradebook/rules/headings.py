"""What the columns of a mark sheet in Excel are headed: vnEdu, SMAS, the sector's database, and our own export.

Headings are compared without case, diacritics, spaces, line breaks and punctuation. Plain Python, no Django.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from gradebook.rules.columns import MOST_REGULAR, Component
from schoolbook.rules.imports import STUDENTS
from schoolbook.rules.tables import Column, heading_key

MOST_OLD = 6  # oral, 15-minute and 45-minute columns of TT 58/2011
MOMENTS = 2

# Who a row is about.
_PUPIL = MappingProxyType({column.name: column.headings for column in STUDENTS})
_IDENTIFIER = tuple(word for word in _PUPIL["code"] if "định danh" in word)
CODES: Final = ("code", "identifier", "national_id")
CODE_HEADINGS: Final = ("Mã định danh", "Mã học sinh")

_REGULAR = (
    "ĐĐGtx", "ĐGtx", "TX", "Điểm TX", "KTTX", "KT thường xuyên", "Điểm thường xuyên", "ĐĐG thường xuyên",
    "Đánh giá thường xuyên", "Điểm đánh giá thường xuyên",
)  # fmt: skip
_MIDTERM = (
    "ĐĐGgk", "ĐGgk", "GK", "Điểm GK", "KTGK", "Giữa kỳ", "Điểm giữa kỳ", "KT giữa kỳ", "Giữa học kỳ", "ĐĐG giữa kỳ",
    "Đánh giá giữa kỳ",
)  # fmt: skip
_FINAL = (
    "ĐĐGck", "ĐGck", "CK", "Điểm CK", "KTCK", "Cuối kỳ", "Điểm cuối kỳ", "KT cuối kỳ", "Cuối học kỳ", "ĐĐG cuối kỳ",
    "Đánh giá cuối kỳ", "HK", "KThk", "KT học kỳ", "Thi HK", "Thi học kỳ",
)  # fmt: skip
_RETEST = ("Đánh giá lại", "KT lại", "Kiểm tra lại", "Thi lại")
_COMMENT = ("Nhận xét", "NX", "Nhận xét của giáo viên", "Lời nhận xét")
# TT 58/2011: marks of weight 1, which are the regular ones, and those of weight 2.
_ORAL = ("M", "Miệng", "KT miệng", "Điểm miệng")
_SHORT = ("15P", "15'", "15 phút", "KT 15P", "KT 15'", "KT 15 phút", "Kiểm tra 15 phút")
_PERIODIC = ("KT định kỳ", "1T", "45P", "45'", "1 tiết", "45 phút", "KT 1 tiết", "KT 1T", "KT 45P")
# Results of another book; without a term they are of the term of the sheet.
_AVERAGE = (
    "ĐTBmhk",
    "TBmhk",
    "ĐTB HK",
    "TB HK",
    "TBM HK",
    "ĐTBm HK",
    "ĐTB học kỳ",
    "ĐTB môn học kỳ",
)
_YEAR = ("ĐTBmcn", "TBmcn", "CN", "ĐTB CN", "TBM CN", "Cả năm", "ĐTB cả năm", "ĐTB môn cả năm")
AVERAGES: Final = ("average", "average1", "average2", "average_year")
# Primary school: a group of columns for each of the two moments of a term.
_MOMENT = (
    ("Giữa HKI", "Giữa HKII", "Giữa học kỳ I", "Giữa học kỳ II", "GHKI", "GHKII", "Giữa kỳ"),
    ("Cuối HKI", "Cuối HKII", "Cuối năm", "Cuối học kỳ I", "Cuối học kỳ II", "CHKI", "CHKII", "Cuối kỳ"),
)  # fmt: skip
_OF_MOMENT = {
    Component.LEVEL: ("Mức đạt được", "Mức", "Mức độ", "Mức độ đạt được"),
    Component.TEST: ("Điểm KT", "Điểm KTĐK", "KTĐK", "Điểm", "Điểm kiểm tra"),
    Component.TEST_AGAIN: ("KT lại", "Điểm KT lại", "Kiểm tra lại"),
    Component.COMMENT: _COMMENT,
}


def _spelt(words: Iterable[str]) -> tuple[str, ...]:
    """Each with "kỳ" and with "kì", which are one word in two spellings."""
    found = [spelling for word in words for spelling in (word, word.replace("kỳ", "kì"))]
    return tuple(dict.fromkeys(found))


def _numbered(name: str, words: tuple[str, ...], most: int) -> Iterable[Column]:
    for number in range(1, most + 1):
        headings = [f"{word} {middle}{number}" for middle in ("", "lần ") for word in _spelt(words)]
        if number == 1:
            headings += _spelt(words)
        yield Column(f"{name}-{number}", tuple(headings))


def _of_moments() -> Iterable[Column]:
    for number, groups in enumerate(_MOMENT, start=1):
        for component, words in _OF_MOMENT.items():
            headings = [f"{group} {word}" for group in _spelt(groups) for word in words]
            if component is Component.COMMENT and number == 1:
                headings += _spelt(_COMMENT)
            yield Column(f"{component.value}-{number}", tuple(headings))


def _averages() -> Iterable[Column]:
    yield Column("average", _spelt((*_AVERAGE, "ĐTBm", "TBm", "ĐTB", "TB môn")))
    for name, ends in (("average1", ("1", "I")), ("average2", ("2", "II"))):
        yield Column(name, tuple(f"{word}{end}" for word in _spelt(_AVERAGE) for end in ends))
    yield Column("average_year", _YEAR)


COLUMNS: Final = (
    Column("order", ("STT", "TT", "Số TT", "Số thứ tự")),
    Column("class_name", _PUPIL["class_name"]),
    Column("subject", ("Môn học", "Môn", "Tên môn", "Tên môn học")),
    Column("code", tuple(word for word in _PUPIL["code"] if word not in _IDENTIFIER)),
    Column("identifier", _IDENTIFIER),
    Column("national_id", _PUPIL["national_id"]),
    Column("full_name", _PUPIL["full_name"], required=True),
    Column("born_on", _PUPIL["born_on"]),
    *_numbered(Component.REGULAR.value, _REGULAR, MOST_REGULAR),
    *_numbered("oral", _ORAL, MOST_OLD),
    *_numbered("short", _SHORT, MOST_OLD),
    *_numbered(Component.PERIODIC.value, _PERIODIC, MOST_OLD),
    Column("midterm-1", _spelt(_MIDTERM)),
    Column("final-1", _spelt(_FINAL)),
    Column("retest-1", _RETEST),
    *_of_moments(),
    *_averages(),
)
BY_NAME: Final[Mapping[str, Column]] = MappingProxyType({column.name: column for column in COLUMNS})
ABOUT_THE_PUPIL: Final = frozenset(column.name for column in COLUMNS[:8])
BARE_REGULAR: Final = frozenset(
    map(heading_key, (*_spelt(_REGULAR), *_ORAL, *_SHORT, *_spelt(_PERIODIC)))
)
_OLD_REGULAR = ("oral", "short")


def components(places: Mapping[str, int]) -> dict[str, tuple[str, int]]:
    """Which component and number each column of marks means, from the places of the columns that were found.

    Oral and 15-minute marks are the regular ones of TT 58/2011, in the order in which they stand; beside columns of
    regular marks they mean nothing. Averages are not here.
    """
    found: dict[str, tuple[str, int]] = {}
    has_regular = "regular-1" in places
    old = [name for name in places if name.partition("-")[0] in _OLD_REGULAR]
    for number, name in enumerate(sorted(old, key=places.__getitem__), start=1):
        if not has_regular:
            found[name] = (Component.REGULAR.value, number)
    for name in places:
        component, dash, number_text = name.partition("-")
        if dash and component not in _OLD_REGULAR:
            found[name] = (component, int(number_text))
    return found


def result_of(name: str, term: int) -> str | None:
    """Which taken-over result a column of averages means on the sheet of a term; None where it has no place there."""
    if name == "average_year":
        return Component.YEAR_RESULT.value if term == MOMENTS else None
    if name in {"average", f"average{term}"}:
        return Component.TERM_RESULT.value
    return None
