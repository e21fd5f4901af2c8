"""Two small schools of named people, the same in every test.

Sông Lam is where things happen; Đồi Thông is next door and must never notice. `AN` is "An" in every test's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from schoolbook import totp
from schoolbook.models import Method, School, User
from schoolbook.rules.permissions import Role
from schoolbook.services import people, schools, second_factor

PASSWORD = "chim-se-nau-2026"
# The phone of everybody who has one.
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class Person:
    """Somebody of the cast; `duty` is a role with its first and last day."""

    username: str
    full_name: str
    duty: tuple[Role, date, date | None]
    active: bool = True


SONG_LAM = schools.Particulars(
    name="Trường THCS Sông Lam",
    abbreviation="songlam",
    address_before="Số 5 đường Bến Đò, huyện Hạ Lưu",
    address_since="Số 5 đường Bến Đò, xã Hạ Lưu",
)
DOI_THONG = schools.Particulars(
    name="Trường THPT Đồi Thông",
    abbreviation="doithong",
    address_before="",
    address_since="Thôn Đồi Thông, xã Vĩnh Lạc",
)
START = date(2025, 8, 1)

AN = Person("anlt.songlam", "Lê Thị An", (Role.ADMIN, START, None))
BINH = Person("binhtv.songlam", "Trần Văn Bình", (Role.PRINCIPAL, START, None))
CHI = Person("chinm.songlam", "Nguyễn Mai Chi", (Role.SUBJECT_TEACHER, START, None))
DUNG = Person("dungph.songlam", "Phạm Hữu Dũng", (Role.ADMIN, START, date(2026, 5, 31)))
GIANG = Person("giangdt.songlam", "Đỗ Thu Giang", (Role.ADMIN, date(2099, 8, 1), None))
HAI = Person("haivd.songlam", "Vũ Đức Hải", (Role.ADMIN, START, None), active=False)
KHANH = Person("khanhbq.doithong", "Bùi Quốc Khánh", (Role.ADMIN, START, None))

CAST = {
    SONG_LAM: [AN, BINH, CHI, DUNG, GIANG, HAI],
    DOI_THONG: [KHANH],
}
WITH_SECOND_FACTOR = {AN, BINH, KHANH}


def build() -> None:
    """Make both schools and everybody in them, through the services."""
    system = User.objects.system()
    for particulars, staff in CAST.items():
        school = schools.open_school(particulars, actor=system)
        for person in staff:
            user = people.open_account(
                school=school, full_name=person.full_name, password=PASSWORD, actor=system
            )
            assert user.username == person.username, user.username
            role, begins_on, ends_on = person.duty
            people.charge(user=user, role=role, begins_on=begins_on, ends_on=ends_on, actor=system)
            if person in WITH_SECOND_FACTOR:
                give_second_factor(user)
            if not person.active:
                people.close_account(user_id=user.pk, actor=system)


def give_second_factor(user: User) -> list[str]:
    """Set up the phone of the cast for somebody; the codes of the printed sheet."""
    return second_factor.set_up(
        method=Method.TOTP,
        secret=TOTP_SECRET,
        code=code(-1),
        actor=user,
        verified_at=None,
        session_key=None,
    )


def code(half_minutes: int = 0) -> str:
    """What that phone shows now, or some half minutes later."""
    return totp.code_of(TOTP_SECRET, totp.step_of(timezone.now().timestamp()) + half_minutes)


def user(person: Person) -> User:
    """The account of somebody of the cast."""
    return User.objects.get(username=person.username)


def song_lam() -> School:
    """The school where things happen."""
    return School.objects.get(abbreviation=SONG_LAM.abbreviation)


def doi_thong() -> School:
    """The school next door."""
    return School.objects.get(abbreviation=DOI_THONG.abbreviation)
