"""How far the school clock of a demo or of a test is from the real one."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ClockOffset(models.Model):
    """One row, or none: in a school's own database there is never one.

    The app may read it and no more; the owner of the database moves the clock. The SQL function `school_now()` adds
    it to the time of the server, as `schoolbook.clock` does.
    """

    class Kind(models.TextChoices):
        """What a database with a row is marked as."""

        DEMO = "demo", _("demo")
        TEST = "test", _("test")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    offset = models.DurationField(default=timedelta)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="clock_offset_only_one"),
            models.CheckConstraint(
                condition=Q(kind__in=["demo", "test"]), name="clock_offset_never_in_earnest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.offset}"
