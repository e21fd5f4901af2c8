"""What closes and opens a sheet, as expressions beside the row of its subject or class: no query of its own.

They are read after the sheets were locked, in a statement of its own, so that every lock that has committed is seen.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, Exists, F, Func, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from gradebook.models import (
    BookKind,
    LockAct,
    LockKind,
    LockState,
    PlanState,
    SignOff,
    Window,
    WindowPlan,
)
from gradebook.rules.closing import Closing, from_json


class SchoolNow(Func):
    """The school clock of the database, at the very moment."""

    function = "public.school_now"
    arity = 0
    output_field = DateTimeField()


def of_subject(term: int) -> dict[str, Any]:
    """Annotations of a row of ClassSubject: what closes its sheet of a term."""
    acts = _acts("class_group__year", "class_group__grade", "class_group").filter(
        Q(subject=None) | Q(subject=OuterRef("subject")), book__in=["", BookKind.SUBJECT]
    )
    signed = SignOff.objects.filter(sheet__class_subject=OuterRef("pk"))
    of_the_class = SignOff.objects.filter(
        sheet__class_group=OuterRef("class_group"), sheet__class_subject=None
    )
    return _said(acts, signed, term, "class_group__year", "class_group__grade") | {
        "any_signed": Exists(signed.filter(ended_at=None))
        | Exists(of_the_class.filter(ended_at=None))
    }


def of_class(term: int) -> dict[str, Any]:
    """Annotations of a row of ClassGroup: what closes the homeroom teacher's sheet of a term."""
    acts = _acts("year", "grade", "pk").filter(subject=None, book__in=["", BookKind.CLASS])
    signed = SignOff.objects.filter(
        sheet__class_group=OuterRef("pk"), sheet__class_subject__isnull=True
    )
    return _said(acts, signed, term, "year", "grade") | {
        "any_signed": Exists(signed.filter(ended_at=None))
    }


def closing_of(row: Any) -> Closing:
    """What the annotations of a row say."""
    return from_json(row.moment, row.acts, row.windows, row.signed, any_signed=row.any_signed)


def _acts(year: str, grade: str, group: str) -> Any:
    """What was carried out in the year and concerns the class; unlocks that have ended concern nobody."""
    return (
        LockAct.objects.filter(state=LockState.DONE, year=OuterRef(year))
        .filter(Q(grade=None) | Q(grade=OuterRef(grade)))
        .filter(Q(class_group=None) | Q(class_group=OuterRef(group)))
        .exclude(kind=LockKind.UNLOCK, ends_at__lte=SchoolNow())
    )


def _said(acts: Any, signed: Any, term: int, year: str, grade: str) -> dict[str, Any]:
    in_force = WindowPlan.objects.filter(
        year=OuterRef(OuterRef(year)), state=PlanState.DECIDED
    ).order_by("-number")
    windows = (
        Window.objects.filter(plan=Subquery(in_force.values("pk")[:1]), term=term, is_dropped=False)
        .filter(Q(grade=None) | Q(grade=OuterRef(grade)))
        .order_by(F("grade").asc(nulls_last=True))
    )
    return {
        "moment": SchoolNow(),
        "acts": ArraySubquery(
            acts.filter(Q(term=None) | Q(term=term)).order_by("turn").values(said=ACT)
        ),
        "windows": ArraySubquery(
            windows.values(
                said=JSONObject(component="component", opens_at="opens_at", closes_at="closes_at")
            )
        ),
        "signed": Subquery(
            signed.filter(sheet__term=term, ended_at=None).values(
                said=JSONObject(id="pk", by="signed_by__full_name", at="signed_at", digest="digest")
            )[:1]
        ),
    }


ACT = JSONObject(
    id="pk",
    kind="kind",
    turn="turn",
    done_at="done_at",
    freezes="freezes",
    ends_at="ends_at",
    student_id="student_id",
    component="component",
    number="number",
    decided_by="decided_by__full_name",
    decision_number="decision_number",
    reason="reason",
)
