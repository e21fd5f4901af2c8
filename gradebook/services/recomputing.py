"""Results worked out again: because a fact below them changed, or because somebody asks for proof (invariant 2)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.db import transaction
from django.db.models import Q

from gradebook.models import SubjectResult
from gradebook.selectors import recomputing
from gradebook.selectors.books import Book, Pupil, marks_of, sheets_where
from gradebook.selectors.recomputing import Compared
from gradebook.selectors.results import setting_of
from gradebook.services import results, sign_offs
from schoolbook import audit
from schoolbook.models import ClassSubject, School, User


def check(school: School | None) -> Iterator[Compared]:
    """Compare stored with recomputed results, a subject of a class at a time; nothing is written."""
    for book in recomputing.books(school):
        yield recomputing.compare(book)


def repair(school: School | None, *, actor: User, reason: str) -> Iterator[Compared]:
    """As `check`, and store what differs, each subject of a class in a transaction of its own."""
    for book in recomputing.books(school):
        found = recomputing.compare(book)
        if found.differences:
            assert book.class_subject
            restore([book.class_subject.pk], actor=actor, reason=reason)
        yield found


@transaction.atomic
def restore(
    class_subjects: Collection[int],
    *,
    actor: User,
    reason: str,
    students: Collection[int] | None = None,
) -> int:
    """Work the results of these subjects out again and store what differs; how many rows were written.

    The caller answers for the right to it: this follows from a change that was allowed. The subjects are locked
    first, which keeps new sheets from being made meanwhile, then all their sheets in the order of their ids.
    """
    found = ClassSubject.objects.filter(pk__in=class_subjects).order_by("pk")
    list(found.select_for_update(no_key=True).values_list("pk"))
    sheets = list(
        sheets_where(Q(class_subject__in=class_subjects))
        .select_for_update(no_key=True)
        .values_list("pk")
    )
    if not sheets:
        return 0
    return sum(
        _restore(book, recomputing.everybody(book, students), actor, reason)
        for book in recomputing.books_of(found)
        if book.sheets
    )


def _restore(book: Book, pupils: Sequence[Pupil], actor: User, reason: str) -> int:
    if setting_of(book) is None or not pupils:
        return 0
    only = [pupil.id for pupil in pupils]
    cells = marks_of(book.sheets.values(), only)
    stored = results.store(book, pupils, cells, actor=actor, reason=reason)
    written = stored.written + _withdraw(book, pupils, stored, actor, reason)
    if written:
        sign_offs.break_signed(book, actor=actor, reason=reason)
    return written


def _withdraw(
    book: Book, pupils: Sequence[Pupil], stored: results.Stored, actor: User, reason: str
) -> int:
    """Results of a term in which the subject is not taught any more stay as rows without a figure."""
    setting = setting_of(book)
    assert setting
    due = recomputing.stale(setting)
    rows = SubjectResult.objects.filter(
        class_subject=book.class_subject, student__in=[pupil.id for pupil in pupils]
    )
    changed = []
    for row in rows.order_by("pk"):
        if row.period in stored.by_pupil[row.student_id].by_period:
            continue
        if any(getattr(row, name) != value for name, value in due.items()):
            for name, value in due.items():
                setattr(row, name, value)
            changed.append(row)
    SubjectResult.objects.bulk_update(changed, list(due))
    audit.record(changed, actor=actor, reason=reason)
    return len(changed)
