"""Which circular holds for a class: by level of schooling, grade and school year."""

from __future__ import annotations

from enum import StrEnum

from gradebook.rules.errors import (
    BadNumber,
    NotInScheme,
    SchemeNotHeld,
    UnknownGrade,
    UnknownScheme,
    UnknownSchoolLevel,
)
from gradebook.rules.scheme import PrimaryScheme, Scheme, SecondaryScheme
from gradebook.rules.tt22 import TT22
from gradebook.rules.tt26 import TT26
from gradebook.rules.tt27 import TT27
from gradebook.rules.tt43 import TT43
from gradebook.rules.tt58 import TT58

SCHEMES: dict[str, Scheme] = {scheme.id: scheme for scheme in (TT58, TT26, TT22, TT27, TT43)}


class SchoolLevel(StrEnum):
    """Level of schooling: tiểu học, THCS, THPT, giáo dục thường xuyên."""

    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"
    CONTINUING = "continuing"


# Grade: first school year (by its first calendar year) under the newest circular.
_PRIMARY = {1: 2020, 2: 2021, 3: 2022, 4: 2023, 5: 2024}
_LOWER = {6: 2021, 7: 2022, 8: 2023, 9: 2024}
_UPPER = {10: 2022, 11: 2023, 12: 2024}

_ROLL_OUT: dict[SchoolLevel, tuple[dict[int, int], Scheme]] = {
    SchoolLevel.PRIMARY: (_PRIMARY, TT27),
    SchoolLevel.LOWER_SECONDARY: (_LOWER, TT22),
    SchoolLevel.UPPER_SECONDARY: (_UPPER, TT22),
    SchoolLevel.CONTINUING: (_LOWER | _UPPER, TT43),
}
_AMENDED_FROM = 2020
_SECONDARY_FROM = 2011
_OLDER = {
    SchoolLevel.PRIMARY: "TT 30/2014 (sửa đổi: TT 22/2016)",
    SchoolLevel.CONTINUING: "QĐ 02/2007 (sửa đổi: TT 26/2014)",
    SchoolLevel.LOWER_SECONDARY: "QĐ 40/2006",
    SchoolLevel.UPPER_SECONDARY: "QĐ 40/2006",
}
_FIRST_YEAR, _LAST_YEAR = 1945, 2200


def scheme_for(level: str, grade: int, year_start: int) -> Scheme:
    """Return the scheme of a grade in the school year that starts in `year_start`.

    The scheme belongs to the class and the year, never to the school: old years keep their
    circular. Raises SchemeNotHeld, which names it, for a circular this engine does not compute;
    UnknownSchoolLevel, UnknownGrade or BadNumber for input that cannot be.
    """
    if level not in tuple(SchoolLevel):
        raise UnknownSchoolLevel(given=level, accepted=tuple(SchoolLevel))
    known = SchoolLevel(level)
    starts, newest = _ROLL_OUT[known]
    if grade not in starts:
        raise UnknownGrade(given=grade, accepted=tuple(starts))
    if not _FIRST_YEAR <= year_start <= _LAST_YEAR:
        raise BadNumber(what="year_start", least=_FIRST_YEAR, most=_LAST_YEAR, given=year_start)
    if year_start >= starts[grade]:
        return newest
    if newest is TT22 and year_start >= _SECONDARY_FROM:
        return TT26 if year_start >= _AMENDED_FROM else TT58
    years = f"{year_start}-{year_start + 1}"
    raise SchemeNotHeld(grade=grade, year=years, circular=_OLDER[known])


def scheme_by_id(scheme_id: str) -> Scheme:
    """Return the scheme with this id. Raises UnknownScheme."""
    scheme = SCHEMES.get(scheme_id)
    if scheme is None:
        raise UnknownScheme(given=scheme_id, accepted=tuple(SCHEMES))
    return scheme


def secondary(scheme_id: str, kind: str = "secondary") -> SecondaryScheme:
    """Return a scheme of marks and levels. Raises UnknownScheme, NotInScheme for `kind`."""
    scheme = scheme_by_id(scheme_id)
    if not isinstance(scheme, SecondaryScheme):
        raise NotInScheme(kind=kind, scheme=scheme.circular)
    return scheme


def primary(scheme_id: str, kind: str = "primary") -> PrimaryScheme:
    """Return a scheme of levels of completion. Raises UnknownScheme, NotInScheme for `kind`."""
    scheme = scheme_by_id(scheme_id)
    if not isinstance(scheme, PrimaryScheme):
        raise NotInScheme(kind=kind, scheme=scheme.circular)
    return scheme
