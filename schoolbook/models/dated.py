"""What holds from a day on, and perhaps until one: duties, assignments, places in a class."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _


class DatedQuerySet(models.QuerySet[Any]):
    """Rows by the days in which they hold; the first and the last day count."""

    def on(self, day: date) -> Self:
        """Those in force on a day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), begins_on__lte=day)

    def between(self, first: date, last: date) -> Self:
        """Those in force on any day from the first to the last."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first), begins_on__lte=last)


Every = models.Manager.from_queryset(DatedQuerySet)


class Standing(Every):
    """Rows that stand: those that were withdrawn are as if they had never been."""

    def get_queryset(self) -> Any:
        """Leave out what was withdrawn."""
        return super().get_queryset().filter(withdrawn_on__isnull=True)


class Dated(models.Model):
    """Two days, the second perhaps open; changed by ending the row and beginning another.

    A row that should never have been, because it came with an import that was undone, is withdrawn: it stays with its
    history, holds on no day and stands in nobody's way. Relations and `objects` leave it out; a join has to say so.
    """

    begins_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, editable=False)

    objects = Standing()
    every = Every()

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Say that the days are the wrong way round before PostgreSQL is asked for such a range."""
        if self.begins_on and self.ends_on and self.ends_on < self.begins_on:
            raise ValidationError({"ends_on": _("The last day is before the first day.")})


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    """The days of a row are in order."""
    return models.CheckConstraint(
        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")), name=name
    )


def once_at_a_time(
    name: str, *fields: str, message: Any, condition: Q | None = None
) -> ExclusionConstraint:
    """No two rows with these fields alike hold on the same day; withdrawn ones hold on none."""
    standing = Q(withdrawn_on__isnull=True)
    days = Func(
        "begins_on",
        "ends_on",
        Value("[]"),
        function="daterange",
        output_field=DateRangeField(),
    )
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((field, RangeOperators.EQUAL) for field in fields),
            (days, RangeOperators.OVERLAPS),
        ],
        condition=standing & condition if condition else standing,
        violation_error_message=message,
    )
