"""Requests as the one who asks sees them: the draft of a page, one's own list, and what a page is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from approvals.models import CorrectionLine, CorrectionRequest
from approvals.rules.workflow import State
from schoolbook.correctable import Matter
from schoolbook.models import ClassGroup, ClassSubject, Student, User


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of the form: who the pupil is, of which class, in which subject, and in which term."""

    pupil: str
    pupil_code: str
    class_name: str
    year: str
    subject: str
    term: int | None


def heading(matter: Matter) -> Heading:
    """What a page is called; in three queries at most."""
    pupil = Student.objects.get(pk=matter.student_id)
    group = ClassGroup.objects.select_related("year").get(pk=matter.class_group_id)
    taught = (
        ClassSubject.objects.select_related("subject").get(pk=matter.class_subject_id)
        if matter.class_subject_id
        else None
    )
    return Heading(
        pupil=pupil.full_name,
        pupil_code=pupil.code,
        class_name=group.name,
        year=group.year.name,
        subject=taught.subject.name if taught else "",
        term=matter.term,
    )


def drafts(user: User, matter: Matter) -> QuerySet[CorrectionRequest]:
    """This person's drafts for a page, newest first; there is one at most."""
    return CorrectionRequest.objects.filter(
        requested_by=user,
        state=State.DRAFT,
        book=matter.book,
        student=matter.student_id,
        place=dict(matter.place),
    ).order_by("-id")


def own(user: User) -> QuerySet[CorrectionRequest]:
    """Everything this person has asked for, newest first, without drafts that were thrown away; with its lines."""
    rows = CorrectionRequest.objects.filter(requested_by=user).exclude(
        state=State.WITHDRAWN, submitted_at=None
    )
    shown = CorrectionLine.objects.filter(is_dropped=False).order_by("place", "id")
    return (
        rows.select_related(
            "class_group", "class_subject__subject", "student", "decided_by", "deputy"
        )
        .prefetch_related(Prefetch("lines", shown), "witnesses")
        .order_by("-id")
    )


def news(user: User, since: datetime) -> list[CorrectionRequest]:
    """One's own drafts, and what became of one's requests since then; in one query for somebody without any."""
    came_to_something = Q(decided_at__gte=since) | Q(applied_at__gte=since) | Q(ended_at__gte=since)
    told = Q(
        state__in=[State.REFUSED, State.APPROVED, State.WITNESSED, State.APPLIED, State.EXPIRED]
    )
    return list(own(user).filter(Q(state=State.DRAFT) | (told & came_to_something)))
