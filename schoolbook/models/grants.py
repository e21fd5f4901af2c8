"""Explicit, dated grants over one class-subject: delegated mark entry, or a look (R-005, R-010).

They are rows of django-guardian's kind, tied to their object by a foreign key and dated. The library's own shortcuts
know no dates, so nothing here is asked through them: rights are found by day in `schoolbook.access` only, and a grant
is dead after its last day whether or not any job runs.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from schoolbook.models.audit import History
from schoolbook.models.dated import Dated, DatedQuerySet, ends_after_it_begins, once_at_a_time
from schoolbook.models.duties import Department, DepartmentMembership
from schoolbook.models.people import User
from schoolbook.models.school import School
from schoolbook.models.structure import ClassSubject
from schoolbook.models.triggers import SameSchool, audited

LONGEST = timedelta(days=366)


class GrantQuerySet(DatedQuerySet):
    """Grants of either kind."""

    def visible_to(self, user: User) -> Self:
        """Those of this person's school."""
        if not user.is_active or user.school is None:
            return self.none()
        return self.filter(school=user.school)


class PersonGrantQuerySet(GrantQuerySet):
    """Grants to persons."""

    def held_by(self, user: User, day: date) -> Self:
        """Those of a person in force on a day."""
        return self.on(day).filter(user=user, revoked_at=None)


class GroupGrantQuerySet(GrantQuerySet):
    """Grants to departments and teams."""

    def held_by(self, user: User, day: date) -> Self:
        """Those in force on a day of the groups in which a person is on that day."""
        groups = DepartmentMembership.objects.on(day).filter(user=user).values("department")
        return self.on(day).filter(group__in=groups, revoked_at=None)


class Grant(Dated):
    """What grants to persons and to groups have in common."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    permission = models.ForeignKey(
        Permission, verbose_name=_("what for"), on_delete=models.PROTECT, related_name="+"
    )
    content_object = models.ForeignKey(
        ClassSubject, verbose_name=_("subject of a class"), on_delete=models.PROTECT
    )
    ends_on: Any = models.DateField(_("last day"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.permission_id} over {self.content_object_id}"


def dated_for_sure(name: str) -> list[models.CheckConstraint]:
    """A grant has a last day, in order and not too far away."""
    return [
        ends_after_it_begins(f"{name}_ends_after_it_begins"),
        models.CheckConstraint(
            condition=Q(ends_on__lte=F("begins_on") + LONGEST),
            name=f"{name}_has_a_near_end",
            violation_error_message=_("Such a right needs a last day, at most a year away."),
        ),
    ]


class PersonGrant(Grant, UserObjectPermissionBase):
    """A right over one class-subject given to a person."""

    user: Any = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="grants"
    )

    objects = PersonGrantQuerySet.as_manager()  # type: ignore[misc, assignment]
    history = History(chained=True)

    class Meta:
        verbose_name = _("right given to a person")
        verbose_name_plural = _("rights given to persons")
        default_related_name = "person_grants"
        constraints = [
            *dated_for_sure("person_grant"),
            once_at_a_time(
                "person_grant_once_at_a_time",
                "user",
                "permission",
                "content_object",
                message=_("This person has this right already in these days."),
                condition=Q(revoked_at__isnull=True),
            ),
        ]
        triggers = [*audited(), SameSchool("content_object", "user")]


class GroupGrant(Grant, GroupObjectPermissionBase):
    """A right over one class-subject given to everybody in a department or team."""

    group: Any = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="grants"
    )

    objects = GroupGrantQuerySet.as_manager()  # type: ignore[misc, assignment]
    history = History(chained=True)

    class Meta:
        verbose_name = _("right given to a department")
        verbose_name_plural = _("rights given to departments")
        default_related_name = "group_grants"
        constraints = [
            *dated_for_sure("group_grant"),
            once_at_a_time(
                "group_grant_once_at_a_time",
                "group",
                "permission",
                "content_object",
                message=_("This department has this right already in these days."),
                condition=Q(revoked_at__isnull=True),
            ),
        ]
        triggers = [*audited(), SameSchool("content_object", "group")]
