"""What makes a password unfit beside its length and Django's list of common ones (ASVS 5.0, 6.2.4, 6.2.11, 6.2.12)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from schoolbook.models import User
from schoolbook.rules import passwords


class ContextValidator:
    """Refuses what others guess first: the names of the person, the account, the school and this product."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for a password that tells too much."""
        if passwords.tells_too_much(password, passwords.words_about(*_texts(user))):
            raise ValidationError(
                _(
                    "This password is made of your name, your user name or the name of the school, "
                    "which others try first."
                ),
                code="password_of_context",
            )

    def get_help_text(self) -> str:
        """Tell it beforehand."""
        return _("It must not be made of your name, your user name or the name of the school.")


class BreachedValidator:
    """Refuses what stands in the operator's list of breached passwords, if there is one."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for a password that thieves already have."""
        path = settings.BREACHED_PASSWORDS
        if path and password.lower() in _breached(path):
            raise ValidationError(
                _("This password was found among stolen ones. Choose another one."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        """Tell it beforehand."""
        return _("It must not be one that was stolen elsewhere.")


@lru_cache(maxsize=1)
def _breached(path: str) -> frozenset[str]:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip())


def _texts(user: User | None) -> list[str]:
    if user is None:
        return []
    school = user.school
    about_school = [school.name, school.abbreviation] if school else []
    # The point parts name and school: each half is a word of its own.
    return [user.full_name, *user.username.split("."), *about_school]


class CheapArgon2(Argon2PasswordHasher):
    """Argon2 at its cheapest, for passwords that everybody may know: those of a demo and of the tests."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
