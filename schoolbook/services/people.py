"""Opening and closing accounts."""

from __future__ import annotations

from itertools import count

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from schoolbook import audit
from schoolbook.errors import Invalid
from schoolbook.models import School, User
from schoolbook.rules import names
from schoolbook.services import passwords


@transaction.atomic
def open_account(
    *, school: School, full_name: str, actor: User, password: str | None = None
) -> User:
    """Open an account whose user name follows the provincial rule (R-017, R-019); the caller has checked the right.

    Without a password nobody can sign in until a slip is used. Raises Invalid for a name that makes no user name.
    """
    user = User(school=school, full_name=names.tidy(full_name))
    user.sort_key = names.sort_key(user.full_name)
    user.search_key = names.search_key(user.full_name)
    user.exact_key = names.exact_key(user.full_name)
    user.username = propose_username(user.full_name, school)
    user.set_unusable_password()
    user.full_clean()
    user.save(force_insert=True)
    audit.record([user], actor=actor, created=True)
    if password is not None:
        passwords.put(user, password, actor=actor)
    return user


def propose_username(full_name: str, school: School) -> str:
    """The user name that this person would get now. Raises Invalid when the name has no letter."""
    try:
        return _free_username(full_name, school.abbreviation)
    except ValueError as error:
        raise Invalid({"full_name": _("The name needs at least one letter.")}) from error


@transaction.atomic
def set_password(*, user_id: int, password: str, actor: User) -> User:
    """Set the password of an account; only the demo does so for somebody else, as the system actor."""
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user_id)
    if not (actor.is_system or actor == user):
        raise PermissionDenied
    passwords.put(user, password, actor=actor)
    return user


@transaction.atomic
def close_account(*, user_id: int, actor: User, reason: str = "") -> User:
    """End an account; it stays in every book and history, and nobody can sign in with it (R-003).

    The caller has checked the right: `accounts.deactivate` for people, commands as the system actor.
    """
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user_id)
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record([user], actor=actor, reason=reason)
    return user


def _free_username(full_name: str, abbreviation: str) -> str:
    candidates = (names.username(full_name, abbreviation, number) for number in count(1))
    return next(name for name in candidates if not User.objects.filter(username=name).exists())
