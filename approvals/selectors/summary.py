"""The corrections of a school year together: all that were applied, and how many came to another end (R-129)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch
from django.db.models.functions import Length

from approvals.models import CorrectionLine, CorrectionRequest
from approvals.rules.workflow import OPEN, State
from schoolbook.models import SchoolYear

BY_CLASS = ("class_group__grade", Length("class_group__name"), "class_group__name")
PEOPLE = ("class_group", "class_subject__subject", "student", "requested_by", "decided_by")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the summary is narrowed to, by id; None for all."""

    class_group: int | None = None
    subject: int | None = None
    teacher: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was corrected: of which request, where, what, why, and who had which part in it."""

    number: int
    class_name: str
    subject: str
    term: int | None
    code: str
    pupil: str
    label: str
    old: str
    new: str
    reason: str
    requester: str
    approver: str
    admin: str
    at: datetime


@dataclass(slots=True)
class Tally:
    """How many requests came to which end, and how many things were corrected by those applied."""

    name: str
    lines: int = 0
    applied: int = 0
    refused: int = 0
    withdrawn: int = 0
    expired: int = 0
    waiting: int = 0

    @property
    def requests(self) -> int:
        """All that were sent."""
        return self.applied + self.refused + self.withdrawn + self.expired + self.waiting

    def take(self, row: CorrectionRequest) -> None:
        """Count a request."""
        name = "waiting" if State(row.state) in OPEN else row.state
        setattr(self, name, getattr(self, name) + 1)
        if row.state == State.APPLIED:
            self.lines += len(row.shown_lines)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Summary:
    """The corrections of a year, by class, subject and teacher. The choices are those that the year has any of."""

    year: SchoolYear
    lines: Sequence[Line]
    total: Tally
    by_class: Sequence[Tally]
    by_subject: Sequence[Tally]
    by_teacher: Sequence[Tally]
    classes: Sequence[tuple[int, str]] = field(default=())
    subjects: Sequence[tuple[int, str]] = field(default=())
    teachers: Sequence[tuple[int, str]] = field(default=())


def summary(year: SchoolYear, asked: Asked) -> Summary:
    """Every request of a year that was sent, as far as it is asked for; in two queries."""
    everything = _requests(year)
    found = [row for row in everything if _is_asked(row, asked)]
    total = Tally("")
    for row in found:
        total.take(row)
    return Summary(
        year=year,
        lines=[line for row in found if row.state == State.APPLIED for line in _lines(row)],
        total=total,
        by_class=_tallies(found, lambda row: row.class_group.name),
        by_subject=_tallies(_by_subject(found), _subject),
        by_teacher=_tallies(_by_teacher(found), lambda row: row.requested_by.full_name),
        classes=_choices((row.class_group_id, row.class_group.name) for row in everything),
        subjects=_choices(
            (row.class_subject.subject_id, row.class_subject.subject.name)
            for row in _by_subject(everything)
            if row.class_subject
        ),
        teachers=_choices(
            (row.requested_by_id, row.requested_by.full_name) for row in _by_teacher(everything)
        ),
    )


def _requests(year: SchoolYear) -> list[CorrectionRequest]:
    """By class, subject and teacher, as the summary lists them."""
    kept = CorrectionLine.objects.filter(is_dropped=False).order_by("place", "id")
    rows = (
        CorrectionRequest.objects.filter(year=year, submitted_at__isnull=False)
        .exclude(state=State.DRAFT)
        .select_related(*PEOPLE, "applied_by")
        .prefetch_related(Prefetch("lines", kept, to_attr="shown_lines"))
    )
    return list(
        rows.order_by(
            *BY_CLASS, "class_subject__subject__place", "requested_by__sort_key", "applied_at", "id"
        )
    )


def _is_asked(row: CorrectionRequest, asked: Asked) -> bool:
    subject = row.class_subject.subject_id if row.class_subject else None
    return (
        asked.class_group in {None, row.class_group_id}
        and asked.subject in {None, subject}
        and asked.teacher in {None, row.requested_by_id}
    )


def _lines(row: CorrectionRequest) -> list[Line]:
    assert row.applied_at
    assert row.applied_by
    return [
        Line(
            number=row.pk,
            class_name=row.class_group.name,
            subject=_subject(row),
            term=row.term,
            code=row.student.code,
            pupil=row.student.full_name,
            label=one.label,
            old=one.old,
            new=one.new,
            reason=row.reason,
            requester=row.requested_by.full_name,
            approver=row.decided_by.full_name if row.decided_by else "",
            admin=row.applied_by.full_name,
            at=row.applied_at,
        )
        for one in row.shown_lines  # type: ignore[attr-defined]
    ]


def _subject(row: CorrectionRequest) -> str:
    """The subject as the book names it; empty for what is of the class."""
    return row.class_subject.subject.name if row.class_subject else ""


def _by_subject(rows: Sequence[CorrectionRequest]) -> list[CorrectionRequest]:
    def place(row: CorrectionRequest) -> tuple[bool, int]:
        taught = row.class_subject
        return (taught is None, taught.subject.place if taught else 0)

    return sorted(rows, key=place)


def _by_teacher(rows: Sequence[CorrectionRequest]) -> list[CorrectionRequest]:
    return sorted(rows, key=lambda row: (row.requested_by.sort_key, row.requested_by_id))


def _tallies(
    rows: Sequence[CorrectionRequest], name: Callable[[CorrectionRequest], str]
) -> list[Tally]:
    found: dict[str, Tally] = {}
    for row in rows:
        found.setdefault(name(row), Tally(name(row))).take(row)
    return list(found.values())


def _choices(pairs: object) -> list[tuple[int, str]]:
    return list(dict(pairs).items())  # type: ignore[call-overload]
