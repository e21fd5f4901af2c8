"""Giving and taking duties, departments and the admin board (R-002 – R-006, R-036)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolbook import access, audit, clock
from schoolbook.errors import Invalid
from schoolbook.models import AdminBoard, Department, DepartmentMembership, Duty, School, User
from schoolbook.models.duties import DEPARTMENT
from schoolbook.rules.board import FEWEST_ON_BOARD, MOST_ON_BOARD
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action, Role
from schoolbook.services import administrators, rows, second_factor, structure


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
    verified_at: datetime | None = None,
    ends_on: date | None = None,
    department: Department | None = None,
    task: str = "",
    reason: str = "",
) -> Duty:
    """Give a person a duty from a day on, and until another if one is named.

    Raises Http404, PermissionDenied, Invalid and SecondFactorNeeded.
    """
    school = _in_charge(actor, school, verified_at)
    structure.colleague(user, school)
    if role == Role.DEPARTMENT_HEAD and department is None:
        raise Invalid({"department": _("Choose the department that this person heads.")})
    if role == Role.INSPECTOR and ends_on is None:
        raise Invalid({"ends_on": _("An inspector has a last day.")})
    duty = Duty(
        school=school,
        user=user,
        role=role,
        department=department if role == Role.DEPARTMENT_HEAD else None,
        task=tidy(task),
        begins_on=begins_on,
        ends_on=ends_on,
    )
    return rows.enter(duty, actor=actor, reason=tidy(reason))


@transaction.atomic
def discharge(
    *,
    duty_id: int,
    last_day: date,
    actor: User,
    verified_at: datetime | None = None,
    reason: str = "",
    version: int | None = None,
) -> Duty:
    """End a duty; its rights end with the last day. The last administrator of a school is never discharged.

    Raises Http404, PermissionDenied, Invalid, Conflict and SecondFactorNeeded.
    """
    school_id = Duty.objects.values_list("school_id", flat=True).filter(pk=duty_id).first()
    school = _in_charge(actor, School(pk=school_id or 0), verified_at)
    duty = Duty.objects.select_for_update(no_key=True).get(pk=duty_id)
    structure.unchanged(Duty, Q(id=duty.pk), version)
    with administrators.kept(school, field="last_day"):
        return rows.end(duty, last_day=last_day, actor=actor, reason=tidy(reason))


def _in_charge(actor: User, school: School, verified_at: datetime | None) -> School:
    """The school, locked: two who give or end duties at once wait here, and the second is judged anew.

    Raises Http404, PermissionDenied and, for people, SecondFactorNeeded.
    """
    if actor.is_system:
        return School.objects.select_for_update(no_key=True).get(pk=school.pk)
    locked = access.school(actor, school.pk, to=Action.GIVE_DUTIES, lock=True)
    # Whoever was discharged or deactivated while waiting has no say any more.
    access.require(User.objects.get(pk=actor.pk), Action.GIVE_DUTIES)
    second_factor.require_fresh(actor, verified_at)
    return locked


@transaction.atomic
def appoint_board(
    *,
    school: School,
    decision_number: str,
    decided_on: date,
    members: Sequence[BoardMember],
    actor: User,
    verified_at: datetime | None = None,
) -> AdminBoard:
    """Record the admin board that the principal has set up by a numbered decision (R-004).

    It has 3 to 5 members, each with a written duty. Administrators who are not on it are discharged the day before.

    Raises Http404, PermissionDenied, Invalid and SecondFactorNeeded.
    """
    school = _in_charge(actor, school, verified_at)
    people = {member.user.pk for member in members}
    if not FEWEST_ON_BOARD <= len(people) == len(members) <= MOST_ON_BOARD:
        raise Invalid({"members": _("An admin board has three to five different members.")})
    for member in members:
        structure.colleague(member.user, school)
        if not tidy(member.task):
            raise Invalid({"members": _("Write down what each member is charged with.")})
    board = AdminBoard(school=school, decision_number=tidy(decision_number), decided_on=decided_on)
    if not board.decision_number:
        raise Invalid({"decision_number": _("Write the number of the principal's decision.")})
    rows.enter(board, actor=actor)
    with administrators.kept(school, field="members"):
        _make_way(board, actor=actor)
        for member in members:
            duty = Duty(
                school=school,
                user=member.user,
                role=Role.ADMIN,
                board=board,
                task=tidy(member.task),
                begins_on=decided_on,
            )
            rows.enter(duty, actor=actor)
    return board


def _make_way(board: AdminBoard, *, actor: User) -> None:
    """End every administering duty the day before the board begins.

    Raises Invalid for one that begins later or on the same day: it cannot end before it began.
    """
    day = board.decided_on
    held = Duty.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    for duty in held.filter(school=board.school, role=Role.ADMIN).on(day).order_by("id"):
        if duty.begins_on == day:
            raise Invalid({"decided_on": str(_TOO_EARLY) % _named(duty)})
        rows.end(duty, last_day=rows.day_before(day), actor=actor)


_TOO_EARLY = _("%(name)s has been an administrator since %(day)s only. Choose a later day.")


def _named(duty: Duty) -> dict[str, str]:
    return {"name": duty.user.full_name, "day": f"{duty.begins_on:%d/%m/%Y}"}


@transaction.atomic
def name_head(
    *,
    department_id: int,
    user: User,
    day: date,
    actor: User,
    verified_at: datetime | None = None,
    reason: str = "",
) -> Duty:
    """Let a person head a department or team from a day on; who did so before ends the day before (R-036).

    Raises Http404, PermissionDenied, Invalid and SecondFactorNeeded.
    """
    department = access.department(actor, department_id, to=Action.GIVE_DUTIES)
    school = _in_charge(actor, department.school, verified_at)
    held = Duty.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    for duty in held.filter(department=department).on(day).order_by("id"):
        if duty.user_id == user.pk:
            raise Invalid({"user": _("This person already holds that duty in these days.")})
        if duty.begins_on == day:
            sentence = _("%(name)s began on %(day)s. Choose a later day.")
            raise Invalid({"day": str(sentence) % _named(duty)})
        rows.end(duty, last_day=rows.day_before(day), actor=actor, reason=tidy(reason))
    return charge(
        school=school,
        user=user,
        role=Role.DEPARTMENT_HEAD,
        department=department,
        begins_on=day,
        reason=reason,
        actor=actor,
        verified_at=verified_at,
    )


@transaction.atomic
def open_department(
    *, school: School, name: str, actor: User, kind: str = DEPARTMENT
) -> Department:
    """Enter a professional group, or a team.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, school, to=Action.GIVE_DUTIES)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    department = Department(school=school, name=tidy(name), kind=kind)
    return rows.enter(department, actor=actor)


@transaction.atomic
def edit_department(
    *,
    department_id: int,
    name: str,
    kind: str,
    is_active: bool,
    actor: User,
    reason: str = "",
    version: int | None = None,
) -> Department:
    """Rename a department, or take it out of use or into it again; the same again is no change.

    Raises Http404, PermissionDenied, Invalid when somebody is still in it, and Conflict.
    """
    department = access.department(actor, department_id, to=Action.GIVE_DUTIES)
    School.objects.select_for_update(no_key=True).get(pk=department.school_id)
    department = access.department(actor, department_id, to=Action.GIVE_DUTIES, lock=True)
    wanted = {"name": tidy(name), "kind": kind, "is_active": is_active}
    if all(getattr(department, field) == value for field, value in wanted.items()):
        return department
    structure.unchanged(Department, Q(id=department.pk), version)
    today = clock.today()
    # A place or a head of a later day counts, too.
    later = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    if not is_active and (
        department.memberships.filter(later).exists() or department.heads.filter(later).exists()
    ):
        raise Invalid({"is_active": _("Somebody is still in it or heads it. End that first.")})
    for field, value in wanted.items():
        setattr(department, field, value)
    rows.check(department)
    department.save()
    audit.record([department], actor=actor, reason=tidy(reason))
    return department


@transaction.atomic
def join_department(
    *, department: Department, user: User, begins_on: date, actor: User, reason: str = ""
) -> DepartmentMembership:
    """Put a person into a department from a day on.

    Raises Http404, PermissionDenied, Invalid.
    """
    access.allow(actor, department.school, to=Action.GIVE_DUTIES)
    department = Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    structure.colleague(user, department.school)
    if not department.is_active:
        raise Invalid({"__all__": _("This department is out of use.")})
    row = DepartmentMembership(
        school=department.school, department=department, user=user, begins_on=begins_on
    )
    return rows.enter(row, actor=actor, reason=tidy(reason))


@transaction.atomic
def leave_department(
    *,
    membership_id: int,
    last_day: date,
    actor: User,
    reason: str = "",
    version: int | None = None,
) -> DepartmentMembership:
    """End a person's place in a department.

    Raises Http404, PermissionDenied, Invalid and Conflict.
    """
    row = access.membership(actor, membership_id, to=Action.GIVE_DUTIES, lock=True)
    structure.unchanged(DepartmentMembership, Q(id=row.pk), version)
    return rows.end(row, last_day=last_day, actor=actor, reason=tidy(reason))
