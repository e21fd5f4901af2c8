"""A school is never without somebody who can administer it: whatever ends such a duty asks here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.utils.translation import gettext as _

from schoolbook import clock
from schoolbook.errors import Invalid
from schoolbook.models import Duty, School
from schoolbook.rules.cover import first_gap
from schoolbook.rules.permissions import Action, roles_with


@contextmanager
def kept(school: School, *, field: str) -> Iterator[None]:
    """Let duties change inside, and raise Invalid for `field` if a day would come without an administrator.

    Hold the lock of the school's row, so that two who end each other's duty wait for each other. A school that had
    such a day before is not held up unless the day comes sooner.
    """
    before = _first_day_without(school)
    yield
    after = _first_day_without(school)
    if after is not None and (before is None or after < before):
        sentence = _(
            "From %(day)s on nobody could administer the school. Appoint another administrator, "
            "who has to have activated the account, first."
        )
        raise Invalid({field: sentence % {"day": f"{after:%d/%m/%Y}"}})


def _first_day_without(school: School) -> date | None:
    """The first day, from today on, on which nobody who has ever chosen a password may manage accounts."""
    held = (
        Duty.objects.filter(
            role__in=roles_with(frozenset({Action.MANAGE_ACCOUNTS})),
            school=school,
            user__is_active=True,
        )
        .exclude(user__password__startswith="!")  # noqa: S106 - the sign of an account without one
        .values_list("begins_on", "ends_on")
    )
    return first_gap(held, clock.today())
