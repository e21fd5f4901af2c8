"""Fetching is checking: only here does the id in a URL become an object.

A stranger gets 404, as if the object did not exist; somebody who may see it but not do this gets 403. Services call
the same functions again when they write.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from schoolbook import clock
from schoolbook.errors import SecondFactorMissing
from schoolbook.models import (
    ActivationSlip,
    ClassGroup,
    ClassSubject,
    Department,
    DepartmentMembership,
    Duty,
    Enrolment,
    Exemption,
    GroupGrant,
    Guardian,
    HomeroomAssignment,
    ImportAct,
    Job,
    PersonGrant,
    School,
    SchoolYear,
    Student,
    Subject,
    TeachingAssignment,
    User,
)
from schoolbook.rules.permissions import SECOND_FACTOR, Action, Scope, allows, scopes
from schoolbook.selectors import duties, grants

Row = TypeVar("Row", bound=Model)

Own = TypeVar("Own", bound=Model)


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
    return _reach(duties.standing(user), action)


def reaches(user: User, actions: Iterable[Action]) -> dict[Action, set[Scope]]:
    """`reach` for several rights, in one query."""
    if not user.is_active:
        return {action: set() for action in actions}
    standing = duties.standing(user)
    return {action: _reach(standing, action) for action in actions}


def _reach(standing: duties.Standing, action: Action) -> set[Scope]:
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


def require_anywhere(user: User, action: Action) -> None:
    """Raise PermissionDenied, with a sentence, unless the person has the right over something of the school."""
    if not reach(user, action):
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
    return _classes_within(user, reach(user, to), to)


def _classes_within(user: User, far: set[Scope], to: Action) -> QuerySet[ClassGroup]:
    day = clock.today()
    return ClassGroup.objects.visible_to(user).within(
        far, user=user, day=day, granted=grants.covering(user, to, day)
    )


def class_subjects(user: User, to: Action) -> QuerySet[ClassSubject]:
    """The subjects of classes, of all years, with which this person may do this today."""
    day = clock.today()
    return ClassSubject.objects.visible_to(user).within(
        reach(user, to), user=user, day=day, granted=grants.covering(user, to, day)
    )


def class_subject(
    user: User, class_subject_id: int, *, to: Action, lock: bool = False
) -> ClassSubject:
    """The subject of a class of this id, for this person and this purpose; locked until the transaction ends if asked.

    Raises Http404 when this person may not even look at the class, and PermissionDenied for too little right.
    """
    found = (
        ClassSubject.objects.visible_to(user)
        .filter(class_group__in=class_groups(user, Action.VIEW_CLASS))
        .select_related("class_group__year", "subject", "school")
    )
    if lock:
        found = found.select_for_update(no_key=True, of=("self",))
    row = found.filter(pk=class_subject_id).first()
    if row is None:
        raise Http404
    if to != Action.VIEW_CLASS and not class_subjects(user, to).filter(pk=row.pk).exists():
        raise refusal()
    return row


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


def teaching(user: User, teaching_id: int, *, to: Action, lock: bool = False) -> TeachingAssignment:
    """The teaching assignment of this id, as far as `class_group` lets the person reach its class.

    Raises Http404 and PermissionDenied as `class_group` does.
    """
    held = TeachingAssignment.objects.select_related(
        "user", "class_subject__class_group", "class_subject__subject"
    )
    where = "class_subject__class_group"
    return _in_a_class(user, held, teaching_id, where, to=to, lock=lock)


def homeroom(user: User, homeroom_id: int, *, to: Action, lock: bool = False) -> HomeroomAssignment:
    """The homeroom assignment of this id, as far as `class_group` lets the person reach its class.

    Raises Http404 and PermissionDenied as `class_group` does.
    """
    held = HomeroomAssignment.objects.select_related("user", "class_group")
    return _in_a_class(user, held, homeroom_id, "class_group", to=to, lock=lock)


def _in_a_class(
    user: User, rows: QuerySet[Own], pk: int, where: str, *, to: Action, lock: bool
) -> Own:
    """The row of this id whose class, at the end of the path, the person may reach for this purpose."""
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    reachable = class_groups(user, Action.VIEW_CLASS)
    found = rows.filter(pk=pk, **{f"{where}__in": reachable}).first()
    if found is None:
        raise Http404
    if to != Action.VIEW_CLASS:
        wanted = class_groups(user, to).values("pk")
        if not rows.model._default_manager.filter(pk=pk, **{f"{where}__in": wanted}).exists():
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


def students(user: User, to: Action) -> QuerySet[Student]:
    """The pupils with whom this person may do this today: by the class where each is, or was last."""
    return _students_within(user, reach(user, to))


def _students_within(user: User, far: set[Scope]) -> QuerySet[Student]:
    found = Student.objects.visible_to(user)
    if Scope.OWN_SCHOOL in far:
        return found
    reached = _classes_within(user, far, Action.VIEW_CLASS)
    newest = Enrolment.objects.filter(student=OuterRef("pk")).order_by("-begins_on", "-pk")
    return found.annotate(newest_class=Subquery(newest.values("class_group")[:1])).filter(
        newest_class__in=reached.values("pk")
    )


def _reaches(user: User, student: Student, action: Action) -> bool:
    far = reach(user, action)
    return Scope.OWN_SCHOOL in far or _students_within(user, far).filter(pk=student.pk).exists()


WITH_PUPILS = (
    Action.VIEW_CLASS,
    Action.VIEW_STUDENT_FILE,
    Action.EDIT_STUDENTS,
    Action.PLACE_STUDENTS,
    Action.CONFIRM_CLASS_LIST,
)


def rights_in_class(user: User, group: ClassGroup) -> frozenset[Action]:
    """What this person may do with a class and its pupils today.

    One query where every right reaches the whole school, else one more for each narrower reach.
    """
    return _rights(user, group.school_id, group.pk)


def rights_over(user: User, student: Student) -> frozenset[Action]:
    """What this person may do with a pupil today: by the class where the pupil is, or was last."""
    newest = student.enrolments.order_by("-begins_on", "-pk").values_list("class_group", flat=True)
    return _rights(user, student.school_id, newest.first())


def _rights(user: User, school_id: int, class_group_id: int | None) -> frozenset[Action]:
    if not user.is_active or user.school_id != school_id:
        return frozenset()
    standing = duties.standing(user)
    far = {action: _reach(standing, action) for action in WITH_PUPILS}
    covering = {Scope.OWN_SCHOOL}
    for scope in set().union(*far.values()) - covering:
        if (
            _classes_within(user, {scope}, Action.VIEW_CLASS)
            .filter(pk__in=[class_group_id])
            .exists()
        ):
            covering.add(scope)
    return frozenset(action for action, reached in far.items() if reached & covering)


def enrolment(user: User, enrolment_id: int, *, to: Action, lock: bool = False) -> Enrolment:
    """The place of a pupil in a class, with pupil, class and year; reached as the pupil is.

    Raises Http404 and PermissionDenied as `student` does.
    """
    places = Enrolment.objects.select_related("student", "class_group__year")
    return _of_student(places, user, enrolment_id, to=to, lock=lock)


def guardian(user: User, guardian_id: int, *, to: Action, lock: bool = False) -> Guardian:
    """The guardian of a pupil, with the pupil; reached as the pupil is.

    Raises Http404 and PermissionDenied as `student` does.
    """
    guardians = Guardian.objects.select_related("student")
    return _of_student(guardians, user, guardian_id, to=to, lock=lock)


def exemption(user: User, exemption_id: int, *, to: Action, lock: bool = False) -> Exemption:
    """The exemption of a pupil, with pupil, subject and year; reached as the pupil is.

    Raises Http404 and PermissionDenied as `student` does.
    """
    exemptions = Exemption.objects.select_related("student", "subject", "year")
    return _of_student(exemptions, user, exemption_id, to=to, lock=lock)


def _of_student(rows: QuerySet[Row], user: User, row_id: int, *, to: Action, lock: bool) -> Row:
    rows = rows.filter(school__in=School.objects.visible_to(user))
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    found: Any = rows.filter(pk=row_id).first()
    if found is None:
        raise Http404
    student(user, found.student_id, to=to)
    return found


def account(user: User, user_id: int, *, to: Action, lock: bool = False) -> User:
    """The account of this id at the own school, for this purpose.

    Raises Http404 for a stranger's and PermissionDenied for too little right.
    """
    return _at_school(user, User.objects.all(), user_id, to=to, lock=lock)


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


def person_grant(user: User, grant_id: int, *, to: Action, lock: bool = False) -> PersonGrant:
    """The grant of this id to a person of the own school.

    Raises Http404 for a stranger's and PermissionDenied for too little right.
    """
    return _at_school(user, PersonGrant.objects.all(), grant_id, to=to, lock=lock)


def group_grant(user: User, grant_id: int, *, to: Action, lock: bool = False) -> GroupGrant:
    """The grant of this id to a department or team of the own school.

    Raises Http404 for a stranger's and PermissionDenied for too little right.
    """
    return _at_school(user, GroupGrant.objects.all(), grant_id, to=to, lock=lock)


def duty(user: User, duty_id: int, *, to: Action, lock: bool = False) -> Duty:
    """The duty of this id, of somebody at the own school.

    Raises Http404 for a stranger's and PermissionDenied for too little right.
    """
    duties_of = Duty.objects.select_related("user", "department", "school")
    return _at_school(user, duties_of, duty_id, to=to, lock=lock)


def department(user: User, department_id: int, *, to: Action, lock: bool = False) -> Department:
    """The department or team of this id, of the own school; raises as `duty` does."""
    found = Department.objects.select_related("school")
    return _at_school(user, found, department_id, to=to, lock=lock)


def membership(
    user: User, membership_id: int, *, to: Action, lock: bool = False
) -> DepartmentMembership:
    """The place in a department of this id, at the own school; raises as `duty` does."""
    found = DepartmentMembership.objects.select_related("user", "department")
    return _at_school(user, found, membership_id, to=to, lock=lock)


def year(user: User, year_id: int, *, to: Action, lock: bool = False) -> SchoolYear:
    """The school year of this id, of the own school; raises as `duty` does."""
    found = SchoolYear.objects.select_related("school")
    return _at_school(user, found, year_id, to=to, lock=lock)


def subject(user: User, subject_id: int, *, to: Action, lock: bool = False) -> Subject:
    """The subject of this id, of the own school; raises as `duty` does."""
    found = Subject.objects.select_related("school")
    return _at_school(user, found, subject_id, to=to, lock=lock)


def import_act(user: User, import_id: int, *, to: Action, lock: bool = False) -> ImportAct:
    """The import of this id, of the own school; raises as `duty` does."""
    acts = ImportAct.objects.select_related("school", "year")
    return _at_school(user, acts, import_id, to=to, lock=lock)


def own_school(user: User) -> School:
    """The school at which this person works. Raises Http404 for somebody without one."""
    found = School.objects.visible_to(user).first()
    if found is None:
        raise Http404
    return found


def job(user: User, job_id: int, *, lock: bool = False) -> Job:
    """A job that this person asked for. Raises Http404 for anybody else's."""
    jobs = Job.objects.visible_to(user)
    if lock:
        jobs = jobs.select_for_update(no_key=True)
    found = jobs.filter(pk=job_id).first()
    if found is None:
        raise Http404
    return found


def _at_school(user: User, rows: QuerySet[Own], pk: int, *, to: Action, lock: bool) -> Own:
    """The row of this id that belongs to the person's school, for this purpose."""
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=pk, school__in=School.objects.visible_to(user)).first()
    if found is None:
        raise Http404
    require(user, to)
    return found
