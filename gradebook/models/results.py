"""Results of a subject: computed from the marks of its own sheets, stored in the transaction that wrote them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gradebook.models.sheets import Origin
from gradebook.rules.shapes import Status
from schoolbook.models import ClassSubject, School, Student
from schoolbook.models.audit import History
from schoolbook.models.triggers import SameSchool, audited


class ResultPeriod(models.TextChoices):
    """What a result is about."""

    TERM1 = "term1", _("term 1")
    TERM2 = "term2", _("term 2")
    YEAR = "year", _("year")


STATUS_NAMES = {
    Status.COMPLETE: _("complete"),
    Status.INCOMPLETE: _("incomplete"),
    Status.EXEMPT: _("exempt"),
    Status.INDIVIDUAL_PLAN: _("by individual plan"),
}


class SubjectResult(models.Model):
    """The result of one pupil in one subject for a term or the year, with the rules that made it (R-052, R-057).

    There is a row once there has been a result; a pupil without one is incomplete. Levels and titles over all
    subjects are computed on read. The explanation is computed again from the marks, which are all there.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey(
        ClassSubject, on_delete=models.PROTECT, related_name="results"
    )
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="results")
    period = models.CharField(_("period"), max_length=5, choices=ResultPeriod.choices)
    status = models.CharField(
        _("status"), max_length=15, choices=[(one.value, STATUS_NAMES[one]) for one in Status]
    )
    average = models.DecimalField(_("average"), max_digits=3, decimal_places=1, null=True)
    level = models.CharField(_("level"), max_length=12, blank=True)
    scheme = models.CharField(_("circular"), max_length=10)
    rules_version = models.CharField(_("version of the rules"), max_length=20)
    origin = models.CharField(
        _("origin"), max_length=10, choices=Origin.choices, default=Origin.ENTERED
    )

    history = History(no_db_index=["id", "school"])

    class Meta:
        verbose_name = _("result of a subject")
        verbose_name_plural = _("results of subjects")
        constraints = [
            models.UniqueConstraint(
                fields=["class_subject", "student", "period"], name="subject_result_once"
            ),
            models.CheckConstraint(
                condition=Q(period__in=ResultPeriod.values), name="subject_result_period_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="complete")
                    & (
                        Q(average__isnull=False, level="")
                        | (Q(average__isnull=True) & ~Q(level=""))
                    )
                )
                | (
                    Q(status__in=["incomplete", "exempt", "individual_plan"])
                    & Q(average__isnull=True, level="")
                ),
                name="subject_result_as_its_status_says",
            ),
            models.CheckConstraint(
                condition=Q(average__isnull=True) | Q(average__gte=0, average__lte=10),
                name="subject_result_within_scale",
            ),
        ]
        triggers = [*audited(), SameSchool("class_subject", "student")]

    def __str__(self) -> str:
        return f"{self.student_id}, {self.class_subject_id}, {self.period}"
