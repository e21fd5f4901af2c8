"""How the marks of a test, or of all tests of a class, are spread (R-112): one query, whatever is compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count

from gradebook.models import Mark
from gradebook.rules import spread as rules
from gradebook.rules.codes import engine_code
from gradebook.rules.columns import (
    MOST_REGULAR,
    TESTS,
    Column,
    Component,
    ValueKind,
    subject_columns,
)
from gradebook.rules.progress import ColumnKey
from gradebook.rules.registry import scheme_by_id
from gradebook.rules.scheme import AssessedBy
from gradebook.rules.spread import Spread
from gradebook.rules.typed import State
from gradebook.selectors.sheet import BOUNDS
from schoolbook.models import ClassSubject

SHOWN = TESTS | {Component.LEVEL}
Counted = Mapping[tuple[int, ColumnKey], Mapping[Any, int]]  # subject of a class, column


@dataclass(frozen=True)
class Series:
    """One chart: what it is of, and how it is spread; `is_together` is the sum of the others."""

    label: str
    spread: Spread
    is_together: bool = False


def columns(taught: ClassSubject, term: int) -> dict[ColumnKey, Column]:
    """The columns of a subject of a class in which tests or levels stand, by their key."""
    group = taught.class_group
    found = subject_columns(
        scheme_by_id(group.scheme),
        code=engine_code(taught.subject.code),
        assessed_by=AssessedBy(taught.assessed_by),
        periods=taught.periods,
        grade=group.grade,
        term=term,
        regular=MOST_REGULAR,
    )
    return {column.key: column for column in found if column.component in SHOWN}


def counted(subjects: Sequence[ClassSubject], term: int) -> Counted:
    """How often each mark and level stands in each of these columns; one query."""
    rows = (
        Mark.objects.filter(
            sheet__class_subject__in=[row.pk for row in subjects],
            sheet__term=term,
            component__in=[one.value for one in SHOWN],
            state__in=[State.VALUE.value, State.ZERO.value],
        )
        .order_by()
        .values_list("sheet__class_subject", "component", "number", "state", "score", "level")
        .annotate(count=Count("pk"))
    )
    found: dict[tuple[int, ColumnKey], Counter[Any]] = defaultdict(Counter)
    for taught, component, number, state, score, level, count in rows:
        value: Any = Decimal(0) if state == State.ZERO.value else score
        found[taught, (component, number)][level if value is None else value] += count
    return found


def by_test(taught: ClassSubject, term: int, found: Counted) -> list[Series]:
    """All tests of a class in a subject that have any mark, in the order of the book."""
    return [
        Series(column.name, _spread(column, [found[taught.pk, key]]))
        for key, column in columns(taught, term).items()
        if found.get((taught.pk, key))
    ]


def by_class(
    subjects: Sequence[ClassSubject], term: int, test: ColumnKey, found: Counted, *, together: str
) -> list[Series]:
    """One test in several classes side by side; first all of them under the name given."""
    known = [
        (row, column, found.get((row.pk, test), {}))
        for row in subjects
        if (column := columns(row, term).get(test))
    ]
    series = [
        Series(row.class_group.name, _spread(column, [those])) for row, column, those in known
    ]
    kinds = {(column.kind is ValueKind.LEVEL, column.levels) for _row, column, _those in known}
    if len(known) > 1 and len(kinds) == 1:
        _row, column, _those = known[0]
        whole = _spread(column, [those for _r, _c, those in known])
        series.insert(0, Series(together, whole, is_together=True))
    return series


def _spread(column: Column, parts: Sequence[Mapping[Any, int]]) -> Spread:
    sums: Counter[Any] = Counter()
    for part in parts:
        sums.update(part)
    if column.kind is ValueKind.LEVEL:
        return rules.of_levels(
            {value: count for value, count in sums.items() if isinstance(value, str)}, column.levels
        )
    return rules.of_scores(
        {value: count for value, count in sums.items() if isinstance(value, Decimal)}, BOUNDS
    )
