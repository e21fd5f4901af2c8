"""Who holds which power, and how well the accounts are kept (R-008); and a person's own account. Never a secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from schoolbook import clock
from schoolbook.models import (
    Acceptance,
    ActivationSlip,
    Duty,
    Method,
    PasswordChange,
    RecoveryCode,
    School,
    SecondFactor,
    Session,
    User,
)
from schoolbook.rules import school_year
from schoolbook.rules.names import plain
from schoolbook.rules.permissions import SECOND_FACTOR, Role, any_of
from schoolbook.rules.regulation import Regulation
from schoolbook.selectors.schools import regulation_on

FEW_CODES = 3


class Filter(StrEnum):
    """What the security page can be narrowed to."""

    ALL = ""
    POWER = "power"
    NO_SECOND_FACTOR = "no_second_factor"
    NOT_ACTIVATED = "not_activated"
    SLIP_OUTSTANDING = "slip_outstanding"
    NO_STATEMENT = "no_statement"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True)
class Account:
    """One staff account as the security page shows it; moments are None for what never happened."""

    id: int
    full_name: str
    username: str
    active: bool
    duties: Sequence[Duty]
    power: bool
    second_factor: str
    second_factor_name: str
    activated: bool
    slip_until: datetime | None
    slip_waits: bool
    signed_in_at: datetime | None
    password_changed_at: datetime | None
    statement: bool

    def matches(self, chosen: Filter) -> bool:
        """Whether the account belongs to the chosen part of the list."""
        return {
            Filter.ALL: True,
            Filter.POWER: self.power,
            Filter.NO_SECOND_FACTOR: self.active and self.power and not self.second_factor,
            Filter.NOT_ACTIVATED: self.active and not self.activated,
            Filter.SLIP_OUTSTANDING: self.slip_until is not None,
            Filter.NO_STATEMENT: self.active and not self.statement,
            Filter.DEACTIVATED: not self.active,
        }[chosen]


def accounts(school: School, *, chosen: Filter = Filter.ALL, words: str = "") -> list[Account]:
    """The accounts of a school by user name, in two queries however many there are.

    `words` are looked for in names and user names, with or without diacritics.
    """
    found = [_account(user) for user in _with_facts(User.objects.filter(school=school))]
    wanted = plain(words).split()
    return [
        account
        for account in found
        if account.matches(chosen)
        and all(word in f"{plain(account.full_name)} {account.username}" for word in wanted)
    ]


def account(user: User) -> Account:
    """One account, in two queries."""
    return _account(_with_facts(User.objects.filter(pk=user.pk)).get())


def _with_facts(users: QuerySet[User]) -> QuerySet[Any]:
    today = clock.today()
    now = timezone.now()
    mine = OuterRef("pk")
    slips = ActivationSlip.objects.outstanding(now).filter(user=mine)
    changes = PasswordChange.objects.filter(user=mine).order_by("-changed_at")
    factors = SecondFactor.objects.filter(user=mine, ended_at=None)
    year = school_year.first_calendar_year(today)
    return (
        users.annotate(
            factor=Subquery(factors.values("method")[:1]),
            slip_until=Subquery(slips.values("expires_at")[:1]),
            slip_waits=Exists(slips.filter(needs_confirmation=True, confirmed_at=None)),
            password_changed_at=Subquery(changes.values("changed_at")[:1]),
            statement=Exists(Acceptance.objects.filter(user=mine, first_year=year)),
        )
        .prefetch_related(
            Prefetch("duties", Duty.objects.on(today).order_by("begins_on"), to_attr="duties_today")
        )
        .order_by("username")
    )


def _account(user: Any) -> Account:
    return Account(
        id=user.pk,
        full_name=user.full_name,
        username=user.username,
        active=user.is_active,
        duties=user.duties_today,
        power=any_of({Role(duty.role) for duty in user.duties_today}, SECOND_FACTOR),
        second_factor=user.factor or "",
        second_factor_name=str(Method(user.factor).label) if user.factor else "",
        activated=user.has_usable_password(),
        slip_until=user.slip_until,
        slip_waits=user.slip_waits,
        signed_in_at=user.last_login,
        password_changed_at=user.password_changed_at,
        statement=user.statement,
    )


def slips(user: User) -> list[ActivationSlip]:
    """The slips of a person, newest first, with who issued and confirmed them; in one query."""
    found = ActivationSlip.objects.filter(user=user).select_related("issued_by", "confirmed_by")
    return list(found.order_by("-issued_at")[:10])


def sessions(user: User) -> list[Session]:
    """Where a person is signed in, newest use first; in one query."""
    return list(Session.objects.live().filter(user=user).order_by("-last_seen_at"))


@dataclass(frozen=True)
class Own:
    """What the home page needs to know of somebody's own account."""

    second_factor: str
    second_factor_name: str
    codes_left: int
    statement: bool
    password_changed_at: datetime | None
    reminder_after: timedelta

    @property
    def few_codes(self) -> bool:
        """Whether it is time for a new sheet."""
        return bool(self.second_factor) and self.codes_left <= FEW_CODES

    @property
    def password_old(self) -> bool:
        """Whether the school reminds of changing it by now (R-011)."""
        changed = self.password_changed_at
        return changed is not None and timezone.now() - changed > self.reminder_after


def own(user: User) -> Own:
    """The state of a person's own account, in two queries."""
    mine = OuterRef("pk")
    year = school_year.first_calendar_year(clock.today())
    factors = SecondFactor.objects.filter(user=mine, ended_at=None)
    left = (
        RecoveryCode.objects.filter(
            second_factor__user=mine, second_factor__ended_at=None, used_at=None, replaced_at=None
        )
        .order_by()
        .values("second_factor")
        .annotate(n=Count("pk"))
        .values("n")
    )
    changes = PasswordChange.objects.filter(user=mine).order_by("-changed_at")
    row: Any = (
        User.objects.filter(pk=user.pk)
        .annotate(
            factor=Subquery(factors.values("method")[:1]),
            left=Coalesce(Subquery(left, output_field=IntegerField()), 0),
            accepted=Exists(Acceptance.objects.filter(user=mine, first_year=year)),
            changed=Subquery(changes.values("changed_at")[:1]),
        )
        .values("factor", "left", "accepted", "changed")
        .get()
    )
    factor = row["factor"] or ""
    regulation = regulation_on(user.school, clock.today()) if user.school else Regulation()
    return Own(
        reminder_after=timedelta(days=regulation.password_reminder_days),
        second_factor=factor,
        second_factor_name=str(Method(factor).label) if factor else "",
        codes_left=row["left"],
        statement=row["accepted"],
        password_changed_at=row["changed"],
    )


@dataclass(frozen=True)
class Outstanding:
    """How many slips of a school wait to be used, and how many this person could confirm."""

    unused: int
    to_confirm: int


def outstanding_slips(user: User) -> Outstanding:
    """Slips that wait at the user's school, in one query."""
    waiting = Q(needs_confirmation=True, confirmed_at=None) & ~Q(issued_by=user) & ~Q(user=user)
    counts = (
        ActivationSlip.objects.visible_to(user)
        .outstanding(timezone.now())
        .aggregate(unused=Count("pk"), to_confirm=Count("pk", filter=waiting))
    )
    return Outstanding(**counts)
