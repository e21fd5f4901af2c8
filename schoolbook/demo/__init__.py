"""The demo schools, made through the services, and the accounts that the sign-in page offers there."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from schoolbook import registry, totp
from schoolbook.demo import fill, life
from schoolbook.demo.data import SCHOOLS
from schoolbook.models import Method, PersonGrant, School, SecondFactor, User
from schoolbook.models.duties import ROLE_NAMES
from schoolbook.rules.permissions import SECOND_FACTOR, Role, any_of
from schoolbook.services import chain, people, second_factor

ACCOUNTS = Path(settings.BASE_DIR) / "var" / "demo" / "accounts.json"


@dataclass(frozen=True)
class Account:
    """An account of the demo that anybody may use."""

    label: str
    role: str
    school: str
    username: str
    password: str
    totp_secret: str = ""


@transaction.atomic
def load(only: Collection[str] = ()) -> list[Account]:
    """Make the demo schools in an empty database; in any other, do nothing and return no account.

    `only` names some of them by abbreviation.
    """
    if School.objects.exists():
        return []
    system = User.objects.system()
    made = []
    for plan in SCHOOLS:
        if only and plan.particulars.abbreviation not in only:
            continue
        school = fill.make(plan, system)
        made += [_open(user, role, system) for role, user in _one_of_each(school)]
        life.go_on(school, _administrator(school), {one.username for one in made}, system)
        made += [_open(user, Role.DELEGATE, system) for user in _delegates(school)]
    return made


def tell(abbreviation: str) -> None:
    """Let happen at one school what the other apps have to add, each unless it has happened already."""
    school = School.objects.get(abbreviation=abbreviation)
    system = User.objects.system()
    registry.demo.tell(school, system)
    chain.gather(school=school, actor=system)


def _one_of_each(school: School) -> Iterator[tuple[Role, User]]:
    """For each duty the first who holds it, and a teacher who holds no other."""
    by_role: dict[Role, User] = {}
    for duty in school.duties.select_related("user").order_by("id"):
        by_role.setdefault(Role(duty.role), duty.user)
    charged = {user.pk for user in by_role.values()}
    free = school.staff.exclude(duties__isnull=False).order_by("id")
    homeroom = free.filter(homerooms__isnull=False).first()
    teacher = free.filter(homerooms__isnull=True, teaching__isnull=False).first()
    yield from by_role.items()
    if homeroom and homeroom.pk not in charged:
        yield Role.HOMEROOM_TEACHER, homeroom
    if teacher:
        yield Role.SUBJECT_TEACHER, teacher


def _administrator(school: School) -> User:
    """The first of the admin board."""
    return school.duties.filter(role=Role.ADMIN).order_by("id")[0].user


def _delegates(school: School) -> list[User]:
    """Who enters marks for somebody else."""
    return [grant.user for grant in PersonGrant.objects.filter(school=school)]


def _open(user: User, role: Role, system: User) -> Account:
    password = secrets.token_urlsafe(9)
    people.set_password(user_id=user.pk, password=password, actor=system)
    secret = _second_factor(user) if any_of({role}, SECOND_FACTOR) else ""
    with translation.override("vi"):
        label = f"{user.full_name}: {ROLE_NAMES[role]}"
    assert user.school
    return Account(label, role, user.school.name, user.username, password, secret)


def _second_factor(user: User) -> str:
    """Give somebody with power a phone whose secret the sign-in page of the demo knows."""
    secret = totp.new_secret()
    # The code of half a minute ago, so that the one of now still works once.
    code = totp.code_of(secret, totp.step_of(timezone.now().timestamp()) - 1)
    second_factor.set_up(
        method=Method.TOTP,
        secret=secret,
        code=code,
        actor=user,
        verified_at=None,
        session_key=None,
    )
    return secret


def code_of(username: str) -> str:
    """The code that the phone of an account of the demo would show now; empty outside of a demo.

    Each works once; whoever signs in again within the same half minute is shown the next one, as a phone that is a
    little fast would.
    """
    secrets_by_name = {account.username: account.totp_secret for account in accounts()}
    if not (secret := secrets_by_name.get(username, "")):
        return ""
    now = totp.step_of(timezone.now().timestamp())
    used = SecondFactor.objects.filter(user__username=username, ended_at=None, last_step=now)
    return totp.code_of(secret, now + 1 if used.exists() else now)


def save_accounts(accounts: list[Account], path: Path) -> None:
    """Write the accounts where `accounts()` and people find them; only the owner of the file may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(
        json.dumps([asdict(account) for account in accounts], ensure_ascii=False, indent=2) + "\n"
    )


def accounts() -> list[Account]:
    """The accounts to offer on the sign-in page: none outside of a demo."""
    if settings.MODE != "demo" or not ACCOUNTS.exists():
        return []
    return [Account(**entry) for entry in json.loads(ACCOUNTS.read_text())]
