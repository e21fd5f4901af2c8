"""Who holds the duties that corrections are decided and witnessed by."""

from __future__ import annotations

from datetime import date

from schoolbook.models import Duty, School, User
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Regulation

ROLES = (Role.PRINCIPAL, Role.VICE_PRINCIPAL, Role.ADMIN)


def holders(school: School, day: date) -> dict[Role, tuple[int, ...]]:
    """Who leads and administers a school on a day, by id, leaving out deactivated accounts; in one query."""
    held = Duty.objects.on(day).filter(school=school, role__in=ROLES, user__is_active=True)
    found = list(held.order_by("id").values_list("role", "user_id"))
    return {role: tuple(user for name, user in found if name == role) for role in ROLES}


def deputy(school: School, parameters: Regulation) -> int | None:
    """The id of the deputy whom the regulation names, unless that account is deactivated; in one query at most."""
    named = parameters.correction_deputy
    if named is None:
        return None
    return (
        User.objects.filter(school=school, is_active=True, pk=named)
        .values_list("pk", flat=True)
        .first()
    )
