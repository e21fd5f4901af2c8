"""News from the kernel that changes results: they are worked out again in the transaction that brought the news."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from gradebook.selectors import recomputing as read
from gradebook.services import recomputing
from schoolbook.models import ClassSubject, Exemption, User


def exemption_changed(*, exemption: Exemption, actor: User, **_more: Any) -> None:
    """A pupil is exempted, or is not any more: the results in that subject follow, in every class of the year."""
    recomputing.restore(
        read.subjects_of(exemption),
        actor=actor,
        reason=_("An exemption of the pupil has changed."),
        students=[exemption.student_id],
    )


def class_subjects_changed(
    *, class_subjects: Sequence[ClassSubject], actor: User, **_more: Any
) -> None:
    """Periods, kind of assessment or terms of a subject are others: the results of the class follow."""
    recomputing.restore(
        [row.pk for row in class_subjects],
        actor=actor,
        reason=_("How the subject is taught to the class has changed."),
    )
