"""Locking whole classes at once, in the one order that everybody keeps (docs/locking.md)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from gradebook.models import MarkSheet
from schoolbook.models import ClassGroup, ClassSubject


def hold(groups: QuerySet[ClassGroup], *, subject_id: int | None = None) -> None:
    """Lock every subject, class and sheet of these classes: subjects first, then classes, then sheets, each by id.

    With a subject only its sheets. A save that holds a sheet is waited for; a sheet that is not there yet cannot be
    made meanwhile, as it needs the row of its subject or class.
    """
    subjects = ClassSubject.objects.filter(class_group__in=groups)
    if subject_id is not None:
        subjects = subjects.filter(subject=subject_id)
    within = Q(class_subject__in=subjects)
    if subject_id is None:
        within |= Q(class_subject=None, class_group__in=groups)
    for held in (subjects, groups, MarkSheet.objects.filter(within)):
        _lock(held)


def _lock(held: QuerySet[ClassSubject] | QuerySet[ClassGroup] | QuerySet[MarkSheet]) -> None:
    list(held.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk"))
