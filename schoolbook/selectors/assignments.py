"""Who teaches what, by class and by teacher, on a day (R-032 – R-037)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum

from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    DepartmentMembership,
    HomeroomAssignment,
    School,
    SchoolYear,
    TeachingAssignment,
    User,
)
from schoolbook.rules.calendar import weekly
from schoolbook.selectors import history
from schoolbook.selectors.search import named

FIELDS = ("user", "begins_on", "ends_on", "gives_final")
HOMEROOM_FIELDS = ("user", "begins_on", "ends_on")


def of_class(group: ClassGroup, day: date) -> list[Any]:
    """The subjects of a class in the order of the books, each with `teachers` of that day; in two queries."""
    held = TeachingAssignment.objects.on(day).select_related("user")
    in_order = held.order_by("-gives_final", "user__sort_key", "id")
    return list(
        group.class_subjects.select_related("subject")
        .prefetch_related(Prefetch("assignments", in_order, to_attr="teachers"))
        .order_by("subject__place", "subject__name", "id")
    )


def homeroom_of(group: ClassGroup, day: date) -> HomeroomAssignment | None:
    """The homeroom teacher of a class on a day; in one query."""
    return group.homeroom_assignments.on(day).select_related("user").first()


def homerooms_of(group: ClassGroup) -> list[HomeroomAssignment]:
    """Everybody who was, is or will be homeroom teacher of a class, newest first; in one query."""
    return list(group.homeroom_assignments.select_related("user").order_by("-begins_on", "-id"))


def of_subject(taught: ClassSubject) -> list[TeachingAssignment]:
    """Everybody who taught, teaches or will teach a subject to a class, newest first; in one query."""
    return list(taught.assignments.select_related("user").order_by("-begins_on", "-id"))


def classes(groups: QuerySet[ClassGroup], year: SchoolYear, day: date) -> QuerySet[Any]:
    """The classes of a year, each with its homeroom teacher and how many of its subjects want a teacher."""
    homeroom = HomeroomAssignment.objects.on(day).select_related("user")
    teaching = TeachingAssignment.objects.on(day).filter(class_subject=OuterRef("class_subjects"))
    final = teaching.filter(gives_final=True)
    return (
        groups.filter(year=year)
        .select_related("specialised_subject")
        .annotate(
            subjects=Count("class_subjects"),
            periods=Sum("class_subjects__periods"),
            without_teacher=Count(
                "class_subjects", filter=Q(class_subjects__isnull=False) & Q(~Exists(teaching))
            ),
            without_final=Count(
                "class_subjects",
                filter=Q(class_subjects__isnull=False) & Q(Exists(teaching)) & Q(~Exists(final)),
            ),
        )
        .prefetch_related(Prefetch("homeroom_assignments", homeroom, to_attr="homeroom"))
        .order_by("grade", "name")
    )


def panel_of_class(group: ClassGroup) -> history.Panel:
    """The newest changes of who teaches what in a class; in two queries and one for the names of subjects."""
    names = dict(group.class_subjects.values_list("pk", "subject__name"))
    return history.panel_of(
        TeachingAssignment,
        Q(class_subject_id__in=list(names)),
        FIELDS,
        related=["user"],
        about=lambda row: f"{names[row.class_subject_id]}: {row.user.full_name}",
    )


def panel_of_subject(taught: ClassSubject) -> history.Panel:
    """The changes of who teaches a subject to a class; in two queries."""
    return history.panel_of(
        TeachingAssignment,
        Q(class_subject_id=taught.pk),
        FIELDS,
        related=["user"],
        about=lambda row: str(row.user.full_name),
    )


def panel_of_homeroom(group: ClassGroup) -> history.Panel:
    """The changes of who is homeroom teacher of a class; in two queries."""
    return history.panel_of(
        HomeroomAssignment,
        Q(class_group_id=group.pk),
        HOMEROOM_FIELDS,
        related=["user"],
        about=lambda row: str(row.user.full_name),
    )


def subject_mark(taught: ClassSubject) -> int:
    """The state of the assignments of a subject of a class; see `history.mark`."""
    return history.mark(TeachingAssignment, Q(class_subject_id=taught.pk))


def homeroom_mark(group: ClassGroup) -> int:
    """The state of the homeroom assignments of a class; see `history.mark`."""
    return history.mark(HomeroomAssignment, Q(class_group_id=group.pk))


def teaching_mark(row: TeachingAssignment | HomeroomAssignment) -> int:
    """The state of one assignment; see `history.mark`."""
    return history.mark(type(row), Q(id=row.pk))


@dataclass(frozen=True)
class Load:
    """What one person teaches on a day: subjects with their classes, and the periods of a year they come to."""

    user: User
    departments: str
    homerooms: str
    subjects: Sequence[tuple[str, str]]
    periods: int

    @property
    def weekly(self) -> str:
        """The same by the week."""
        return weekly(self.periods)


def teachers(
    school: School, *, words: str = "", department: int | None = None, day: date
) -> QuerySet[User]:
    """The people of a school who may teach, by name."""
    found = User.objects.filter(school=school, is_active=True)
    if words:
        found = found.filter(named(words) | Q(username__startswith=words.strip().lower()))
    if department is not None:
        members = DepartmentMembership.objects.on(day).filter(department_id=department)
        found = found.filter(pk__in=members.values("user"))
    return found.order_by("sort_key", "id")


def loads(users: Sequence[User], year: SchoolYear | None, day: date) -> list[Load]:
    """What these people teach in a year, in three queries however many they are."""
    teaching: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    periods: dict[int, int] = defaultdict(int)
    held = (
        TeachingAssignment.objects.on(day)
        .filter(user__in=users, class_subject__class_group__year=year)
        .annotate(group=F("class_subject__class_group__name"))
        .order_by("class_subject__subject__place", "class_subject__class_group__grade", "group")
        .values_list("user_id", "class_subject__subject__name", "group", "class_subject__periods")
    )
    for user_id, subject, group, count in held:
        teaching[user_id][subject].append(group)
        periods[user_id] += count
    homerooms = _by_user(
        HomeroomAssignment.objects.on(day)
        .filter(user__in=users, class_group__year=year)
        .order_by("class_group__grade", "class_group__name")
        .values_list("user_id", "class_group__name")
    )
    departments = _by_user(
        DepartmentMembership.objects.on(day)
        .filter(user__in=users)
        .order_by("department__name")
        .values_list("user_id", "department__name")
    )
    return [
        Load(
            user=user,
            departments=departments.get(user.pk, ""),
            homerooms=homerooms.get(user.pk, ""),
            subjects=[(name, ", ".join(groups)) for name, groups in teaching[user.pk].items()],
            periods=periods[user.pk],
        )
        for user in users
    ]


def _by_user(pairs: Any) -> dict[int, str]:
    found: dict[int, list[str]] = defaultdict(list)
    for user_id, name in pairs:
        found[user_id].append(name)
    return {user_id: ", ".join(names) for user_id, names in found.items()}
