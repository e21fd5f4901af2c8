"""Fetching is checking, for those who watch over books: whose progress somebody may see today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from gradebook.access import WHOLE_CLASS, covers, may
from schoolbook import access, clock
from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    HomeroomAssignment,
    SchoolYear,
    TeachingAssignment,
    User,
)
from schoolbook.models.structure import covered_class_subjects, covered_classes
from schoolbook.rules.permissions import Action, Scope
from schoolbook.rules.school_year import first_calendar_year

RIGHTS = (Action.VIEW_PROGRESS, Action.VIEW_MARKS)


@dataclass(frozen=True)
class Watched:
    """The books of a school year that somebody watches: subjects of classes, and classes by themselves.

    Each row has `taught_by`, today's teachers as dictionaries of id and name, and `looks`: whether this person may
    also look at the sheet itself. `whole` says that it is the whole school.
    """

    year: SchoolYear | None
    subjects: tuple[ClassSubject, ...] = ()
    groups: tuple[ClassGroup, ...] = ()
    whole: bool = False

    def only(self, *, grade: int | None = None, teacher: int | None = None) -> Watched:
        """Those of a grade, and of a teacher."""
        return replace(
            self,
            subjects=tuple(row for row in self.subjects if _fits(row, grade, teacher)),
            groups=tuple(row for row in self.groups if _fits(row, grade, teacher)),
        )


def _fits(row: Any, grade: int | None, teacher: int | None) -> bool:
    group = getattr(row, "class_group", row)
    return (grade is None or group.grade == grade) and (
        teacher is None or any(one["id"] == teacher for one in row.taught_by)
    )


def watched(user: User) -> Watched:
    """What this person may watch of the school year of today (R-110, R-114, R-115): four queries.

    Leaders, administrators and inspectors the school, heads of departments what their departments teach, homeroom
    teachers their class. Raises PermissionDenied where that is nothing at all.
    """
    far = access.reaches(user, RIGHTS)
    if not far[Action.VIEW_PROGRESS] or user.school is None:
        raise access.refusal()
    whole = Scope.OWN_SCHOOL in far[Action.VIEW_PROGRESS]
    day = clock.today()
    year = (
        SchoolYear.objects.filter(school=user.school, start__lte=first_calendar_year(day))
        .select_related("school")
        .order_by("-start")
        .first()
    )
    if year is None:
        return Watched(None, whole=whole)
    return Watched(year, _subjects(user, year, far), _groups(user, year, far), whole)


def _subjects(
    user: User, year: SchoolYear, far: dict[Action, set[Scope]]
) -> tuple[ClassSubject, ...]:
    rows = ClassSubject.objects.visible_to(user).filter(class_group__year=year)
    assigned = TeachingAssignment.objects.filter(class_subject=OuterRef("pk"))
    found = rows.filter(covers(covered_class_subjects, user, Action.VIEW_PROGRESS, far)).annotate(
        taught_by=_people(assigned), looks=may(covered_class_subjects, user, Action.VIEW_MARKS, far)
    )
    return tuple(
        found.select_related("class_group", "subject").order_by(
            "class_group__grade", "class_group__name", "subject__place", "pk"
        )
    )


def _groups(user: User, year: SchoolYear, far: dict[Action, set[Scope]]) -> tuple[ClassGroup, ...]:
    reach = {action: scopes & WHOLE_CLASS for action, scopes in far.items()}
    led = HomeroomAssignment.objects.filter(class_group=OuterRef("pk"))
    found = (
        ClassGroup.objects.visible_to(user)
        .filter(covers(covered_classes, user, Action.VIEW_PROGRESS, reach), year=year)
        .annotate(
            taught_by=_people(led), looks=may(covered_classes, user, Action.VIEW_MARKS, reach)
        )
    )
    return tuple(found.order_by("grade", "name", "pk"))


def _people(assigned: Any) -> ArraySubquery:
    said = JSONObject(id="user_id", name="user__full_name")
    return ArraySubquery(assigned.on(clock.today()).order_by("id").values(said=said))
