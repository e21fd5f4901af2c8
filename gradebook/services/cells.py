"""Writing cells with their history: what a save and an approved correction do alike. The caller has checked all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradebook.models import Mark, Origin
from gradebook.rules.typed import Entry
from gradebook.selectors.books import Book, Key
from schoolbook import audit
from schoolbook.models import User

CONTENT = ["state", "score", "level", "text", "note", "origin", "source", "version"]


def mark(book: Book, cell: Key, entry: Entry, *, version: int, source: str = "") -> Mark:
    """The row of a cell with this content, not written yet. `source` names the system that it is taken over from."""
    student, component, number = cell
    return Mark(
        school=book.school,
        sheet=book.sheets[book.term],
        student_id=student,
        component=component,
        number=number,
        state=entry.state.value,
        score=entry.score,
        level=entry.level,
        text=entry.text,
        note=entry.note,
        origin=Origin.TAKEN_OVER if source else Origin.ENTERED,
        source=source,
        version=version,
    )


def put(rows: Sequence[Mark], *, actor: User, more: Sequence[Mapping[str, Any]]) -> list[Mark]:
    """Write these cells over whatever stands there, with their history, in two statements.

    `more` says what each row of history carries beside it, without its type: that follows from the version.
    """
    written = Mark.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["sheet", "student", "component", "number"],
        update_fields=CONTENT,
    )
    kinds = [{"history_type": "+" if row.version == 1 else "~"} for row in rows]
    audit.record_each(
        written, actor=actor, more=[{**a, **b} for a, b in zip(kinds, more, strict=True)]
    )
    return written
