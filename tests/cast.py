"""Two small schools of named people, the same in every test.

Sông Lam is where things happen; Đồi Thông is next door and must never notice. `AN` is "An" in every test's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone

from schoolbook import totp
from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    GroupGrant,
    Method,
    PersonGrant,
    School,
    Student,
    User,
)
from schoolbook.models.duties import TEAM
from schoolbook.rules.calendar import usual_plan
from schoolbook.rules.permissions import Action, Role
from schoolbook.rules.regulation import Regulation
from schoolbook.rules.subjects import Level
from schoolbook.services import (
    duties,
    people,
    rows,
    schools,
    second_factor,
    structure,
    students,
)

PASSWORD = "chim-se-nau-2026"
# The phone of everybody who has one.
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class Person:
    """Somebody of the cast; `duty` is a role with its first and last day, if it is a duty of the whole school."""

    username: str
    full_name: str
    duty: tuple[Role, date, date | None] | None = None
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
LEVELS = {"songlam": Level.LOWER_SECONDARY, "doithong": Level.UPPER_SECONDARY}
START = date(2025, 8, 1)
TODAY = timezone.localdate()
DAY = timedelta(days=1)

AN = Person("anlt.songlam", "Lê Thị An", (Role.ADMIN, START, None))
BINH = Person("binhtv.songlam", "Trần Văn Bình", (Role.PRINCIPAL, START, None))
CHI = Person("chinm.songlam", "Nguyễn Mai Chi")
DUNG = Person("dungph.songlam", "Phạm Hữu Dũng", (Role.ADMIN, START, date(2026, 5, 31)))
GIANG = Person("giangdt.songlam", "Đỗ Thu Giang", (Role.ADMIN, date(2099, 8, 1), None))
HAI = Person("haivd.songlam", "Vũ Đức Hải", (Role.ADMIN, START, None), active=False)
LAN = Person("lanht.songlam", "Hoàng Thị Lan")
MINH = Person("minhtq.songlam", "Trương Quang Minh")
OANH = Person("oanhlk.songlam", "Lưu Kim Oanh")
PHUC = Person("phucnh.songlam", "Ngô Hồng Phúc")
QUYEN = Person("quyendl.songlam", "Đặng Lệ Quyên", (Role.CLERK, START, None))
SON = Person("sonmt.songlam", "Mai Thái Sơn", (Role.INSPECTOR, START, date(2099, 7, 31)))
THU = Person("thuvt.songlam", "Võ Thị Thu", (Role.VICE_PRINCIPAL, START, None))
UYEN = Person("uyenlp.songlam", "Lâm Phương Uyên")
VAN = Person("vanpt.songlam", "Phan Thùy Vân")
XUAN = Person("xuanlk.songlam", "Lương Kim Xuân")
TAN = Person("tandh.songlam", "Đinh Hữu Tân")
KHANH = Person("khanhbq.doithong", "Bùi Quốc Khánh", (Role.ADMIN, START, None))
YEN = Person("yenth.doithong", "Tạ Hải Yến")

CAST = {
    SONG_LAM: [
        AN,
        BINH,
        CHI,
        DUNG,
        GIANG,
        HAI,
        LAN,
        MINH,
        OANH,
        PHUC,
        QUYEN,
        SON,
        TAN,
        THU,
        UYEN,
        VAN,
        XUAN,
    ],
    DOI_THONG: [KHANH, YEN],
}
WITH_SECOND_FACTOR = {AN, BINH, THU, KHANH}


def build() -> None:
    """Make both schools and everybody in them, through the services."""
    system = User.objects.system()
    for particulars, staff in CAST.items():
        school = schools.open_school(
            particulars, level=LEVELS[particulars.abbreviation], district="haluu", actor=system
        )
        for person in staff:
            user = people.open_account(
                school=school, full_name=person.full_name, password=PASSWORD, actor=system
            )
            assert user.username == person.username, user.username
            if person.duty:
                role, begins_on, ends_on = person.duty
                duties.charge(
                    school=school,
                    user=user,
                    role=role,
                    begins_on=begins_on,
                    ends_on=ends_on,
                    actor=system,
                )
            if person in WITH_SECOND_FACTOR:
                give_second_factor(user)
            if not person.active:
                people.close_account(user_id=user.pk, actor=system)
        _set_up(school, system)


def _set_up(school: School, system: User) -> None:
    """A year with two classes, 6A and 6B (10A and 10B next door), and three pupils in the first.

    At Sông Lam, Lan has 6A as her homeroom and Chi teaches Toán there, which Oanh did until the end of September;
    Minh teaches Toán in 6B and has it as homeroom. Phúc heads the department that Chi is in, Uyên one without teachers.
    Vân may enter the marks of Toán in 6A for a teacher who is away, and so may everybody in the team that Tân is in;
    Xuân could until yesterday. Next door Yến has 10A as her homeroom and could enter its marks until yesterday; Khánh
    does everything else, and no regulation is decided.
    """
    staff = {user.username: user for user in school.staff.all()}
    anybody = staff.get(KHANH.username) or staff[AN.username]

    def who(person: Person) -> User:
        return staff.get(person.username, anybody)

    grade = 6 if school.level == Level.LOWER_SECONDARY else 10
    structure.take_catalogue(school=school, actor=system)
    year = structure.open_year(school=school, start=2026, plan=usual_plan(2026), actor=system)
    groups = [
        structure.add_class(year=year, grade=grade, name=f"{grade}{letter}", actor=system)
        for letter in "AB"
    ]
    maths = []
    for group in groups:
        structure.take_usual_subjects(class_group=group, actor=system)
        maths.append(group.class_subjects.get(subject__code="toan"))
    begin = date(2026, 8, 1)
    structure.assign_teacher(class_subject=maths[0], user=who(OANH), begins_on=begin, actor=system)
    if who(CHI) != who(OANH):
        structure.hand_over(
            class_subject_id=maths[0].pk, to=who(CHI), day=date(2026, 10, 1), actor=system
        )
    structure.assign_teacher(class_subject=maths[1], user=who(MINH), begins_on=begin, actor=system)
    homerooms = (LAN, MINH) if LAN.username in staff else (YEN, KHANH)
    for group, person in zip(groups, homerooms, strict=True):
        structure.assign_homeroom(
            class_group=group, user=staff[person.username], begins_on=begin, actor=system
        )
    department = duties.open_department(school=school, name="Tổ Toán", actor=system)
    for person in (CHI, PHUC):
        if person.username in staff or person is CHI:
            duties.join_department(
                department=department, user=who(person), begins_on=begin, actor=system
            )
    duties.charge(
        school=school,
        user=who(PHUC),
        role=Role.DEPARTMENT_HEAD,
        department=department,
        begins_on=begin,
        actor=system,
    )
    if UYEN.username in staff:
        other = duties.open_department(school=school, name="Tổ Ngữ văn", actor=system)
        duties.charge(
            school=school,
            user=staff[UYEN.username],
            role=Role.DEPARTMENT_HEAD,
            department=other,
            begins_on=begin,
            actor=system,
        )
    _delegate(maths[0], staff, system)
    if BINH.username in staff:  # next door nobody leads, who could approve corrections
        schools.decide(
            school_id=school.pk,
            parameters=Regulation(),
            in_force_from=begin,
            decision_number="1/QĐ",
            decided_on=begin,
            actor=system,
        )
    _pupils(school, groups[0], system)


@transaction.atomic
def _delegate(taught: ClassSubject, staff: dict[str, User], system: User) -> None:
    """Made as rows: the service gives rights from today on only, and asks for a second factor just shown."""
    group = duties.open_department(
        school=taught.school, name="Nhóm nhập điểm", kind=TEAM, actor=system
    )
    what = {
        "school": taught.school,
        "content_object": taught,
        "permission": Permission.objects.get(codename=Action.ENTER_MARKS),
    }
    ago, ahead = TODAY - timedelta(days=30), TODAY + timedelta(days=300)
    given: list[GroupGrant | PersonGrant] = [
        GroupGrant(group=group, begins_on=ago, ends_on=ahead, **what)
    ]
    if VAN.username in staff:
        begin = date(2026, 8, 1)
        duties.join_department(
            department=group, user=staff[TAN.username], begins_on=begin, actor=system
        )
        given.append(PersonGrant(user=staff[VAN.username], begins_on=ago, ends_on=ahead, **what))
    former = staff.get(XUAN.username) or staff[YEN.username]
    given.append(PersonGrant(user=former, begins_on=ago, ends_on=TODAY - DAY, **what))
    for row in given:
        rows.enter(row, actor=system)


PUPILS = ["Nguyễn Gia Bảo", "Lê Thị Ánh", "Đỗ Minh Châu"]


def _pupils(school: School, group: ClassGroup, system: User) -> None:
    made = students.enter(
        school=school,
        particulars=[
            students.Particulars(
                code=f"HS{number:03d}",
                full_name=name,
                sex="female" if "Thị" in name else "male",
                born_on=date(2015, 2, number),
            )
            for number, name in enumerate(PUPILS, start=1)
        ],
        actor=system,
    )
    students.enrol(class_group=group, pupils=made, begins_on=date(2026, 8, 1), actor=system)


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


def class_group(name: str = "6A") -> ClassGroup:
    """A class of Sông Lam."""
    return ClassGroup.objects.get(school=song_lam(), name=name)


def pupil(name: str = PUPILS[0]) -> Student:
    """A pupil of Sông Lam, in 6A."""
    return Student.objects.get(school=song_lam(), full_name=name)
