"""Activation slips: the one way to a first password, and to a new one or a new phone (R-002, R-220).

The code is shown once, kept as a digest, works once and for some days. For somebody with power a second person has
to confirm it first, and nobody issues or confirms one for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolbook import access, audit
from schoolbook.errors import Invalid
from schoolbook.models import ActivationSlip, SlipKind, User
from schoolbook.rules import codes
from schoolbook.rules.permissions import SECOND_FACTOR, Action, any_of
from schoolbook.selectors import duties
from schoolbook.services import passwords, second_factor, sessions


@dataclass(frozen=True)
class NewSlip:
    """A slip and its code, which nobody can show again."""

    slip: ActivationSlip
    code: str


@transaction.atomic
def issue(*, user_id: int, kind: SlipKind, actor: User, verified_at: datetime | None) -> NewSlip:
    """Issue a slip to somebody of the own school; an older one is cancelled.

    Raises Http404, PermissionDenied, Invalid and SecondFactorNeeded.
    """
    user = access.account(actor, user_id, to=Action.MANAGE_ACCOUNTS, lock=True)
    second_factor.require_fresh(actor, verified_at)
    if user == actor:
        raise Invalid({"kind": _("Somebody else has to issue a slip for you.")})
    return write(user, kind, actor=actor, needs_confirmation=_has_power(user))


@transaction.atomic
def issue_as_operator(*, username: str, kind: SlipKind, actor: User) -> NewSlip:
    """Issue a slip from the command line, for a school whose only administrator is locked out.

    Whoever runs commands on the server could change the database anyway: no second person is asked.
    Raises User.DoesNotExist and Invalid.
    """
    accounts = User.objects.select_for_update(no_key=True, of=("self",))
    return write(accounts.get(username=username), kind, actor=actor, needs_confirmation=False)


def write(user: User, kind: SlipKind, *, actor: User, needs_confirmation: bool) -> NewSlip:
    """Write a slip in the caller's transaction, which has the right checked and the account locked.

    Raises Invalid for a deactivated account.
    """
    if not user.is_active:
        raise Invalid({"kind": _("The account is deactivated. Reactivate it first.")})
    cancel(user, actor=actor)
    code, now = codes.new_slip_code(), timezone.now()
    slip = ActivationSlip.objects.create(
        user=user,
        kind=kind,
        code_hash=codes.digest(code),
        issued_by=actor,
        issued_at=now,
        expires_at=now + timedelta(days=settings.SLIP_DAYS),
        needs_confirmation=needs_confirmation,
    )
    audit.record([slip], actor=actor, created=True)
    return NewSlip(slip, code)


def cancel(user: User, *, actor: User) -> None:
    """Cancel the open slip of a person, if there is one, in the caller's transaction."""
    for slip in ActivationSlip.objects.select_for_update(no_key=True).open().filter(user=user):
        slip.cancelled_at = timezone.now()
        slip.save(update_fields=["cancelled_at"])
        audit.record([slip], actor=actor)


@transaction.atomic
def confirm(*, slip_id: int, actor: User, verified_at: datetime | None) -> ActivationSlip:
    """Be the second person for a slip; confirming it again changes nothing.

    Raises Http404, PermissionDenied, Invalid and SecondFactorNeeded.
    """
    slip = access.slip(actor, slip_id, to=Action.CONFIRM_SLIPS, lock=True)
    second_factor.require_fresh(actor, verified_at)
    if actor.pk in {slip.issued_by_id, slip.user_id}:
        raise Invalid(
            {"slip": _("Whoever issued the slip, or will use it, cannot be its second person.")}
        )
    if slip.used_at or slip.cancelled_at or slip.expires_at <= timezone.now():
        raise Invalid({"slip": _("This slip is no longer open.")})
    if slip.confirmed_at is None:
        slip.confirmed_by, slip.confirmed_at = actor, timezone.now()
        slip.save(update_fields=["confirmed_by", "confirmed_at"])
        audit.record([slip], actor=actor)
    return slip


def look_up(code: str) -> ActivationSlip:
    """The slip of a code, if it works now. Raises Invalid with the reason why not."""
    slip = (
        ActivationSlip.objects.select_related("user__school", "issued_by")
        .filter(code_hash=codes.digest(code))
        .first()
    )
    if slip is None:
        raise Invalid({"code": _("There is no such code. Compare it with the slip again.")})
    if refusal := _refusal(slip):
        raise Invalid({"code": refusal})
    return slip


@transaction.atomic
def use(*, code: str, password: str = "") -> User:
    """Use a slip, once: take the password that was chosen, let a new second factor be set up, end every session.

    Whoever has the code acts as the person it is for. For a slip of the second factor alone the form has asked for
    the present password. Raises Invalid.
    """
    user_id = look_up(code).user_id
    # The account before the slip, as in `issue`: two who wait for each other would wait for ever.
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user_id)
    slips = ActivationSlip.objects.select_for_update(no_key=True, of=("self",))
    slip = slips.select_related("issued_by").get(code_hash=codes.digest(code))
    slip.user = user
    if refusal := _refusal(slip):
        raise Invalid({"code": refusal})
    if slip.lets_choose_password:
        passwords.check(password, user)
        passwords.put(user, password, actor=user)
    if slip.kind != SlipKind.PASSWORD:
        second_factor.take_away(user, actor=user, reason=_("Activation slip"))
    slip.used_at = timezone.now()
    slip.save(update_fields=["used_at"])
    audit.record([slip], actor=user)
    sessions.end_all(user)
    return user


def _refusal(slip: ActivationSlip) -> str:
    if slip.used_at:
        return _("This slip was used already. Ask the administrator of your school for a new one.")
    if slip.cancelled_at or not slip.user.is_active:
        return _("This slip was replaced or withdrawn. Ask the administrator of your school.")
    if slip.expires_at <= timezone.now():
        return _("This slip has expired. Ask the administrator of your school for a new one.")
    if slip.confirmed_at is None and _confirmation_missing(slip):
        return _("A second person still has to confirm this slip. Ask the administrator.")
    return ""


def _confirmation_missing(slip: ActivationSlip) -> bool:
    # Power that came after the slip was issued counts, too; the operator's slips stand above it.
    by_operator = slip.issued_by.school_id is None
    return slip.needs_confirmation or (not by_operator and _has_power(slip.user))


def _has_power(user: User) -> bool:
    return any_of(duties.roles_today(user), SECOND_FACTOR)
