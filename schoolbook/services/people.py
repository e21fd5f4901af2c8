"""Opening accounts and giving duties."""

from __future__ import annotations

from datetime import date
from itertools import count

from django.db import transaction

from schoolbook import audit
from schoolbook.models import Duty, School, User
from schoolbook.rules import names
from schoolbook.rules.permissions import Role


@transaction.atomic
def open_account(*, school: School, full_name: str, password: str, actor: User) -> User:
    """Open an account whose user name follows the provincial rule (R-017, R-019).

    Only jobs and commands do this so far, as the system actor.
    """
    user = User(school=school, full_name=names.tidy(full_name))
    user.username = _free_username(user.full_name, school.abbreviation)
    user.set_password(password)
    user.full_clean()
    user.save(force_insert=True)
    audit.record([user], actor=actor, created=True)
    return user


@transaction.atomic
def charge(
    *, user: User, role: Role, begins_on: date, actor: User, ends_on: date | None = None
) -> Duty:
    """Give a person a duty from a day on, and until another if one is named."""
    duty = Duty(user=user, role=role, begins_on=begins_on, ends_on=ends_on)
    duty.full_clean()
    duty.save(force_insert=True)
    audit.record([duty], actor=actor, created=True)
    return duty


@transaction.atomic
def close_account(*, user_id: int, actor: User, reason: str = "") -> User:
    """End an account; it stays in every book and history, and nobody can sign in with it (R-003).

    Only jobs and commands do this so far, as the system actor.
    """
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user_id)
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record([user], actor=actor, reason=reason)
    return user


def _free_username(full_name: str, abbreviation: str) -> str:
    candidates = (names.username(full_name, abbreviation, number) for number in count(1))
    return next(name for name in candidates if not User.objects.filter(username=name).exists())
