"""Results of subjects: stored with the marks that made them, in the same transaction (invariant 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradebook.models import SubjectResult
from gradebook.rules.results import Results
from gradebook.selectors import results as computed
from gradebook.selectors.books import Book, Held, Key, Pupil
from schoolbook import audit
from schoolbook.models import User


@dataclass(frozen=True)
class Stored:
    """What the results of some pupils are now, and how many rows had to be written for it."""

    by_pupil: Mapping[int, Results]
    written: int


def store(
    book: Book,
    pupils: Sequence[Pupil],
    cells: Mapping[int, Mapping[Key, Held]],
    *,
    actor: User,
    reason: str = "",
) -> Stored:
    """Work out the results of these pupils from the cells of both terms, and store what differs from what stands.

    The caller has locked both sheets. In one query where nothing changes, else in three. Sheets that have no results
    (of a class, or in primary) take none.
    """
    setting = computed.setting_of(book)
    if setting is None:
        return Stored({}, 0)
    assert book.class_subject
    stored = {
        (row.student_id, row.period): row
        for row in SubjectResult.objects.filter(
            class_subject=book.class_subject, student__in=[pupil.id for pupil in pupils]
        )
    }
    by_pupil = computed.worked_out(setting, pupils, cells)
    rows, kinds = [], []
    for pupil in pupils:
        found = by_pupil[pupil.id]
        for period, due in computed.as_stored(found).items():
            row = stored.get((pupil.id, period))
            is_new = row is None
            if row is None:
                if computed.is_nothing(setting, pupil, found, period):
                    continue
                row = SubjectResult(
                    school=book.school,
                    class_subject=book.class_subject,
                    student_id=pupil.id,
                    period=period,
                )
            elif not computed.differs(row, due):
                continue
            for name, value in due.items():
                setattr(row, name, value)
            row.pk = None
            rows.append(row)
            kinds.append({"history_type": "+" if is_new else "~", "history_change_reason": reason})
    written = SubjectResult.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["class_subject", "student", "period"],
        update_fields=list(computed.FIELDS),
    )
    audit.record_each(written, actor=actor, more=kinds)
    return Stored(by_pupil, len(written))
