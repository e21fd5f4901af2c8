"""Changing in mid-year who teaches what: ending, and naming who gives the final assessment (R-032 – R-037)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolbook import access, audit
from schoolbook.errors import Invalid
from schoolbook.models import HomeroomAssignment, TeachingAssignment, User
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action
from schoolbook.services import rows, structure


@transaction.atomic
def teach_beside(
    *,
    class_subject_id: int,
    user: User,
    day: date,
    actor: User,
    reason: str = "",
    version: int | None = None,
) -> TeachingAssignment:
    """Let a person teach a subject from a day on beside those who do, without giving its final assessment (R-037).

    Raises Http404, PermissionDenied, Invalid, and Conflict when somebody else was faster.
    """
    taught = structure.lock_class_subject(class_subject_id, actor=actor, version=version)
    return structure.assign_teacher(
        class_subject=taught,
        user=user,
        begins_on=day,
        gives_final=False,
        actor=actor,
        reason=tidy(reason),
    )


@transaction.atomic
def name_final(
    *,
    class_subject_id: int,
    user: User,
    day: date,
    actor: User,
    reason: str = "",
    version: int | None = None,
) -> TeachingAssignment:
    """Let one of those who teach a subject give its final assessment from a day on; the others go on (R-037).

    Raises Http404, PermissionDenied, Invalid, and Conflict when somebody else was faster.
    """
    taught = structure.lock_class_subject(class_subject_id, actor=actor, version=version)
    held = TeachingAssignment.objects.select_for_update(no_key=True, of=("self",))
    present = list(held.filter(class_subject=taught).on(day).select_related("user").order_by("id"))
    own = next((row for row in present if row.user_id == user.pk), None)
    if own is None:
        raise Invalid({"user": _("This person does not teach the subject there on that day.")})
    if own.gives_final:
        raise Invalid({"user": _("This person gives the final assessment already.")})
    for row in present:
        if row.gives_final:
            _turn(row, gives_final=False, day=day, actor=actor, reason=tidy(reason))
    return _turn(own, gives_final=True, day=day, actor=actor, reason=tidy(reason))


def _turn(
    row: TeachingAssignment, *, gives_final: bool, day: date, actor: User, reason: str
) -> TeachingAssignment:
    """Go on from a day with another answer to who gives the final assessment; the days before keep theirs."""
    if row.begins_on < day:
        last_day = row.ends_on
        rows.end(row, last_day=rows.day_before(day), actor=actor, reason=reason)
        following = TeachingAssignment(
            school=row.school,
            class_subject=row.class_subject,
            user=row.user,
            begins_on=day,
            ends_on=last_day,
            gives_final=gives_final,
        )
        return rows.enter(following, actor=actor, reason=reason)
    row.gives_final = gives_final
    rows.check(row)
    row.save()
    audit.record([row], actor=actor, reason=reason)
    return row


@transaction.atomic
def end_teaching(
    *,
    teaching_id: int,
    last_day: date,
    actor: User,
    reason: str = "",
    version: int | None = None,
) -> TeachingAssignment:
    """End a teaching assignment; its rights end with the last day, what was entered stays.

    Raises Http404, PermissionDenied, Invalid, and Conflict when somebody else was faster.
    """
    row = access.teaching(actor, teaching_id, to=Action.ASSIGN, lock=True)
    structure.unchanged(TeachingAssignment, Q(id=row.pk), version)
    return rows.end(row, last_day=last_day, actor=actor, reason=tidy(reason))


@transaction.atomic
def end_homeroom(
    *,
    homeroom_id: int,
    last_day: date,
    actor: User,
    reason: str = "",
    version: int | None = None,
) -> HomeroomAssignment:
    """End a homeroom assignment; its rights end with the last day.

    Raises Http404, PermissionDenied, Invalid, and Conflict when somebody else was faster.
    """
    row = access.homeroom(actor, homeroom_id, to=Action.ASSIGN, lock=True)
    structure.unchanged(HomeroomAssignment, Q(id=row.pk), version)
    return rows.end(row, last_day=last_day, actor=actor, reason=tidy(reason))
