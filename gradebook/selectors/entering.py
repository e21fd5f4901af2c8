"""What somebody who enters marks has to know beside the cells: what is missing, and what a page once showed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery, Sum

from gradebook.models import Mark
from gradebook.rules.typed import State
from gradebook.selectors.books import NOTHING, Book, Key, entry_of, marks_of
from gradebook.selectors.missing import staying


def missing(book: Book) -> int:
    """How many required cells are blank, of pupils who are there; in one query."""
    required = [column.key for column in book.columns if column.required]
    if not required:
        return 0
    there = staying(book).filter(class_group=book.class_group)
    columns = reduce(or_, (Q(component=name, number=number) for name, number in required))
    filled = (
        Mark.objects.filter(columns, sheet=book.sheet, student=OuterRef("student"))
        .exclude(state=State.BLANK.value)
        .order_by()
        .values("student")
        .annotate(cells=Count("pk"))
        .values("cells")
    )
    counted = there.annotate(filled=Subquery(filled)).aggregate(
        pupils=Count("student", distinct=True), total=Sum("filled")
    )
    return int(counted["pupils"] * len(required) - (counted["total"] or 0))


def rendered(book: Book, seen: Mapping[Key, int]) -> dict[Key, str]:
    """What these cells showed in the versions that a page was made from; in one query, or two if some are old."""
    cells = marks_of([book.sheet])[book.term] if book.sheet else {}
    found: dict[Key, str] = {}
    old: dict[Key, int] = {}
    for key, version in seen.items():
        held = cells.get(key, NOTHING)
        if version in {0, held.version}:
            found[key] = held.entry.shown if version == held.version else ""
        else:
            old[key] = version
    if old and book.sheet:
        kept: Any = Mark.history.filter(
            sheet=book.sheet,
            student__in={key[0] for key in old},
            version__in=set(old.values()),
        )
        for row in kept:
            key = (row.student_id, row.component, row.number)
            if old.get(key) == row.version:
                found[key] = entry_of(row).shown
    return found
