"""Duties: what a person is charged with, from a date and perhaps until one. Rights follow them (R-006)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from schoolbook.models.audit import History
from schoolbook.models.people import User
from schoolbook.models.triggers import audited
from schoolbook.rules.permissions import Role

ROLE_NAMES = {
    Role.ADMIN: _("administrator"),
    Role.PRINCIPAL: _("principal"),
    Role.SUBJECT_TEACHER: _("subject teacher"),
}


class DutyQuerySet(models.QuerySet["Duty"]):
    """Duties by date."""

    def on(self, day: date) -> Self:
        """Those in force on a day; the first and the last day count."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), begins_on__lte=day)


class Duty(models.Model):
    """A duty of one person; changed by ending it and beginning another."""

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="duties"
    )
    role = models.CharField(_("duty"), max_length=32, choices=list(ROLE_NAMES.items()))
    begins_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = DutyQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="duty_role_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="duty_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="duty_held_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (
                        Func(
                            "begins_on",
                            "ends_on",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("This person already holds that duty in these days."),
            ),
        ]
        triggers = audited()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"

    def clean(self) -> None:
        """Say that the days are the wrong way round before PostgreSQL is asked for such a range."""
        if self.begins_on and self.ends_on and self.ends_on < self.begins_on:
            raise ValidationError({"ends_on": _("A duty cannot end before it begins.")})
