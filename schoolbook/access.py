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

from schoolbook.errors import SecondFactorMissing
from schoolbook.models import ActivationSlip, ClassGroup, ImportAct, School, Student, User
from schoolbook.rules.permissions import SECOND_FACTOR, Action, Scope, allows, scopes
from schoolbook.selectors import duties


def allow(actor: User, school_: School, *, to: Action) -> None:
    """Let the actor of a service go on: the system actor, which sets schools up, or somebody with the right there.

    Raises Http404 for another school and PermissionDenied for too little right.
    """
    if not actor.is_system:
        school(actor, school_.pk, to=to)


def rights(user: User) -> frozenset[Action]:
    """Everything this person's duties of today allow somewhere, as far as the second factor lets it."""
    if not user.is_active:
        return frozenset()
    standing = duties.standing(user)
    asleep = frozenset() if standing.second_factor else SECOND_FACTOR
    return frozenset(a for a in Action if allows(standing.roles, a)) - asleep


def reach(user: User, action: Action) -> set[Scope]:
    """How far this person's duties of today let the right reach; empty when they do not give it or it is asleep."""
    if not user.is_active:
        return set()
    standing = duties.standing(user)
    if action in SECOND_FACTOR and not standing.second_factor:
        return set()
    return scopes(standing.roles, action)


def may(user: User, action: Action) -> bool:
    """Whether this person's duties of today give the right for the whole school."""
    return Scope.OWN_SCHOOL in reach(user, action)


def require(user: User, action: Action) -> None:
    """Raise PermissionDenied, with a sentence, unless the person has the right for the whole school.

    Raises SecondFactorMissing, which is one, when only the second factor is missing.
    """
    standing = duties.standing(user)
    if not user.is_active or Scope.OWN_SCHOOL not in scopes(standing.roles, action):
        raise refusal()
    if action in SECOND_FACTOR and not standing.second_factor:
        raise SecondFactorMissing(
            _("Your duties include this, but first you have to set up a second factor.")
        )


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


def account(user: User, user_id: int, *, to: Action, lock: bool = False) -> User:
    """The account of this id at the own school, for this purpose.

    Raises Http404 for a stranger's and PermissionDenied for too little right.
    """
    accounts = User.objects.filter(school__in=School.objects.visible_to(user))
    if lock:
        accounts = accounts.select_for_update(no_key=True, of=("self",))
    found = accounts.filter(pk=user_id).first()
    if found is None:
        raise Http404
    require(user, to)
    return found


def slip(user: User, slip_id: int, *, to: Action, lock: bool = False) -> ActivationSlip:
    """The activation slip of this id, of somebody at the own school.

    Raises Http404 for a stranger's and PermissionDenied for too little right.
    """
    slips = ActivationSlip.objects.visible_to(user).select_related("user")
    if lock:
        slips = slips.select_for_update(no_key=True, of=("self",))
    found = slips.filter(pk=slip_id).first()
    if found is None:
        raise Http404
    require(user, to)
    return found


def import_act(user: User, import_id: int, *, to: Action, lock: bool = False) -> ImportAct:
    """The import of this id at the own school, for this purpose.

    Raises Http404 for a stranger's and PermissionDenied for too little right.
    """
    acts = ImportAct.objects.visible_to(user).select_related("school", "year")
    if lock:
        acts = acts.select_for_update(no_key=True, of=("self",))
    found = acts.filter(pk=import_id).first()
    if found is None:
        raise Http404
    require(user, to)
    return found
