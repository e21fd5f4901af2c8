"""The columns of a sheet as the circulars name them, from the scheme of the class. Plain Python, no Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gradebook.rules.counts import regular_count
from gradebook.rules.entries import as_level
from gradebook.rules.primary_school import planned_tests
from gradebook.rules.scheme import AssessedBy, PrimaryScheme, Scheme, SecondaryScheme
from gradebook.rules.subjects import subject_name
from schoolbook.rules.names import plain

TERMS: Final = (1, 2)
MOST_REGULAR = 12
MOST_NUMBER = 50  # of any component: months and sides of the training included
MONTHS = {1: (8, 9, 10, 11, 12, 1), 2: (1, 2, 3, 4, 5)}
# The moments of TT 27/2020 by term: middle and end.
MOMENTS = {1: ("midterm1", "term1"), 2: ("midterm2", "year")}


class Component(StrEnum):
    """What a cell is of; together with a number from 1 it names a column of a sheet."""

    REGULAR = "regular"  # ĐĐGtx 1…n
    PERIODIC = "periodic"  # tests of one period and more under TT 58/2011
    MIDTERM = "midterm"
    FINAL = "final"
    RETEST = "retest"  # after the summer, beside the year's result
    COMMENT = "comment"
    LEVEL = "level"  # primary: T, H, C; 1 in the middle and 2 at the end of the term
    TEST = "test"  # primary: the periodic test, whole marks
    TEST_AGAIN = "test_again"  # primary: the second test where the first was abnormal
    CONDUCT = "conduct"
    CONDUCT_YEAR = "conduct_year"  # where the circular leaves it to the homeroom teacher
    CONDUCT_SUMMER = "conduct_summer"  # after the summer training
    TRAINING = "training"  # remark on each side of the training
    MONTH = "month"  # remark of a month, numbered by it
    QUALITY_MIDDLE = "quality_middle"
    QUALITY_END = "quality_end"
    COMPETENCE_MIDDLE = "competence_middle"
    COMPETENCE_END = "competence_end"
    TERM_RESULT = "term_result"  # taken over from another system, never typed
    YEAR_RESULT = "year_result"


# What only an import of another system's figures may bring.
TAKEN_OVER: Final = frozenset({Component.TERM_RESULT, Component.YEAR_RESULT})
# Tests that a pupil can miss.
TESTS: Final = frozenset(
    {
        Component.REGULAR,
        Component.PERIODIC,
        Component.MIDTERM,
        Component.FINAL,
        Component.TEST,
        Component.TEST_AGAIN,
        Component.RETEST,
    }
)


class ValueKind(StrEnum):
    """What a cell may hold."""

    MARK = "mark"  # 0 to 10 with at most one decimal
    WHOLE = "whole"  # 0 to 10
    LEVEL = "level"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, what it holds, and how the book heads it.

    `group` stands over several columns alike and `head` under it; without a group `head` stands alone. `levels` are
    those of a LEVEL column, best first. `required` says whether a blank cell counts as missing.
    """

    component: Component
    number: int
    kind: ValueKind
    head: str
    group: str = ""
    levels: tuple[str, ...] = ()
    required: bool = False
    whole_year: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """The name of the column in the database and in addresses."""
        return (self.component.value, self.number)

    @property
    def name(self) -> str:
        """The heading in one line, "ĐĐGtx 2"."""
        return f"{self.group} {self.head}".strip()


def regular_needed(scheme: SecondaryScheme, periods: int, assessed_by: AssessedBy) -> int:
    """How many regular assessments the circular asks for in a term."""
    return regular_count(scheme, periods_per_year=periods, assessed_by=assessed_by).count


def subject_columns(
    scheme: Scheme,
    *,
    code: str,
    assessed_by: AssessedBy,
    periods: int,
    grade: int,
    term: int,
    regular: int | None = None,
) -> tuple[Column, ...]:
    """The columns that a teacher fills for one subject, class and term, as the book orders them.

    `code` is the engine's code of the subject. `regular` is how many regular columns the sheet has, when it has more
    than the circular asks for.
    """
    if isinstance(scheme, PrimaryScheme):
        return tuple(_primary_columns(scheme, code, grade, term))
    assert isinstance(scheme, SecondaryScheme)
    return tuple(_secondary_columns(scheme, assessed_by, periods, term, regular))


def _secondary_columns(
    scheme: SecondaryScheme,
    assessed_by: AssessedBy,
    periods: int,
    term: int,
    regular: int | None,
) -> Iterable[Column]:
    scored = assessed_by is AssessedBy.SCORE
    kind = ValueKind.MARK if scored else ValueKind.LEVEL
    levels = () if scored else scheme.comment_levels
    needed = regular_needed(scheme, periods, assessed_by)
    names = dict(scheme.components)
    whole = ValueKind.WHOLE if scored and scheme.regular_marks_whole else kind
    for number in range(1, max(needed, regular or 0) + 1):
        yield Column(
            Component.REGULAR, number, whole, str(number), "ĐĐGtx", levels, number <= needed
        )
    if "periodic" in names:
        for number in range(1, max(scheme.minimum_periodic, 1) + 2):
            required = number <= scheme.minimum_periodic
            yield Column(
                Component.PERIODIC, number, kind, str(number), "KT định kì", levels, required
            )
    if "midterm" in names:
        yield Column(Component.MIDTERM, 1, kind, "ĐĐGgk", "", levels, required=True)
    yield Column(Component.FINAL, 1, kind, "ĐĐGck", "", levels, required=True)
    if term == 2:
        yield Column(Component.RETEST, 1, kind, "Đánh giá lại", "", levels, whole_year=True)
    yield Column(Component.COMMENT, 1, ValueKind.TEXT, "Nhận xét")


def _primary_columns(scheme: PrimaryScheme, code: str, grade: int, term: int) -> Iterable[Column]:
    for number, moment in enumerate(MOMENTS[term], start=1):
        group = MOMENT_HEADS[moment]
        yield Column(
            Component.LEVEL,
            number,
            ValueKind.LEVEL,
            "Mức đạt được",
            group,
            scheme.subject_levels,
            required=True,
        )
        if code in planned_tests(scheme, grade, moment):
            yield Column(Component.TEST, number, ValueKind.WHOLE, "Điểm KT", group, required=True)
            yield Column(Component.TEST_AGAIN, number, ValueKind.WHOLE, "KT lại", group)
        yield Column(Component.COMMENT, number, ValueKind.TEXT, "Nhận xét", group)


MOMENT_HEADS = {
    "midterm1": "Giữa HKI",
    "term1": "Cuối HKI",
    "midterm2": "Giữa HKII",
    "year": "Cuối năm",
}


def class_columns(scheme: Scheme, *, term: int) -> tuple[Column, ...]:
    """The columns that the homeroom teacher fills for the class: conduct and remarks, or qualities and competences."""
    if isinstance(scheme, PrimaryScheme):
        return tuple(_primary_class_columns(scheme, term))
    assert isinstance(scheme, SecondaryScheme)
    return tuple(_homeroom_columns(scheme, term))


def _homeroom_columns(scheme: SecondaryScheme, term: int) -> Iterable[Column]:
    levels = scheme.conduct_levels
    head = "Kết quả rèn luyện" if scheme.conduct_table else "Hạnh kiểm"
    yield Column(Component.CONDUCT, 1, ValueKind.LEVEL, head, "", levels, required=True)
    if term == 2:
        if not scheme.conduct_table:
            yield Column(
                Component.CONDUCT_YEAR,
                1,
                ValueKind.LEVEL,
                f"{head} cả năm",
                "",
                levels,
                required=True,
                whole_year=True,
            )
        yield Column(
            Component.CONDUCT_SUMMER,
            1,
            ValueKind.LEVEL,
            "Sau rèn luyện hè",
            "",
            levels,
            whole_year=True,
        )
    for month in MONTHS[term]:
        yield Column(Component.MONTH, month, ValueKind.TEXT, str(month), "Nhận xét tháng")
    yield Column(Component.TRAINING, 1, ValueKind.TEXT, "Rèn luyện từng mặt", "Nhận xét")
    yield Column(Component.COMMENT, 1, ValueKind.TEXT, f"Học kì {'I' * term}", "Nhận xét")
    if term == 2:
        yield Column(Component.COMMENT, 2, ValueKind.TEXT, "Cả năm", "Nhận xét", whole_year=True)


def _primary_class_columns(scheme: PrimaryScheme, term: int) -> Iterable[Column]:
    for number, moment in enumerate(MOMENTS[term], start=1):
        head = MOMENT_HEADS[moment]
        quality = (Component.QUALITY_MIDDLE, Component.QUALITY_END)[number - 1]
        competence = (Component.COMPETENCE_MIDDLE, Component.COMPETENCE_END)[number - 1]
        for component, codes in ((quality, scheme.qualities), (competence, scheme.competences)):
            kind = "phẩm chất" if component is quality else "năng lực"
            for place, code in enumerate(codes, start=1):
                yield Column(
                    component,
                    place,
                    ValueKind.LEVEL,
                    subject_name(code),
                    f"{head}: {kind}",
                    scheme.quality_levels,
                    required=True,
                )
        yield Column(Component.COMMENT, number, ValueKind.TEXT, head, "Nhận xét")


# What other books and people write for the one-letter levels, without diacritics.
_SPELT = {
    ("Đ", "CĐ"): {"dat": "Đ", "chua dat": "CĐ"},
    ("T", "H", "C"): {"hoan thanh tot": "T", "hoan thanh": "H", "chua hoan thanh": "C"},
    ("T", "Đ", "C"): {"tot": "T", "dat": "Đ", "can co gang": "C"},
}


def typed_level(typed: str, levels: tuple[str, ...]) -> str:
    """The level that somebody typed: in full, by its initials, with or without diacritics and capitals.

    Raises UnknownLevel.
    """
    wanted = plain(typed)
    spelt = _SPELT.get(levels, {}).get(wanted)
    if spelt:
        return spelt
    for level in levels:
        words = plain(level).split()
        if wanted in {" ".join(words), "".join(word[0] for word in words)}:
            return level
    return as_level(typed, levels)
