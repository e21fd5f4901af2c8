"""Fetching is checking: only here does the id in a URL become an object.

A stranger gets 404, as if the object did not exist; somebody who may see it but not do this gets 403. Services call
the same functions again when they write.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolbook.models import ClassGroup, School, Student, User
from schoolbook.rules.permissions import Action, Scope, scopes
from schoolbook.selectors import duties


def allow(actor: User, school_: School, *, to: Action) -> None:
    """Let the actor of a service go on: the system actor, which sets schools up, or somebody with the right there.

    Raises Http404 for another school and PermissionDenied for too little right.
    """
    if not actor.is_system:
        school(actor, school_.pk, to=to)


def reach(user: User, action: Action) -> set[Scope]:
    """How far this person's duties of today let the right reach; empty when they do not give it."""
    return scopes(duties.roles_today(user), action) if user.is_active else set()


def may(user: User, action: Action) -> bool:
    """Whether this person's duties of today give the right for the whole school."""
    return Scope.OWN_SCHOOL in reach(user, action)


def require(user: User, action: Action) -> None:
    """Raise PermissionDenied, with a sentence, unless the person has the right for the whole school."""
    if not may(user, action):
        raise refusal()


def refusal() -> PermissionDenied:
    """The answer to somebody who may see a thing, but not do this with it."""
    return PermissionDenied(
        _("Your duties do not include this. The administrator of your school can tell you more.")
    )


def school(user: User, school_id: int, *, to: Action, lock: bool = False) -> School:
    """The school of this id, for this person and this purpose; locked until the transaction ends if asked.

    Raises Http404 for another school and PermissionDenied for too little right.
    """
    schools = School.objects.visible_to(user)
    if lock:
        schools = schools.select_for_update(no_key=True)
    found = schools.filter(pk=school_id).first()
    if found is None:
        raise Http404
    require(user, to)
    return found


def class_groups(user: User, to: Action) -> QuerySet[ClassGroup]:
    """The classes, of all years, with which this person may do this today."""
    return ClassGroup.objects.visible_to(user).within(
        reach(user, to), user=user, day=timezone.localdate()
    )


def class_group(user: User, class_group_id: int, *, to: Action, lock: bool = False) -> ClassGroup:
    """The class of this id, for this person and this purpose; locked until the transaction ends if asked.

    Raises Http404 for a class this person may not look at and PermissionDenied for too little right.
    """
    groups = class_groups(user, Action.VIEW_CLASS).select_related("year")
    if lock:
        groups = groups.select_for_update(no_key=True, of=("self",))
    found = groups.filter(pk=class_group_id).first()
    if found is None:
        raise Http404
    if to != Action.VIEW_CLASS and not class_groups(user, to).filter(pk=found.pk).exists():
        raise refusal()
    return found


def student(user: User, student_id: int, *, to: Action, lock: bool = False) -> Student:
    """The pupil of this id, for this person and this purpose: by the class where the pupil is today, or was last.

    Raises Http404 and PermissionDenied as `class_group` does.
    """
    students = Student.objects.visible_to(user)
    if lock:
        students = students.select_for_update(no_key=True)
    found = students.filter(pk=student_id).first()
    if found is None or not _reaches(user, found, Action.VIEW_CLASS):
        raise Http404
    if to != Action.VIEW_CLASS and not _reaches(user, found, to):
        raise refusal()
    return found


def _reaches(user: User, student: Student, action: Action) -> bool:
    far = reach(user, action)
    if Scope.OWN_SCHOOL in far:
        return True
    newest = student.enrolments.order_by("-begins_on", "-pk").values("class_group")[:1]
    return class_groups(user, action).filter(pk__in=newest).exists()
