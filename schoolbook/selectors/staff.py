"""The people of a school with their duties, departments and classes (R-006)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from schoolbook.models import (
    DepartmentMembership,
    Duty,
    HomeroomAssignment,
    School,
    TeachingAssignment,
    User,
)
from schoolbook.rules.permissions import CHARGED, Role
from schoolbook.selectors import history
from schoolbook.selectors.search import named

DUTY_FIELDS = ("role", "department", "task", "begins_on", "ends_on")


class State(StrEnum):
    """Which accounts the list shows."""

    ACTIVE = ""
    DEACTIVATED = "deactivated"
    ALL = "all"


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; nothing of it means everybody who works here."""

    words: str = ""
    department: int | None = None
    role: str = ""
    state: State = State.ACTIVE


@dataclass(frozen=True)
class Member:
    """One line of the staff list."""

    id: int
    full_name: str
    username: str
    active: bool
    duties: Sequence[Duty]
    departments: Sequence[str]
    homerooms: Sequence[str]
    classes: Sequence[str]


def staff(school: School, wanted: Wanted, day: date) -> QuerySet[User]:
    """The people of a school that are wanted, by name."""
    found = User.objects.filter(school=school)
    if wanted.state != State.ALL:
        found = found.filter(is_active=wanted.state == State.ACTIVE)
    if wanted.words:
        found = found.filter(
            named(wanted.words) | Q(username__startswith=wanted.words.strip().lower())
        )
    if wanted.department is not None:
        inside = DepartmentMembership.objects.on(day).filter(department_id=wanted.department)
        found = found.filter(pk__in=inside.values("user"))
    if wanted.role:
        found = found.filter(pk__in=_holding(Role(wanted.role), day))
    return found.order_by("sort_key", "id")


def _holding(role: Role, day: date) -> Any:
    if role in CHARGED:
        return Duty.objects.on(day).filter(role=role).values("user")
    if role == Role.HOMEROOM_TEACHER:
        return HomeroomAssignment.objects.on(day).values("user")
    return TeachingAssignment.objects.on(day).values("user")


def members(found: Iterable[User], day: date) -> list[Member]:
    """The lines of these people, in four queries however many they are."""
    ids = [user.pk for user in found]
    people: Any = (
        User.objects.filter(pk__in=ids)
        .prefetch_related(
            Prefetch(
                "duties",
                Duty.objects.on(day).select_related("department").order_by("begins_on", "id"),
                to_attr="duties_today",
            ),
            Prefetch(
                "memberships",
                DepartmentMembership.objects.on(day)
                .select_related("department")
                .order_by("department__kind", "department__name"),
                to_attr="memberships_today",
            ),
            Prefetch(
                "homerooms",
                HomeroomAssignment.objects.on(day)
                .select_related("class_group")
                .order_by("class_group__grade", "class_group__name"),
                to_attr="homerooms_today",
            ),
            Prefetch(
                "teaching",
                TeachingAssignment.objects.on(day)
                .select_related("class_subject__class_group")
                .order_by("class_subject__class_group__grade", "class_subject__class_group__name"),
                to_attr="teaching_today",
            ),
        )
        .order_by("sort_key", "id")
    )
    return [_member(user) for user in people]


def _member(user: Any) -> Member:
    taught = (row.class_subject.class_group.name for row in user.teaching_today)
    return Member(
        id=user.pk,
        full_name=user.full_name,
        username=user.username,
        active=user.is_active,
        duties=user.duties_today,
        departments=[row.department.name for row in user.memberships_today],
        homerooms=[row.class_group.name for row in user.homerooms_today],
        classes=list(dict.fromkeys(taught)),
    )


@dataclass(frozen=True)
class Person:
    """Everything that one person was, is and will be charged with; newest first."""

    duties: Sequence[tuple[str, Duty]]
    memberships: Sequence[tuple[str, DepartmentMembership]]
    years: Mapping[str, Sequence[tuple[str, str, Any]]]


def person(user: User, day: date) -> Person:
    """The duties, places and assignments of one person, each with "past", "present" or "future"; in four queries."""
    duties = user.duties.select_related("department", "board").order_by("-begins_on", "-id")
    places = user.memberships.select_related("department").order_by("-begins_on", "-id")
    years: dict[str, list[tuple[str, str, Any]]] = {}
    homerooms = user.homerooms.select_related("class_group__year")
    for home in homerooms.order_by("-class_group__year__start", "class_group__name", "begins_on"):
        group = home.class_group
        years.setdefault(group.year.name, []).append((group.name, "", home))
    teaching = user.teaching.select_related(
        "class_subject__class_group__year", "class_subject__subject"
    )
    for row in teaching.order_by(
        "-class_subject__class_group__year__start",
        "class_subject__subject__place",
        "class_subject__class_group__name",
        "begins_on",
    ):
        taught = row.class_subject
        line = (taught.class_group.name, taught.subject.name, row)
        years.setdefault(taught.class_group.year.name, []).append(line)
    return Person(
        duties=[(state(row, day), row) for row in duties],
        memberships=[(state(row, day), row) for row in places],
        years=dict(sorted(years.items(), reverse=True)),
    )


def state(row: Any, day: date) -> str:
    """Whether something dated is past, present or future on a day."""
    if row.begins_on > day:
        return "future"
    return "past" if row.ends_on and row.ends_on < day else "present"


def panel(user: User) -> history.Panel:
    """The changes of a person's duties; in two queries."""
    return history.panel_of(Duty, Q(user_id=user.pk), DUTY_FIELDS, related=["department"])


def duty_panel(duty: Duty) -> history.Panel:
    """The changes of one duty; in two queries."""
    return history.panel_of(Duty, Q(id=duty.pk), DUTY_FIELDS, related=["department"])


def membership_panel(row: DepartmentMembership) -> history.Panel:
    """The changes of one place in a department; in two queries."""
    fields = ("department", "begins_on", "ends_on")
    return history.panel_of(DepartmentMembership, Q(id=row.pk), fields, related=["department"])


def mark(row: Duty | DepartmentMembership) -> int:
    """The state of a duty or a place; see `history.mark`."""
    return history.mark(type(row), Q(id=row.pk))
