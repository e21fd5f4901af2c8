"""Which duties a person holds."""

from __future__ import annotations

from django.utils import timezone

from schoolbook.models import User
from schoolbook.rules.permissions import Role


def roles_today(user: User) -> set[Role]:
    """The duties in force today, by the calendar of Viet Nam; asked anew each time, so a lost one counts at once."""
    today = timezone.localdate()
    return {Role(role) for role in user.duties.on(today).values_list("role", flat=True)}
