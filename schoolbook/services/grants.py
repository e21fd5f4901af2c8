"""Delegation: giving a person or a group a right over one class-subject for some days, and taking it back (R-010)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolbook import access, audit, clock
from schoolbook.errors import Invalid
from schoolbook.models import ClassSubject, Department, GroupGrant, PersonGrant, User
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import GRANTABLE, Action
from schoolbook.services import rows
from schoolbook.services.second_factor import require_fresh

AnyGrant = TypeVar("AnyGrant", PersonGrant, GroupGrant)


@dataclass(frozen=True)
class Wanted:
    """What is to be given: the right, over which subject of which class, and for which days; both ends count."""

    class_subject_id: int
    right: Action
    begins_on: date
    ends_on: date
    reason: str = ""


@transaction.atomic
def give_to_person(
    wanted: Wanted, *, user_id: int, actor: User, verified_at: datetime | None
) -> PersonGrant:
    """Let a colleague use a right under the own name; who teaches the subject keeps it.

    Raises Http404, PermissionDenied, SecondFactorNeeded, Invalid.
    """
    taught = _allowed(wanted, actor, verified_at)
    colleague = access.account(actor, user_id, to=Action.DELEGATE, lock=True)
    if not colleague.is_active:
        raise Invalid({"user": _("This account is deactivated.")})
    teaching = taught.assignments.between(wanted.begins_on, wanted.ends_on)
    if wanted.right is Action.ENTER_MARKS and teaching.filter(user=colleague).exists():
        raise Invalid({"user": _("This person teaches the subject there and needs no such right.")})
    row = PersonGrant(user=colleague, **_fields(wanted, taught))
    return rows.enter(row, actor=actor, reason=tidy(wanted.reason))


@transaction.atomic
def give_to_group(
    wanted: Wanted, *, department_id: int, actor: User, verified_at: datetime | None
) -> GroupGrant:
    """Let everybody who is in a department or team use a right, each under the own name (R-005).

    Raises Http404, PermissionDenied, SecondFactorNeeded, Invalid.
    """
    taught = _allowed(wanted, actor, verified_at)
    group: Department = access.department(actor, department_id, to=Action.DELEGATE)
    if not group.is_active:
        raise Invalid({"group": _("This department is no longer in use.")})
    row = GroupGrant(group=group, **_fields(wanted, taught))
    return rows.enter(row, actor=actor, reason=tidy(wanted.reason))


@transaction.atomic
def revoke_from_person(*, grant_id: int, actor: User, reason: str = "") -> PersonGrant:
    """Take a right back at once; doing it twice is doing it once.

    Raises Http404, PermissionDenied.
    """
    grant = access.person_grant(actor, grant_id, to=Action.DELEGATE, lock=True)
    return _revoke(grant, actor, reason)


@transaction.atomic
def revoke_from_group(*, grant_id: int, actor: User, reason: str = "") -> GroupGrant:
    """Take a right back from a group at once; doing it twice is doing it once.

    Raises Http404, PermissionDenied.
    """
    grant = access.group_grant(actor, grant_id, to=Action.DELEGATE, lock=True)
    return _revoke(grant, actor, reason)


def _allowed(wanted: Wanted, actor: User, verified_at: datetime | None) -> ClassSubject:
    taught = access.class_subject(actor, wanted.class_subject_id, to=Action.VIEW_CLASS)
    access.require(actor, Action.DELEGATE)
    require_fresh(actor, verified_at)
    if wanted.right not in GRANTABLE:
        raise Invalid({"right": _("This right cannot be given so.")})
    if wanted.begins_on < clock.today():
        raise Invalid({"begins_on": _("A right is given from today on at the earliest.")})
    return taught


def _fields(wanted: Wanted, taught: ClassSubject) -> dict[str, object]:
    permission = Permission.objects.get(
        content_type__app_label="schoolbook",
        content_type__model="classsubject",
        codename=wanted.right.value,
    )
    return {
        "school": taught.school,
        "content_object": taught,
        "permission": permission,
        "begins_on": wanted.begins_on,
        "ends_on": wanted.ends_on,
    }


def _revoke(grant: AnyGrant, actor: User, reason: str) -> AnyGrant:
    if grant.revoked_at is None:
        grant.revoked_at = timezone.now()
        grant.save(update_fields=["revoked_at"])
        audit.record([grant], actor=actor, reason=tidy(reason))
    return grant
