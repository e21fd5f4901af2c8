"""Makes one demo school through the services: staff, year, classes, pupils and who teaches what."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle

from schoolbook.demo.data import (
    BOARD,
    CHARGED,
    DEPARTMENTS,
    ETHNICITY,
    FIRST_DAY,
    PLACE,
    YEAR,
    DemoSchool,
)
from schoolbook.models import ClassGroup, School, SchoolYear, Subject, User
from schoolbook.rules.calendar import usual_plan
from schoolbook.rules.demo_names import people as invented
from schoolbook.rules.permissions import Role
from schoolbook.rules.subjects import Level
from schoolbook.services import duties, people, schools, structure, students
from schoolbook.services.students import Particulars

FIRST_GRADE_AGE = 6
TAUGHT_BY_CLASS_TEACHER = {
    "tieng_viet",
    "toan",
    "dao_duc",
    "tnxh",
    "hdtn",
    "lich_su_dia_li",
    "khoa_hoc",
}


def make(plan: DemoSchool, system: User) -> School:
    """Make the school; the same every time."""
    school = schools.open_school(
        plan.particulars,
        level=plan.level,
        district=plan.district,
        actor=system,
        reason="Dữ liệu mẫu",
    )
    staff = [
        people.open_account(school=school, full_name=name, actor=system)
        for name, _sex in invented(f"staff {school.abbreviation}", plan.staff)
    ]
    _charge(school, staff, system)
    teachers = staff[len(CHARGED) :]
    year = structure.open_year(school=school, start=YEAR, plan=usual_plan(YEAR), actor=system)
    subjects = structure.take_catalogue(school=school, actor=system)
    groups = list(_classes(plan, year, subjects, system))
    _assign(school, groups, teachers, system)
    _enrol(plan, school, groups, system)
    return school


def _charge(school: School, staff: list[User], system: User) -> None:
    for user, role in zip(staff, CHARGED, strict=False):
        duties.charge(school=school, user=user, role=role, begins_on=FIRST_DAY, actor=system)
    board = staff[len(CHARGED) : len(CHARGED) + len(BOARD)]
    duties.appoint_board(
        school=school,
        decision_number=f"15/QĐ-{school.abbreviation.upper()}",
        decided_on=FIRST_DAY,
        members=[duties.BoardMember(u, task) for u, task in zip(board, BOARD, strict=True)],
        actor=system,
    )
    made = [duties.open_department(school=school, name=name, actor=system) for name in DEPARTMENTS]
    teachers = staff[len(CHARGED) :]
    for user, department in zip(teachers, cycle(made)):
        duties.join_department(department=department, user=user, begins_on=FIRST_DAY, actor=system)
    for user, department in zip(teachers[len(BOARD) :], made, strict=False):
        duties.charge(
            school=school,
            user=user,
            role=Role.DEPARTMENT_HEAD,
            department=department,
            begins_on=FIRST_DAY,
            actor=system,
        )


def _classes(
    plan: DemoSchool, year: SchoolYear, subjects: list[Subject], system: User
) -> Iterator[ClassGroup]:
    by_code = {subject.code: subject for subject in subjects}
    for grade, count in plan.classes.items():
        for number in range(1, count + 1):
            special = None
            if plan.specialised and plan.specialised[0] == grade and number == 1:
                special = by_code[plan.specialised[1]]
            group = structure.add_class(
                year=year,
                grade=grade,
                name=f"{grade}A{number}",
                specialised_subject=special,
                actor=system,
            )
            structure.take_usual_subjects(class_group=group, actor=system)
            yield group


def _assign(school: School, groups: list[ClassGroup], teachers: list[User], system: User) -> None:
    """Give each subject teachers of its own as far as there are enough, and each class a homeroom teacher of its own.

    In a primary class the homeroom teacher teaches most subjects.
    """
    homerooms = dict(zip(groups, teachers, strict=False))
    pools = _pools(list(school.subjects.values_list("code", flat=True)), teachers)
    pairs = []
    for place, group in enumerate(groups):
        for taught in group.class_subjects.select_related("subject"):
            code = taught.subject.code
            own = school.level == Level.PRIMARY and code in TAUGHT_BY_CLASS_TEACHER
            pool = [homerooms[group]] if own else pools[code]
            pairs.append((taught, pool[place % len(pool)]))
    structure.assign_teachers(school=school, pairs=pairs, begins_on=FIRST_DAY, actor=system)
    for group, teacher in homerooms.items():
        structure.assign_homeroom(
            class_group=group, user=teacher, begins_on=FIRST_DAY, actor=system
        )


def _pools(codes: list[str], teachers: list[User]) -> dict[str, list[User]]:
    pools: dict[str, list[User]] = {code: [] for code in codes}
    for place in range(max(len(codes), len(teachers))):
        pools[codes[place % len(codes)]].append(teachers[place % len(teachers)])
    return pools


def _enrol(plan: DemoSchool, school: School, groups: list[ClassGroup], system: User) -> None:
    chance = random.Random(school.abbreviation)  # noqa: S311 - believable, not secret
    number = 0
    for group in groups:
        size = plan.pupils + chance.randint(-2, 2)
        particulars = []
        for full_name, sex in invented(f"{school.abbreviation} {group.name}", size):
            number += 1
            born = date(YEAR - group.grade - FIRST_GRADE_AGE + 1, 1, 1)
            particulars.append(
                Particulars(
                    code=f"{school.abbreviation.upper()}{number:05d}",
                    full_name=full_name,
                    sex=str(sex),
                    born_on=born + timedelta(days=chance.randint(0, 364)),
                    national_id=f"0{chance.randint(10**10, 10**11 - 1)}",
                    birth_place=PLACE,
                    ethnicity=ETHNICITY,
                )
            )
        made = students.enter(school=school, particulars=particulars, actor=system)
        students.enrol(class_group=group, pupils=made, begins_on=FIRST_DAY, actor=system)
