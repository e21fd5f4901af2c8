"""Results of subjects: stored with the marks that made them, in the same transaction (invariant 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradebook.models import Origin, SubjectResult
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


FIELDS = ("status", "average", "level", "scheme", "rules_version", "origin")


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
        empty = computed.of_nothing(setting, pupil)
        for period, result in by_pupil[pupil.id].by_period.items():
            row = stored.get((pupil.id, period))
            is_new = row is None
            if row is None and computed.same(empty.by_period[period], result):
                continue
            row = row or SubjectResult(
                school=book.school,
                class_subject=book.class_subject,
                student_id=pupil.id,
                period=period,
            )
            wanted = {
                "status": result.status.value,
                "average": result.average,
                "level": result.level or "",
                "scheme": result.scheme,
                "rules_version": result.version,
                "origin": Origin.TAKEN_OVER.value
                if period in by_pupil[pupil.id].taken_over
                else Origin.ENTERED.value,
            }
            if not is_new and all(getattr(row, name) == wanted[name] for name in FIELDS):
                continue
            for name, value in wanted.items():
                setattr(row, name, value)
            row.pk = None
            rows.append(row)
            kinds.append({"history_type": "+" if is_new else "~", "history_change_reason": reason})
    written = SubjectResult.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["class_subject", "student", "period"],
        update_fields=list(FIELDS),
    )
    audit.record_each(written, actor=actor, more=kinds)
    return Stored(by_pupil, len(written))
