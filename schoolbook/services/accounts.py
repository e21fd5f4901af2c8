"""Accounts of a school: opening, deactivating and reactivating them (R-002, R-003). Nothing here deletes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from schoolbook import access, audit
from schoolbook.errors import Invalid
from schoolbook.models import School, SlipKind, User
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action
from schoolbook.services import administrators, people, second_factor, sessions, slips
from schoolbook.services.slips import NewSlip


@dataclass
class NameTaken(Invalid):
    """The user name that was shown has gone to somebody else meanwhile; `username` is the next one."""

    username: str = ""


def propose_username(full_name: str, *, actor: User) -> str:
    """The user name that this person would get now at the actor's school; nothing is saved.

    Raises Http404, PermissionDenied and Invalid.
    """
    school = access.school(actor, actor.school_id or 0, to=Action.MANAGE_ACCOUNTS)
    return people.propose_username(full_name, school)


@transaction.atomic
def open_account(
    *, full_name: str, username: str, actor: User, verified_at: datetime | None
) -> NewSlip:
    """Open an account at the own school and issue its first slip. `username` is the one that was shown.

    Raises PermissionDenied, Invalid, NameTaken and SecondFactorNeeded.
    """
    school, actor = _in_charge(actor)
    second_factor.require_fresh(actor, verified_at)
    proposed = people.propose_username(full_name, school)
    if proposed != username:
        raise NameTaken({"full_name": _("The user name is now another one.")}, username=proposed)
    user = people.open_account(school=school, full_name=full_name, actor=actor)
    return slips.write(user, SlipKind.BOTH, actor=actor, needs_confirmation=False)


@transaction.atomic
def deactivate(*, user_id: int, reason: str, actor: User, verified_at: datetime | None) -> User:
    """Deactivate an account: its sessions end, its open slip is cancelled, what it did stays under its name.

    Raises Http404, PermissionDenied, Invalid for the last administrator, and SecondFactorNeeded.
    """
    school, actor = _in_charge(actor)
    second_factor.require_fresh(actor, verified_at)
    user = access.account(actor, user_id, to=Action.MANAGE_ACCOUNTS, lock=True)
    if not user.is_active:
        return user
    sessions.end_all(user)
    slips.cancel(user, actor=actor)
    with administrators.kept(school, field="reason"):
        return people.close_account(user_id=user.pk, actor=actor, reason=tidy(reason))


@transaction.atomic
def reactivate(*, user_id: int, reason: str, actor: User, verified_at: datetime | None) -> User:
    """Let a deactivated account in again, with the password it had.

    Raises Http404, PermissionDenied and SecondFactorNeeded.
    """
    _school, actor = _in_charge(actor)
    second_factor.require_fresh(actor, verified_at)
    user = access.account(actor, user_id, to=Action.MANAGE_ACCOUNTS, lock=True)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        audit.record([user], actor=actor, reason=tidy(reason))
    return user


def _in_charge(actor: User) -> tuple[School, User]:
    """The actor's school, locked, and the actor as of now: a deactivation that was first counts."""
    school = access.school(actor, actor.school_id or 0, to=Action.MANAGE_ACCOUNTS, lock=True)
    actor = User.objects.get(pk=actor.pk)
    access.require(actor, Action.MANAGE_ACCOUNTS)
    return school, actor
