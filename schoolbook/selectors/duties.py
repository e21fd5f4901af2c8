"""Which duties a person holds."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from schoolbook.models import SecondFactor, User
from schoolbook.rules.permissions import SECOND_FACTOR, Role, any_of


@dataclass(frozen=True)
class Standing:
    """The duties of a person today, and whether the rights that ask for a second factor are awake."""

    roles: set[Role]
    second_factor: bool


def roles_today(user: User) -> set[Role]:
    """The duties in force today, by the calendar of Viet Nam; asked anew each time, so a lost one counts at once."""
    today = timezone.localdate()
    return {Role(role) for role in user.duties.on(today).values_list("role", flat=True)}


def standing(user: User) -> Standing:
    """Duties and second factor in one query; without a duty there is no right for a second factor to guard."""
    factor = SecondFactor.objects.filter(user=OuterRef("user"), ended_at=None)
    rows = list(
        user.duties.on(timezone.localdate())
        .annotate(second_factor=Exists(factor))
        .values_list("role", "second_factor")
    )
    return Standing(
        roles={Role(role) for role, _factor in rows},
        second_factor=any(factor for _role, factor in rows),
    )


def lacks_second_factor(user: User) -> bool:
    """Whether this person's duties ask for a second factor that is not set up yet."""
    found = standing(user)
    return not found.second_factor and any_of(found.roles, SECOND_FACTOR)
