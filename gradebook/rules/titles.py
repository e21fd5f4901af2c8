"""What the lines above a table of marks, and the name of its sheet, say of it. Plain Python, no Django."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from schoolbook.rules.cells import Cell
from schoolbook.rules.imports import SCHOOL_YEAR, class_keys
from schoolbook.rules.names import search_key
from schoolbook.rules.tables import heading_key

Found = TypeVar("Found")
_TERM = re.compile(r"\b(?:hoc k[yi]|hk) ?(ii|i|2|1)\b")
_TERMS = {"i": 1, "1": 1, "ii": 2, "2": 2}
_CLASS = re.compile(r"(?<!khối )(?<!\w)lớp(?!\w)(?: học)?\s*:?\s*(?P<rest>.*)", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?<!chuyên )(?<!bộ )(?<!\w)môn(?!\w)(?: học)?\s*:?\s*(?P<rest>.*)", re.IGNORECASE
)
# Where the name of a class or subject ends when more follows in the same line.
_END = re.compile(
    r"\s*(?:[,;(|]|\s[-–—]\s|(?<!\w)(?:lớp|môn|năm học|học k[ỳìyi]|hk[i1-2]|sĩ số|gv\w*|giáo viên)(?!\w))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Title:
    """The school year by its first half, the term, and what may be the names of class and subject, likeliest first."""

    year: int | None = None
    term: int | None = None
    classes: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


def read_title(rows: Iterable[Sequence[Cell]]) -> Title:
    """Read the rows above the headings: "2026-2027 – Học kỳ: 1", "Lớp: 6A", "Môn học: Toán"; the first of each holds.

    A name may stand in the cell to the right of its label.
    """
    year: int | None = None
    term: int | None = None
    classes: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    for cells in rows:
        for place, cell in enumerate(cells):
            beside = cells[place + 1].text if place + 1 < len(cells) else ""
            year = year or _year(cell.text)
            term = term or term_in(cell.text)
            classes = classes or _names(_CLASS, cell.text, beside)
            subjects = subjects or _names(_SUBJECT, cell.text, beside)
    return Title(year, term, classes, subjects)


def _year(text: str) -> int | None:
    for first, second in SCHOOL_YEAR.findall(text):
        if int(second) == int(first) + 1:
            return int(first)
    return None


def term_in(text: str) -> int | None:
    """The term that a text names: "Học kỳ: II", "HK1"; None where it names none."""
    found = _TERM.search(search_key(text))
    return _TERMS[found[1]] if found else None


def _names(label: re.Pattern[str], text: str, beside: str) -> tuple[str, ...]:
    found = label.search(text)
    if found is None:
        return ()
    rest = found["rest"].strip(" :.-–") or beside.strip()
    short = _END.split(rest, maxsplit=1)[0].strip()
    return tuple(dict.fromkeys(name for name in (rest, short) if name))


def class_named(names: Iterable[str], known: Mapping[str, Found]) -> Found | None:
    """The class that one of these texts names; `known` is keyed as `keyed_classes` does it."""
    for name in names:
        for key in _class_keys(name):
            if key in known:
                return known[key]
    return None


def keyed_classes(classes: Iterable[tuple[str, Found]]) -> dict[str, Found]:
    """Classes by everything they may be written as; what two classes could be written as means neither."""
    listed = list(classes)
    loose: dict[str, list[Found]] = {}
    for name, found in listed:
        loose.setdefault(_class_keys(name)[1], []).append(found)
    keyed = {key: found[0] for key, found in loose.items() if len(found) == 1}
    return keyed | {_class_keys(name)[0]: found for name, found in listed}


def _class_keys(name: str) -> tuple[str, str]:
    """As it is written, and more loosely; never one for the other: "6-1" is not the class 61 beside 6/1."""
    close, loose = class_keys(name)
    return f"={close}", f"~{loose}"


def subject_named(names: Iterable[str], known: Mapping[str, Found | None]) -> Found | None:
    """The subject that one of these texts names; `known` is keyed as `keyed_subjects` of `schoolbook` does it."""
    return next((known[key] for key in map(heading_key, names) if key in known), None)


def parts_of_name(sheet: str) -> tuple[str, ...]:
    """What the name of a sheet may say: the whole, or a class before or behind a subject, "6A - Toán", "Toán 6A"."""
    words = re.split(r"[\s_\-–]+", sheet.strip())
    halves = [" ".join(words[:1]), " ".join(words[1:]), " ".join(words[:-1]), " ".join(words[-1:])]
    return tuple(dict.fromkeys(part for part in (sheet, *halves) if part))
