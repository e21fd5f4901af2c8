"""Results of subjects: worked out from cells, and as they are stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gradebook.models import Origin
from gradebook.models import SubjectResult as Row
from gradebook.rules.results import Results, Setting, results
from gradebook.rules.scheme import SecondaryScheme
from gradebook.rules.shapes import SubjectResult
from gradebook.rules.typed import Entry
from gradebook.selectors.books import Book, Held, Key, Pupil


def setting_of(book: Book) -> Setting | None:
    """What the results of a book depend on; None where a book has none: of a class, or in primary."""
    if book.class_subject is None or not isinstance(book.scheme, SecondaryScheme):
        return None
    return Setting(
        scheme=book.scheme,
        code=book.code,
        assessed_by=book.assessed_by,
        required_regular=book.regular_needed,
        taught={1: book.class_subject.in_term1, 2: book.class_subject.in_term2},
    )


def worked_out(
    setting: Setting, pupils: Sequence[Pupil], cells: Mapping[int, Mapping[Key, Held]]
) -> dict[int, Results]:
    """The results of these pupils from the cells of both terms; by pupil."""
    rows: dict[int, dict[int, dict[tuple[str, int], Entry]]] = defaultdict(lambda: {1: {}, 2: {}})
    for term, held in cells.items():
        for (student, component, number), cell in held.items():
            rows[student][term][component, number] = cell.entry
    return {pupil.id: results(setting, rows[pupil.id], pupil.standings) for pupil in pupils}


def of_nothing(setting: Setting, pupil: Pupil) -> Results:
    """What a pupil has who has no cell at all: the meaning of a result that is not stored."""
    return results(setting, {}, pupil.standings)


def same(one: SubjectResult, other: SubjectResult) -> bool:
    """Whether two results publish the same."""
    return (one.status, one.average, one.level) == (other.status, other.average, other.level)


FIELDS = ("status", "average", "level", "scheme", "rules_version", "origin")


def as_stored(found: Results) -> dict[str, dict[str, Any]]:
    """What the row of each period holds for these results; by period, the values of `FIELDS`."""
    return {
        period: {
            "status": result.status.value,
            "average": result.average,
            "level": result.level or "",
            "scheme": result.scheme,
            "rules_version": result.version,
            "origin": (Origin.TAKEN_OVER if period in found.taken_over else Origin.ENTERED).value,
        }
        for period, result in found.by_period.items()
    }


def is_nothing(setting: Setting, pupil: Pupil, found: Results, period: str) -> bool:
    """Whether a result says no more than that there is no cell: such a one needs no row."""
    return same(of_nothing(setting, pupil).by_period[period], found.by_period[period])


def differs(row: Row, due: Mapping[str, Any]) -> bool:
    """Whether a row holds something else than it should."""
    return any(getattr(row, name) != due[name] for name in FIELDS)


def stored(book: Book) -> dict[tuple[int, str], Row]:
    """The stored results of a book by pupil and period; in one query."""
    if book.class_subject is None or book.is_primary:
        return {}
    rows: Iterable[Row] = Row.objects.filter(class_subject=book.class_subject)
    return {(row.student_id, row.period): row for row in rows}
