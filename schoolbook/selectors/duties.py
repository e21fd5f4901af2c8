"""Which duties a person holds."""

from __future__ import annotations

from django.db.models import F, Value
from django.utils import timezone

from schoolbook.models import User
from schoolbook.rules.permissions import Role


def roles_today(user: User) -> set[Role]:
    """The duties in force today, by the calendar of Viet Nam; asked anew each time, so a lost one counts at once."""
    today = timezone.localdate()
    teaching = user.teaching.on(today).annotate(as_=Value(Role.SUBJECT_TEACHER.value))
    homerooms = user.homerooms.on(today).annotate(as_=Value(Role.HOMEROOM_TEACHER.value))
    charged = user.duties.on(today).annotate(as_=F("role"))
    found = charged.values_list("as_").union(
        teaching.values_list("as_"), homerooms.values_list("as_")
    )
    return {Role.MEMBER, *(Role(role) for (role,) in found)}
