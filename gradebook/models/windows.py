"""When marks are entered: plans of windows, drafted and decided in versions (R-100, R-101, R-105)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gradebook.models.names import COMPONENT_CHOICES, LONGEST_REASON
from gradebook.models.triggers import Finished, OnlyWhileDrafted
from gradebook.rules.columns import Component
from schoolbook.models import School, SchoolYear, User
from schoolbook.models.audit import History
from schoolbook.models.school import OfSchool
from schoolbook.models.triggers import SameSchool, audited


class PlanState(models.TextChoices):
    """What became of a plan of windows."""

    DRAFT = "draft", _("draft")
    DECIDED = "decided", _("decided")
    WITHDRAWN = "withdrawn", _("withdrawn")


class WindowPlan(models.Model):
    """When marks are entered in a school year: drafted by a vice-principal, decided by the principal (R-101, R-105).

    Of the decided versions that with the highest number is in force. A decided plan is never changed; another one
    takes its place.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="window_plans")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=PlanState.choices)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("drafted at"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_number = models.CharField(_("number of the decision"), max_length=60, blank=True)

    objects = OfSchool.as_manager()
    history = History(chained=True)

    class Meta:
        verbose_name = _("plan of entry")
        verbose_name_plural = _("plans of entry")
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="window_plan_number_once"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(state="draft"), name="window_plan_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state="decided", decided_by__isnull=False, decided_at__isnull=False)
                | Q(
                    state__in=["draft", "withdrawn"],
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                ),
                name="window_plan_state_as_it_was_decided",
            ),
        ]
        triggers = [
            *audited(),
            SameSchool("year", "drafted_by", "decided_by"),
            Finished("OLD.state <> 'draft'"),
        ]

    def __str__(self) -> str:
        return f"{self.year_id}, {self.number}"


class Window(models.Model):
    """From when until when a component of a term is entered, by the school clock.

    Without a grade it is for all that have none of their own. The moment it opens is in it, the one it closes is not.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(WindowPlan, on_delete=models.PROTECT, related_name="windows")
    grade = models.PositiveSmallIntegerField(_("grade"), null=True, blank=True)
    term = models.PositiveSmallIntegerField(_("term"))
    component = models.CharField(_("component"), max_length=20, choices=COMPONENT_CHOICES)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    is_dropped = models.BooleanField(_("taken out of the draft"), default=False)

    history = History(chained=True)

    class Meta:
        verbose_name = _("window of entry")
        verbose_name_plural = _("windows of entry")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "grade", "term", "component"],
                name="window_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(term__in=[1, 2]), name="window_term_known"),
            models.CheckConstraint(
                condition=Q(component__in=[one.value for one in Component]),
                name="window_component_known",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="window_closes_after_it_opens"
            ),
        ]
        triggers = [*audited(), SameSchool("plan"), OnlyWhileDrafted()]

    def __str__(self) -> str:
        return f"{self.plan_id}, {self.term}, {self.component}"
