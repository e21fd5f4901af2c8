"""Which duties a person holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import F, Value

from schoolbook import clock
from schoolbook.models import GroupGrant, PersonGrant, SecondFactor, User
from schoolbook.page_memo import asked_once
from schoolbook.rules.permissions import SECOND_FACTOR, Role, any_of


@dataclass(frozen=True)
class Standing:
    """The duties of a person today, and whether the rights that ask for a second factor are awake."""

    roles: set[Role]
    second_factor: bool


MARK = "second factor"


@asked_once
def standing(user: User) -> Standing:
    """Duties and second factor in one query; asked anew each time, so that a lost duty counts at once."""
    sql, parameters = _statement()
    given: dict[Any, Any] = {SOMEBODY: user.pk, SOME_DAY: clock.today()}
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(each, each) for each in parameters])
        found = {name for (name,) in cursor.fetchall()}
    roles = {Role.MEMBER, *(Role(name) for name in found - {MARK})}
    return Standing(roles=roles, second_factor=MARK in found)


# Stand in the statement where the person and the day go; no account and no fact of a school has such values.
SOMEBODY, SOME_DAY = -1, date.min


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """The query as SQL with its parameters. Every page asks it, and putting it together takes longer than asking."""
    user, day = User(pk=SOMEBODY), SOME_DAY
    parts: list[Any] = [
        user.duties.on(day).annotate(as_=F("role")),
        user.teaching.on(day).annotate(as_=Value(Role.SUBJECT_TEACHER.value)),
        user.homerooms.on(day).annotate(as_=Value(Role.HOMEROOM_TEACHER.value)),
        PersonGrant.objects.held_by(user, day).annotate(as_=Value(Role.DELEGATE.value)),
        GroupGrant.objects.held_by(user, day).annotate(as_=Value(Role.DELEGATE.value)),
        SecondFactor.objects.filter(user=user, ended_at=None).annotate(as_=Value(MARK)),
    ]
    first, *others = [part.order_by().values_list("as_") for part in parts]
    sql, parameters = first.union(*others).query.sql_with_params()
    return sql, tuple(parameters)


def roles_today(user: User) -> set[Role]:
    """The duties in force today, by the calendar of Viet Nam."""
    return standing(user).roles


def lacks_second_factor(user: User) -> bool:
    """Whether this person's duties ask for a second factor that is not set up yet."""
    found = standing(user)
    return not found.second_factor and any_of(found.roles, SECOND_FACTOR)
