"""The school year: terms, classes, subjects, and who teaches what from when to when."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schoolbook.models.audit import History
from schoolbook.models.dated import Dated, ends_after_it_begins, once_at_a_time
from schoolbook.models.duties import DepartmentMembership, Duty
from schoolbook.models.people import User
from schoolbook.models.school import OfSchool, School
from schoolbook.models.triggers import SameSchool, audited
from schoolbook.rules import school_year
from schoolbook.rules.permissions import Role, Scope
from schoolbook.rules.subjects import AssessedBy

LOWEST_GRADE, HIGHEST_GRADE = 1, 12


class SchoolYear(models.Model):
    """A school year with its two terms (R-021)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="years")
    start = models.PositiveSmallIntegerField(_("year in which it starts"))
    term1_begins_on = models.DateField(_("first day of term 1"))
    term1_ends_on = models.DateField(_("last day of term 1"))
    term2_begins_on = models.DateField(_("first day of term 2"))
    term2_ends_on = models.DateField(_("last day of term 2"))

    history = History()

    class Meta:
        verbose_name = _("school year")
        verbose_name_plural = _("school years")
        constraints = [
            models.UniqueConstraint(
                fields=["school", "start"],
                name="school_year_once",
                violation_error_message=_("The school has this year already."),
            ),
            models.CheckConstraint(
                condition=Q(term1_ends_on__gte=F("term1_begins_on"))
                & Q(term2_begins_on__gt=F("term1_ends_on"))
                & Q(term2_ends_on__gte=F("term2_begins_on")),
                name="school_year_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(start__gte=2000, start__lte=2100), name="school_year_plausible"
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How the year is called: "2026-2027"."""
        return school_year.name(self.start)

    def days_of(self, term: int) -> tuple[date, date]:
        """The first and the last day of term 1 or 2; both count."""
        if term == 1:
            return self.term1_begins_on, self.term1_ends_on
        return self.term2_begins_on, self.term2_ends_on


class Subject(models.Model):
    """A subject that a school teaches, under the Ministry's name."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="subjects")
    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=100)
    assessed_by = models.CharField(
        _("assessed by"),
        max_length=10,
        choices=[(AssessedBy.SCORE, _("mark")), (AssessedBy.COMMENT, _("comment"))],
    )
    place = models.PositiveSmallIntegerField(_("place in the books"))

    history = History()

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["school", "code"], name="subject_code_once"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z0-9_]{2,30}$"), name="subject_code_plain"
            ),
            models.CheckConstraint(
                condition=Q(assessed_by__in=[how.value for how in AssessedBy]),
                name="subject_assessed_by_known",
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return self.name


class ClassGroupQuerySet(OfSchool["ClassGroup"]):
    """Classes, as far as somebody may reach them."""

    def within(self, reach: set[Scope], *, user: User, day: date, granted: Q) -> Self:
        """Those that one of the scopes covers for this person on a day; `granted` says which class-subjects are so."""
        if Scope.OWN_SCHOOL in reach:
            return self
        return self.filter(covered_classes(reach, user=user, day=day, granted=granted))


def covered_classes(reach: set[Scope], *, user: User, day: date, granted: Q) -> Q:
    """The condition that one of the scopes, none of them the whole school, covers a class."""
    covered = Q(pk__in=[])
    if Scope.OWN_CLASS in reach:
        covered |= Q(pk__in=own_classes(user, day))
    if Scope.TAUGHT_CLASSES in reach:
        taught = TeachingAssignment.objects.on(day).filter(user=user)
        covered |= Q(pk__in=taught.values("class_subject__class_group"))
    if Scope.OWN_DEPARTMENT in reach:
        colleagues = taught_in_own_department(user, day)
        covered |= Q(pk__in=colleagues.values("class_subject__class_group"))
    if Scope.GRANTED in reach:
        covered |= Q(pk__in=ClassSubject.objects.filter(granted).values("class_group"))
    return covered


def own_classes(user: User, day: date) -> models.QuerySet[Any, Any]:
    """The ids of the classes whose homeroom teacher this person is on a day."""
    return HomeroomAssignment.objects.on(day).filter(user=user).values("class_group")


def taught_in_own_department(user: User, day: date) -> models.QuerySet[Any, Any]:
    """What the members of the departments teach that this person heads, on a day."""
    headed = Duty.objects.on(day).filter(user=user, role=Role.DEPARTMENT_HEAD)
    members = DepartmentMembership.objects.on(day).filter(
        department__in=headed.values("department")
    )
    return TeachingAssignment.objects.on(day).filter(user__in=members.values("user"))


class ClassGroup(models.Model):
    """A class of one school year."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="class_groups")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="class_groups")
    grade = models.PositiveSmallIntegerField(_("grade"))
    name = models.CharField(_("class"), max_length=20)
    scheme = models.CharField(
        _("assessment"),
        max_length=10,
        help_text=_("The circular by which this class is assessed in this year."),
    )
    specialised_subject = models.ForeignKey(
        Subject,
        verbose_name=_("specialised subject"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ClassGroupQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ["grade", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "name"],
                name="class_group_name_once",
                violation_error_message=_("The year has a class of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(grade__gte=LOWEST_GRADE, grade__lte=HIGHEST_GRADE),
                name="class_group_grade_known",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="class_group_name_not_empty"),
        ]
        triggers = [*audited(), SameSchool("year", "specialised_subject")]

    def __str__(self) -> str:
        return self.name


class ClassSubjectQuerySet(OfSchool["ClassSubject"]):
    """Subjects of classes, as far as somebody may reach them."""

    def within(self, reach: set[Scope], *, user: User, day: date, granted: Q) -> Self:
        """Those that one of the scopes covers for this person on a day; `granted` says which are so."""
        if Scope.OWN_SCHOOL in reach:
            return self
        return self.filter(covered_class_subjects(reach, user=user, day=day, granted=granted))


def covered_class_subjects(reach: set[Scope], *, user: User, day: date, granted: Q) -> Q:
    """The condition that one of the scopes, none of them the whole school, covers a subject of a class."""
    covered = Q(pk__in=[])
    if Scope.OWN_CLASS in reach:
        covered |= Q(class_group__in=own_classes(user, day))
    if Scope.TAUGHT_SUBJECTS in reach:
        taught = TeachingAssignment.objects.on(day).filter(user=user)
        covered |= Q(pk__in=taught.values("class_subject"))
    if Scope.OWN_DEPARTMENT in reach:
        covered |= Q(pk__in=taught_in_own_department(user, day).values("class_subject"))
    if Scope.GRANTED in reach:
        covered |= granted
    return covered


class ClassSubject(models.Model):
    """A subject as it is taught to one class in one year."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="class_subjects")
    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.PROTECT, related_name="class_subjects"
    )
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="class_subjects")
    periods = models.PositiveSmallIntegerField(_("periods a year"))
    assessed_by = models.CharField(
        _("assessed by"),
        max_length=10,
        choices=[(AssessedBy.SCORE, _("mark")), (AssessedBy.COMMENT, _("comment"))],
    )
    in_term1 = models.BooleanField(_("in term 1"), default=True)
    in_term2 = models.BooleanField(_("in term 2"), default=True)

    objects = ClassSubjectQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("subject of a class")
        verbose_name_plural = _("subjects of classes")
        # What can be granted over one: each is the name of an action in rules.permissions.
        default_permissions = ()
        permissions = [
            ("enter_marks", _("enter marks")),
            ("view_marks", _("look at marks")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["class_group", "subject"],
                name="class_subject_once",
                violation_error_message=_("The class has this subject already."),
            ),
            models.CheckConstraint(
                condition=Q(periods__gte=1, periods__lte=400),
                name="class_subject_periods_plausible",
            ),
            models.CheckConstraint(
                condition=Q(in_term1=True) | Q(in_term2=True), name="class_subject_in_a_term"
            ),
            models.CheckConstraint(
                condition=Q(assessed_by__in=[how.value for how in AssessedBy]),
                name="class_subject_assessed_by_known",
            ),
        ]
        triggers = [*audited(), SameSchool("class_group", "subject")]

    def __str__(self) -> str:
        return f"{self.subject_id} in {self.class_group_id}"


class TeachingAssignment(Dated):
    """Who teaches a subject to a class; several may at once, and in mid-year another may take over (R-032 – R-037)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey(
        ClassSubject, on_delete=models.PROTECT, related_name="assignments"
    )
    user = models.ForeignKey(
        User, verbose_name=_("teacher"), on_delete=models.PROTECT, related_name="teaching"
    )
    gives_final = models.BooleanField(
        _("gives the assessment of the term"),
        default=True,
        help_text=_("Where several teach together, one of them gives it."),
    )

    history = History(chained=True)

    class Meta:
        verbose_name = _("teaching assignment")
        verbose_name_plural = _("teaching assignments")
        constraints = [
            ends_after_it_begins("teaching_ends_after_it_begins"),
            once_at_a_time(
                "teaching_once_at_a_time",
                "class_subject",
                "user",
                message=_("This person already teaches the subject there in these days."),
            ),
            once_at_a_time(
                "teaching_one_gives_final",
                "class_subject",
                message=_("Somebody else already gives the assessment of the term in these days."),
                condition=Q(gives_final=True),
            ),
        ]
        triggers = [*audited(), SameSchool("class_subject", "user")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.class_subject_id}"


class HomeroomAssignment(Dated):
    """Who is the homeroom teacher of a class (R-033)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.PROTECT, related_name="homeroom_assignments"
    )
    user = models.ForeignKey(
        User, verbose_name=_("teacher"), on_delete=models.PROTECT, related_name="homerooms"
    )

    history = History(chained=True)

    class Meta:
        verbose_name = _("homeroom assignment")
        verbose_name_plural = _("homeroom assignments")
        constraints = [
            ends_after_it_begins("homeroom_ends_after_it_begins"),
            once_at_a_time(
                "homeroom_one_at_a_time",
                "class_group",
                message=_("The class has a homeroom teacher already in these days."),
            ),
        ]
        triggers = [*audited(), SameSchool("class_group", "user")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.class_group_id}"
