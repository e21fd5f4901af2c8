"""Departments and teams, who is in them and who heads them (R-005, R-036); and the admin boards (R-004)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from schoolbook.models import AdminBoard, Department, DepartmentMembership, Duty, School
from schoolbook.selectors import history

FIELDS = ("name", "kind", "is_active")
DUTY_FIELDS = ("role", "department", "task", "begins_on", "ends_on")


def in_use(school: School) -> list[Department]:
    """The departments and teams in use, departments first; in one query."""
    return list(school.departments.filter(is_active=True).order_by("kind", "name"))


def departments(school: School, day: date) -> QuerySet[Any]:
    """All of them, those in use first, each with `present` members and `head` of a day; in three queries."""
    members = DepartmentMembership.objects.on(day).select_related("user")
    heads = Duty.objects.on(day).select_related("user")
    return school.departments.order_by("-is_active", "kind", "name").prefetch_related(
        Prefetch("memberships", members, to_attr="present"),
        Prefetch("heads", heads, to_attr="head"),
    )


def members(department: Department) -> list[DepartmentMembership]:
    """Everybody who is, was or will be in it; those who are first, by name; in one query."""
    rows = department.memberships.select_related("user")
    return list(rows.order_by("-ends_on", "user__sort_key", "id"))


def heads(department: Department) -> list[Duty]:
    """Everybody who heads, headed or will head it, newest first; in one query."""
    return list(department.heads.select_related("user").order_by("-begins_on", "-id"))


def panel(department: Department) -> history.Panel:
    """The changes of the department itself; in one query."""
    return history.panel(department, FIELDS)


def mark(department: Department) -> int:
    """The state of the department itself; see `history.mark`."""
    return history.mark(Department, Q(id=department.pk))


def boards(school: School) -> list[Any]:
    """The admin boards of a school, newest decision first, each with `people`; in two queries."""
    people = Duty.objects.select_related("user").order_by("id")
    return list(
        AdminBoard.objects.filter(school=school)
        .prefetch_related(Prefetch("members", people, to_attr="people"))
        .order_by("-decided_on", "-id")
    )


def newest_board(school: School) -> int:
    """The id of the newest board, or 0: what the page of a new one has seen."""
    return school.admin_boards.order_by("-id").values_list("pk", flat=True).first() or 0
