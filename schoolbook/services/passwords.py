"""Choosing a password. Nobody but its owner ever knows it, and no history holds it."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from schoolbook import audit
from schoolbook.errors import Invalid
from schoolbook.models import PasswordChange, User
from schoolbook.services import sessions

LONGEST = 256


def check(password: str, user: User) -> None:
    """Raise Invalid, with every reason, for a password that is too easy to guess."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid({"new_password": " ".join(error.messages)}) from error


def put(user: User, password: str, *, actor: User) -> None:
    """Give a saved account its password and note that and when, in the caller's transaction."""
    user.set_password(password)
    user.save(update_fields=["password"])
    change = PasswordChange.objects.create(user=user, changed_at=timezone.now())
    audit.record([change], actor=actor, created=True)


@transaction.atomic
def change(*, password: str, session_key: str | None, actor: User) -> User:
    """Change the own password (R-011); every session but this one ends.

    That the old one was right is for the form to ask: counting wrong ones needs the request.

    Raises Invalid.
    """
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=actor.pk)
    check(password, user)
    put(user, password, actor=user)
    sessions.end_all(user, but=session_key)
    return user
