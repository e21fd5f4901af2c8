"""Subjects by level, with the Ministry's names (TT 32/2018; TT 43/2021 for continuing education). No Django here.

It is what a school starts from: each school keeps its own list and periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """The levels of education, as the assessment engine names them."""

    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"
    CONTINUING = "continuing"


GRADES: dict[Level, range] = {
    Level.PRIMARY: range(1, 6),
    Level.LOWER_SECONDARY: range(6, 10),
    Level.UPPER_SECONDARY: range(10, 13),
    Level.CONTINUING: range(6, 13),
}


# Where one stage of schooling ends and pupils do not simply go on to the next grade of the same school.
STAGES: dict[Level, tuple[range, ...]] = {
    Level.PRIMARY: (range(1, 6),),
    Level.LOWER_SECONDARY: (range(6, 10),),
    Level.UPPER_SECONDARY: (range(10, 13),),
    Level.CONTINUING: (range(6, 10), range(10, 13)),
}


def first_grades(level: Level) -> set[int]:
    """The grades in which pupils come to a school of this level."""
    return {stage[0] for stage in STAGES[level]}


def last_grades(level: Level) -> set[int]:
    """The grades after which pupils leave a school of this level, or begin another stage there."""
    return {stage[-1] for stage in STAGES[level]}


class AssessedBy(StrEnum):
    """How a subject is assessed: by mark (with comments), or by comment alone."""

    SCORE = "score"
    COMMENT = "comment"


@dataclass(frozen=True)
class CatalogueEntry:
    """A subject of the catalogue; `grades` are those in which a class usually has it, `periods` those of a year."""

    code: str
    name: str
    assessed_by: AssessedBy
    periods: int
    grades: range


def _entries(
    grades: range, score: dict[str, tuple[str, int]], comment: dict[str, tuple[str, int]]
) -> list[CatalogueEntry]:
    return [
        CatalogueEntry(code, name, how, periods, grades)
        for how, group in ((AssessedBy.SCORE, score), (AssessedBy.COMMENT, comment))
        for code, (name, periods) in group.items()
    ]


# In primary classes every subject gets a level T, H or C; those in "score" also have periodic tests (TT 27/2020
# Article 7), in which grades is the engine's business.
CATALOGUE: dict[Level, list[CatalogueEntry]] = {
    Level.PRIMARY: [
        *_entries(
            range(1, 6),
            {"tieng_viet": ("Tiếng Việt", 245), "toan": ("Toán", 175)},
            {
                "dao_duc": ("Đạo đức", 35),
                "gdtc": ("Giáo dục thể chất", 70),
                "am_nhac": ("Âm nhạc", 35),
                "mi_thuat": ("Mĩ thuật", 35),
                "hdtn": ("Hoạt động trải nghiệm", 105),
            },
        ),
        *_entries(range(1, 4), {}, {"tnxh": ("Tự nhiên và Xã hội", 70)}),
        *_entries(
            range(3, 6),
            {
                "ngoai_ngu_1": ("Ngoại ngữ 1", 140),
                "tin_hoc": ("Tin học", 35),
                "cong_nghe": ("Công nghệ", 35),
            },
            {},
        ),
        *_entries(
            range(4, 6),
            {"lich_su_dia_li": ("Lịch sử và Địa lí", 70), "khoa_hoc": ("Khoa học", 70)},
            {},
        ),
    ],
    Level.LOWER_SECONDARY: _entries(
        range(6, 10),
        {
            "ngu_van": ("Ngữ văn", 140),
            "toan": ("Toán", 140),
            "ngoai_ngu_1": ("Ngoại ngữ 1", 105),
            "gdcd": ("Giáo dục công dân", 35),
            "lich_su_dia_li": ("Lịch sử và Địa lí", 105),
            "khtn": ("Khoa học tự nhiên", 140),
            "cong_nghe": ("Công nghệ", 52),
            "tin_hoc": ("Tin học", 35),
        },
        {
            "gdtc": ("Giáo dục thể chất", 70),
            "nghe_thuat": ("Nghệ thuật", 70),
            "hdtn_hn": ("Hoạt động trải nghiệm, hướng nghiệp", 105),
            "gddp": ("Nội dung giáo dục của địa phương", 35),
        },
    ),
    Level.UPPER_SECONDARY: _entries(
        range(10, 13),
        {
            "ngu_van": ("Ngữ văn", 105),
            "toan": ("Toán", 105),
            "ngoai_ngu_1": ("Ngoại ngữ 1", 105),
            "lich_su": ("Lịch sử", 52),
            "gdqp_an": ("Giáo dục quốc phòng và an ninh", 35),
            "dia_li": ("Địa lí", 70),
            "gdkt_pl": ("Giáo dục kinh tế và pháp luật", 70),
            "vat_li": ("Vật lí", 70),
            "hoa_hoc": ("Hóa học", 70),
            "sinh_hoc": ("Sinh học", 70),
            "cong_nghe": ("Công nghệ", 70),
            "tin_hoc": ("Tin học", 70),
        },
        {
            "gdtc": ("Giáo dục thể chất", 70),
            "am_nhac": ("Âm nhạc", 70),
            "mi_thuat": ("Mĩ thuật", 70),
            "hdtn_hn": ("Hoạt động trải nghiệm, hướng nghiệp", 105),
            "gddp": ("Nội dung giáo dục của địa phương", 35),
        },
    ),
    Level.CONTINUING: [
        *_entries(
            range(6, 10),
            {
                "ngu_van": ("Ngữ văn", 140),
                "toan": ("Toán", 140),
                "lich_su_dia_li": ("Lịch sử và Địa lí", 105),
                "khtn": ("Khoa học tự nhiên", 140),
                "gdcd": ("Giáo dục công dân", 35),
            },
            {},
        ),
        *_entries(
            range(10, 13),
            {
                "ngu_van": ("Ngữ văn", 105),
                "toan": ("Toán", 105),
                "lich_su": ("Lịch sử", 52),
                "dia_li": ("Địa lí", 70),
                "vat_li": ("Vật lí", 70),
                "hoa_hoc": ("Hóa học", 70),
                "sinh_hoc": ("Sinh học", 70),
                "gdkt_pl": ("Giáo dục kinh tế và pháp luật", 70),
            },
            {"hdtn_hn": ("Hoạt động trải nghiệm, hướng nghiệp", 105)},
        ),
    ],
}


def usual_subjects(level: Level, grade: int) -> list[CatalogueEntry]:
    """What a class of this grade usually studies at this level, in the order of the books."""
    return [entry for entry in CATALOGUE[level] if grade in entry.grades]
