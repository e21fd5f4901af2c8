"""Duties: what a person is charged with, from a date and perhaps until one. Rights follow them (R-006).

Teaching and homeroom assignments (`structure.py`) are duties too, each with the class it is for.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolbook.models.audit import History
from schoolbook.models.dated import Dated, ends_after_it_begins, once_at_a_time
from schoolbook.models.people import User
from schoolbook.models.school import School
from schoolbook.models.triggers import SameSchool, audited
from schoolbook.rules.permissions import CHARGED, Role

ROLE_NAMES = {
    Role.PRINCIPAL: _("principal"),
    Role.VICE_PRINCIPAL: _("vice-principal"),
    Role.ADMIN: _("administrator"),
    Role.DEPARTMENT_HEAD: _("head of department"),
    Role.SUBJECT_TEACHER: _("subject teacher"),
    Role.HOMEROOM_TEACHER: _("homeroom teacher"),
    Role.CLERK: _("clerk"),
    Role.ACCOUNTANT: _("accountant"),
    Role.LIBRARIAN: _("librarian"),
    Role.HEALTH_OFFICER: _("health officer"),
    Role.INSPECTOR: _("inspector"),
    Role.DELEGATE: _("delegate"),
    Role.MEMBER: _("staff member"),
}


DEPARTMENT, TEAM = "department", "team"


class Department(models.Model):
    """A professional group of a school (tổ chuyên môn), or a team (nhóm) that works together (R-005, R-036)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="departments")
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=[(DEPARTMENT, _("department")), (TEAM, _("team"))],
        default=DEPARTMENT,
    )
    is_active = models.BooleanField(_("in use"), default=True)

    history = History()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"],
                name="department_name_once",
                violation_error_message=_("The school has a department of this name already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="department_name_not_empty"),
            models.CheckConstraint(
                condition=Q(kind__in=[DEPARTMENT, TEAM]), name="department_kind_known"
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name


class DepartmentMembership(Dated):
    """A person's place in a department."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")

    history = History(chained=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            ends_after_it_begins("membership_ends_after_it_begins"),
            once_at_a_time(
                "membership_once_at_a_time",
                "department",
                "user",
                message=_("This person is in the department already in these days."),
            ),
        ]
        triggers = [*audited(), SameSchool("department", "user")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.department_id}"


class AdminBoard(models.Model):
    """The admin board, set up by a numbered decision of the principal (R-004)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="admin_boards")
    decision_number = models.CharField(_("number of the decision"), max_length=60)
    decided_on = models.DateField(_("date of the decision"))

    history = History(chained=True)

    class Meta:
        verbose_name = _("admin board")
        verbose_name_plural = _("admin boards")
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision_number=""), name="admin_board_has_a_decision"
            ),
            models.UniqueConstraint(
                fields=["school", "decision_number", "decided_on"],
                name="admin_board_decided_once",
                violation_error_message=_("This decision is recorded already."),
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.decision_number


class Duty(Dated):
    """A duty of one person for the whole school, or for one department."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="duties")
    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="duties"
    )
    role = models.CharField(
        _("duty"), max_length=32, choices=[(role, ROLE_NAMES[role]) for role in CHARGED]
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="heads"
    )
    board = models.ForeignKey(
        AdminBoard, on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )
    task = models.CharField(
        _("written duty"),
        max_length=300,
        blank=True,
        help_text=_("What this person is charged with, in the words of the decision."),
    )

    history = History(chained=True)

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in CHARGED]), name="duty_role_known"
            ),
            models.CheckConstraint(
                condition=Q(role=Role.DEPARTMENT_HEAD, department__isnull=False)
                | (~Q(role=Role.DEPARTMENT_HEAD) & Q(department__isnull=True)),
                name="duty_head_has_a_department",
            ),
            models.CheckConstraint(
                condition=Q(board__isnull=True) | (Q(role=Role.ADMIN) & ~Q(task="")),
                name="duty_board_member_has_a_task",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.INSPECTOR) | Q(ends_on__isnull=False),
                name="duty_inspector_has_a_last_day",
            ),
            ends_after_it_begins("duty_ends_after_it_begins"),
            once_at_a_time(
                "duty_held_once_at_a_time",
                "user",
                "role",
                message=_("This person already holds that duty in these days."),
                condition=Q(department__isnull=True),
            ),
            once_at_a_time(
                "duty_one_head_at_a_time",
                "department",
                message=_("The department has a head already in these days."),
            ),
        ]
        triggers = [*audited(), SameSchool("user", "department", "board")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"
