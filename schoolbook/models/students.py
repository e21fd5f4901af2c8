"""Pupils: who they are, where they belong from when to when, and what they are exempt from (R-022 – R-029)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolbook.models.audit import History
from schoolbook.models.dated import Dated, ends_after_it_begins, once_at_a_time
from schoolbook.models.people import User
from schoolbook.models.school import OfSchool, School
from schoolbook.models.structure import ClassGroup, SchoolYear, Subject
from schoolbook.models.triggers import SameSchool, audited

FEMALE, MALE = "female", "male"


EveryStudent = models.Manager.from_queryset(OfSchool)


class StudentManager(EveryStudent):
    """Pupils who stand: those that were withdrawn are as if they had never been entered."""

    def get_queryset(self) -> Any:
        """Leave out who was withdrawn."""
        return super().get_queryset().filter(withdrawn_on__isnull=True)


class Student(models.Model):
    """A pupil, with the particulars that the class book prints.

    One who came with an import that was undone is withdrawn, and stands in nobody's way; see `Dated`.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="students")
    code = models.CharField(_("pupil code"), max_length=30)
    national_id = models.CharField(_("national identity code"), max_length=12, blank=True)
    full_name = models.CharField(_("full name"), max_length=150)
    # Made by rules.names; compared byte by byte, so every PostgreSQL sorts and finds alike.
    sort_key = models.CharField(max_length=600, editable=False, db_collation="C")
    search_key = models.CharField(max_length=300, editable=False, db_collation="C")
    exact_key = models.CharField(max_length=300, editable=False, db_collation="C")
    sex = models.CharField(
        _("sex"), max_length=6, choices=[(FEMALE, _("female")), (MALE, _("male"))]
    )
    born_on = models.DateField(_("date of birth"))
    birth_place = models.CharField(_("place of birth"), max_length=200, blank=True)
    ethnicity = models.CharField(_("ethnicity"), max_length=50, blank=True)
    priority = models.CharField(_("priority category"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    note = models.CharField(
        _("changes to mind"),
        max_length=500,
        blank=True,
        help_text=_("Family, health, place of living: as in the last column of the class book."),
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = StudentManager()
    every = EveryStudent()
    history = History(excluded_fields=["sort_key", "search_key", "exact_key"])

    class Meta:
        verbose_name = _("pupil")
        verbose_name_plural = _("pupils")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "code"],
                name="student_code_once",
                condition=Q(withdrawn_on__isnull=True),
                violation_error_message=_("Another pupil of the school has this code."),
            ),
            models.UniqueConstraint(
                fields=["school", "national_id"],
                name="student_national_id_once",
                condition=~Q(national_id="") & Q(withdrawn_on__isnull=True),
                violation_error_message=_("Another pupil of the school has this identity code."),
            ),
            models.CheckConstraint(
                condition=Q(national_id="") | Q(national_id__regex=r"^\d{12}$"),
                name="student_national_id_of_12_digits",
            ),
            models.CheckConstraint(condition=Q(sex__in=[FEMALE, MALE]), name="student_sex_known"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(full_name="") & ~Q(sort_key=""),
                name="student_is_named",
            ),
        ]
        indexes = [models.Index(fields=["school", "sort_key"], name="student_by_name")]
        triggers = audited()

    def __str__(self) -> str:
        return self.full_name


class Enrolment(Dated):
    """A pupil's place in a class; who leaves keeps the row, with the last day."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="enrolments")
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="enrolments")
    end_reason = models.CharField(_("reason for leaving"), max_length=200, blank=True)

    history = History()

    class Meta:
        verbose_name = _("place in a class")
        verbose_name_plural = _("places in classes")
        constraints = [
            ends_after_it_begins("enrolment_ends_after_it_begins"),
            once_at_a_time(
                "enrolment_one_class_at_a_time",
                "student",
                message=_("The pupil is in a class already in these days."),
            ),
        ]
        triggers = [*audited(), SameSchool("student", "class_group")]

    def __str__(self) -> str:
        return f"{self.student_id} in {self.class_group_id}"


class Guardian(models.Model):
    """A parent or guardian of a pupil, as the class book lists them."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="guardians")
    relation = models.CharField(
        _("relation"),
        max_length=10,
        choices=[("father", _("father")), ("mother", _("mother")), ("guardian", _("guardian"))],
    )
    full_name = models.CharField(_("full name"), max_length=150)
    occupation = models.CharField(_("occupation"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    history = History()

    class Meta:
        verbose_name = _("guardian")
        verbose_name_plural = _("guardians")
        constraints = [
            models.CheckConstraint(
                condition=Q(relation__in=["father", "mother", "guardian"]),
                name="guardian_relation_known",
            ),
            models.CheckConstraint(condition=~Q(full_name=""), name="guardian_is_named"),
        ]
        triggers = [*audited(), SameSchool("student")]

    def __str__(self) -> str:
        return self.full_name


class Exemption(models.Model):
    """A pupil's exemption from a subject, or a reduced requirement in it, with its paper (R-027)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="exemptions")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    in_term1 = models.BooleanField(_("in term 1"))
    in_term2 = models.BooleanField(_("in term 2"))
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=[("exempt", _("exempt")), ("reduced", _("reduced requirement"))],
    )
    paper = models.CharField(_("paper"), max_length=200)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    history = History()

    class Meta:
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        constraints = [
            models.UniqueConstraint(
                fields=["student", "subject", "year"],
                condition=Q(withdrawn_on__isnull=True),
                name="exemption_once",
                violation_error_message=_("The pupil has an exemption from this subject already."),
            ),
            models.CheckConstraint(
                condition=Q(in_term1=True) | Q(in_term2=True), name="exemption_in_a_term"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["exempt", "reduced"]), name="exemption_kind_known"
            ),
            models.CheckConstraint(condition=~Q(paper=""), name="exemption_has_a_paper"),
        ]
        triggers = [*audited(), SameSchool("student", "subject", "year")]

    def __str__(self) -> str:
        return f"{self.student_id} from {self.subject_id}"


class ClassListConfirmation(models.Model):
    """The homeroom teacher's word that the list of the class is right, over exactly what was shown (R-022, R-024)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.PROTECT, related_name="list_confirmations"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"))
    pupils = models.PositiveSmallIntegerField(_("pupils"))
    digest = models.CharField(max_length=64)

    history = History()

    class Meta:
        verbose_name = _("confirmed class list")
        verbose_name_plural = _("confirmed class lists")
        triggers = [*audited(), SameSchool("class_group", "user")]

    def __str__(self) -> str:
        return f"{self.class_group_id}, {self.confirmed_at}"
