"""Plans of entry windows: the usual ones of a year, and what two versions have different. Plain Python, no Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, TypeVar

from gradebook.rules.columns import Component
from schoolbook.rules.calendar import VIET_NAM, WEEK

CLOSES: Final = time(17, 0)

ALL_GRADES: Final = 0
LineKey = tuple[int, str, int]  # term, component, grade
Window = TypeVar("Window")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plan: from when until when a component of a term is entered, by one grade or by all."""

    term: int
    component: str
    grade: int | None
    opens_at: datetime
    closes_at: datetime

    @property
    def key(self) -> LineKey:
        """What it is about: no plan has two lines of it."""
        return (self.term, self.component, self.grade or ALL_GRADES)


def window_of(windows: Mapping[LineKey, Window], key: LineKey) -> Window | None:
    """What counts for a component of a term in a grade: its own window, or that of all grades that have none."""
    term, component, _grade = key
    return windows.get(key) or windows.get((term, component, ALL_GRADES))


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one line between two versions: `before` or `after` is None where it was not there."""

    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        """The line it is about."""
        found = self.after or self.before
        assert found
        return found


def steps(before: Iterable[Line], after: Iterable[Line]) -> list[Step]:
    """What differs between two versions, in the order of the plan; nothing where they say the same."""
    old = {line.key: line for line in before}
    new = {line.key: line for line in after}
    return [
        Step(old.get(key), new.get(key))
        for key in sorted({*old, *new}, key=place)
        if old.get(key) != new.get(key)
    ]


_ORDER: Final = {component.value: number for number, component in enumerate(Component)}


def place(key: LineKey) -> tuple[int, int, int]:
    """Where a line stands in its plan: by term, by component in the order of the book, all grades first."""
    term, component, grade = key
    return (term, _ORDER[component], grade)


# Of each component: weeks from the first day of the term (from its last day where negative), both ends included.
_USUAL: Final[dict[Component, tuple[int, int]]] = {
    Component.REGULAR: (0, 1),
    Component.PERIODIC: (0, 1),
    Component.MIDTERM: (7, 11),
    Component.FINAL: (-3, 1),
    Component.COMMENT: (-3, 1),
    Component.LEVEL: (7, 1),
    Component.TEST: (7, 1),
    Component.CONDUCT: (-2, 1),
    Component.CONDUCT_YEAR: (-2, 1),
    Component.QUALITY_MIDDLE: (7, 11),
    Component.COMPETENCE_MIDDLE: (7, 11),
    Component.QUALITY_END: (-3, 1),
    Component.COMPETENCE_END: (-3, 1),
}
_MIDDLE: Final = 2  # from so many weeks on an end is counted from the beginning of the term


def usual(terms: Sequence[tuple[date, date]], components: Sequence[tuple[int, str]]) -> list[Line]:
    """A proposal by the days of both terms, for the components that there are in each: to be corrected."""
    found = []
    for term, name in components:
        weeks = _USUAL.get(Component(name))
        if weeks is None:
            continue
        first, last = terms[term - 1]
        opens, closes = weeks
        begin = first + opens * WEEK if opens >= 0 else last + opens * WEEK
        end = first + closes * WEEK if closes > _MIDDLE else last + closes * WEEK
        found.append(
            Line(
                term,
                name,
                None,
                datetime.combine(begin, time(0), VIET_NAM),
                datetime.combine(end, CLOSES, VIET_NAM),
            )
        )
    return sorted(found, key=lambda line: place(line.key))
