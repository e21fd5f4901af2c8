"""Giving and taking duties, departments and the admin board (R-002 – R-006, R-036)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schoolbook import access
from schoolbook.errors import Invalid
from schoolbook.models import AdminBoard, Department, DepartmentMembership, Duty, School, User
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action, Role
from schoolbook.services import rows

FEWEST_ON_BOARD, MOST_ON_BOARD = 3, 5


@dataclass(frozen=True)
class BoardMember:
    """One member of an admin board, with the duty in the words of the decision."""

    user: User
    task: str


@transaction.atomic
def charge(
    *,
    school: School,
    user: User,
    role: Role,
    begins_on: date,
    actor: User,
    ends_on: date | None = None,
    department: Department | None = None,
    task: str = "",
    reason: str = "",
) -> Duty:
    """Give a person a duty from a day on, and until another if one is named.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, school, to=Action.GIVE_DUTIES)
    duty = Duty(
        school=school,
        user=user,
        role=role,
        department=department,
        task=tidy(task),
        begins_on=begins_on,
        ends_on=ends_on,
    )
    return rows.enter(duty, actor=actor, reason=reason)


@transaction.atomic
def discharge(*, duty_id: int, last_day: date, actor: User, reason: str = "") -> Duty:
    """End a duty; its rights end with the last day.

    Raises Http404, PermissionDenied, Invalid.
    """
    duty = Duty.objects.select_for_update(no_key=True).get(pk=duty_id)
    access.allow(actor, duty.school, to=Action.GIVE_DUTIES)
    return rows.end(duty, last_day=last_day, actor=actor, reason=reason)


@transaction.atomic
def appoint_board(
    *,
    school: School,
    decision_number: str,
    decided_on: date,
    members: Sequence[BoardMember],
    actor: User,
) -> AdminBoard:
    """Record the admin board that the principal has set up by a numbered decision (R-004).

    It has 3 to 5 members, each with a written duty. Administrators who are not on it are discharged the day before.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, school, to=Action.GIVE_DUTIES)
    people = {member.user.pk for member in members}
    if not FEWEST_ON_BOARD <= len(people) == len(members) <= MOST_ON_BOARD:
        raise Invalid({"members": _("An admin board has three to five different members.")})
    board = AdminBoard(school=school, decision_number=tidy(decision_number), decided_on=decided_on)
    if not board.decision_number:
        raise Invalid({"decision_number": _("Write the number of the principal's decision.")})
    rows.enter(board, actor=actor)
    present = Duty.objects.select_for_update(no_key=True).filter(school=school, role=Role.ADMIN)
    for duty in present.on(decided_on).order_by("id"):
        before = rows.day_before(decided_on)
        rows.end(duty, last_day=max(before, duty.begins_on), actor=actor)
    for member in members:
        task = tidy(member.task)
        if not task:
            raise Invalid({"members": _("Write down what each member is charged with.")})
        rows.enter(
            Duty(
                school=school,
                user=member.user,
                role=Role.ADMIN,
                board=board,
                task=task,
                begins_on=decided_on,
            ),
            actor=actor,
        )
    return board


@transaction.atomic
def open_department(*, school: School, name: str, actor: User) -> Department:
    """Enter a professional group.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, school, to=Action.GIVE_DUTIES)
    department = Department(school=school, name=tidy(name))
    return rows.enter(department, actor=actor)


@transaction.atomic
def join_department(
    *, department: Department, user: User, begins_on: date, actor: User
) -> DepartmentMembership:
    """Put a person into a department from a day on.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, department.school, to=Action.GIVE_DUTIES)
    row = DepartmentMembership(
        school=department.school, department=department, user=user, begins_on=begins_on
    )
    return rows.enter(row, actor=actor)
