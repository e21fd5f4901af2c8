"""The demo schools, made through the services, and the accounts that the sign-in page offers there."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from schoolbook import totp
from schoolbook.models import Method, School, User
from schoolbook.rules.permissions import SECOND_FACTOR, Role, any_of
from schoolbook.services import people, schools, second_factor
from schoolbook.services.schools import Particulars

ACCOUNTS = Path(settings.BASE_DIR) / "var" / "demo" / "accounts.json"
FIRST_DAY = date(2026, 8, 1)

SCHOOLS: list[tuple[Particulars, list[tuple[str, Role]]]] = [
    (
        Particulars(
            name="Trường THCS Sông Lam",
            abbreviation="thcssl",
            address_before="Số 12 đường Hoa Sữa, phường Bình Minh, thị xã Sơn Hà, tỉnh Đông Giang",
            address_since="Số 12 đường Hoa Sữa, phường Sơn Hà, tỉnh Đông Giang",
        ),
        [
            ("Trần Thị Bích Ngọc", Role.ADMIN),
            ("Lê Quang Hưng", Role.PRINCIPAL),
            ("Phạm Thu Thủy", Role.SUBJECT_TEACHER),
        ],
    ),
    (
        Particulars(
            name="Trường THPT Đồi Thông",
            abbreviation="thptdt",
            address_before="Thôn Đồi Thông, xã Thanh Bình, huyện Vĩnh Lạc, tỉnh Đông Giang",
            address_since="Thôn Đồi Thông, xã Vĩnh Lạc, tỉnh Đông Giang",
        ),
        [
            ("Đỗ Minh Khuê", Role.ADMIN),
            ("Vũ Thị Hồng Ánh", Role.SUBJECT_TEACHER),
        ],
    ),
]


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
def load() -> list[Account]:
    """Make the demo schools in an empty database; in any other, do nothing and return no account."""
    if School.objects.exists():
        return []
    system = User.objects.system()
    made = []
    for particulars, staff in SCHOOLS:
        school = schools.open_school(particulars, actor=system, reason="Dữ liệu mẫu")
        for full_name, role in staff:
            password = secrets.token_urlsafe(9)
            user = people.open_account(
                school=school, full_name=full_name, password=password, actor=system
            )
            duty = people.charge(user=user, role=role, begins_on=FIRST_DAY, actor=system)
            label = f"{user.full_name}: {duty.get_role_display()}"
            secret = _second_factor(user) if any_of({role}, SECOND_FACTOR) else ""
            made.append(Account(label, role, school.name, user.username, password, secret))
    return made


def _second_factor(user: User) -> str:
    """Give somebody with power a phone whose secret the sign-in page of the demo knows."""
    secret = totp.new_secret()
    # The code of half a minute ago, so that the one of now still works once.
    code = totp.code_of(secret, totp.step_of(time.time()) - 1)
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
    """The code that the phone of an account of the demo would show now; empty outside of a demo."""
    secrets_by_name = {account.username: account.totp_secret for account in accounts()}
    secret = secrets_by_name.get(username, "")
    return totp.code_of(secret, totp.step_of(time.time())) if secret else ""


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
