"""Sheets and their cells: what teachers enter, with the state of each (R-038 – R-048)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gradebook.models.acts import EntryAct
from gradebook.models.closing import Dispensation
from gradebook.models.names import COMPONENT_CHOICES
from gradebook.models.triggers import (
    LinkMark,
    NewSheetWaits,
    closed_is_closed,
    stays_in_place,
)
from gradebook.rules.columns import MOST_NUMBER, MOST_REGULAR, TAKEN_OVER, Component
from gradebook.rules.typed import LONGEST_NOTE, LONGEST_TEXT, State
from schoolbook.models import ClassGroup, ClassSubject, School, Student, User
from schoolbook.models.audit import History, Trace
from schoolbook.models.triggers import SameSchool, audited

STATE_NAMES = {
    State.BLANK: _("blank"),
    State.VALUE: _("value"),
    State.ABSENT: _("absent"),
    State.EXEMPT: _("exempt"),
    State.ZERO: _("zero by a recorded decision"),
}


class Origin(models.TextChoices):
    """Where a figure comes from."""

    ENTERED = "entered", _("entered here")
    TAKEN_OVER = "taken_over", _("taken over from another system")


class MarkSheet(models.Model):
    """The sheet of one subject, class and term; without a subject, that of the homeroom teacher for the class.

    Its row is what a save locks. `regular` is how many regular columns it shows, where a teacher added some to those
    that the circular asks for. The sheets of both terms are made together, so that locking both always locks the same.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="sheets")
    class_subject = models.ForeignKey(
        ClassSubject, on_delete=models.PROTECT, null=True, related_name="sheets"
    )
    term = models.PositiveSmallIntegerField(_("term"))
    regular = models.PositiveSmallIntegerField(_("regular columns"), null=True)

    history = History()

    class Meta:
        verbose_name = _("mark sheet")
        verbose_name_plural = _("mark sheets")
        constraints = [
            models.UniqueConstraint(fields=["class_subject", "term"], name="mark_sheet_once"),
            models.UniqueConstraint(
                fields=["class_group", "term"],
                condition=Q(class_subject__isnull=True),
                name="mark_sheet_of_class_once",
            ),
            models.CheckConstraint(condition=Q(term__in=[1, 2]), name="mark_sheet_term_known"),
            models.CheckConstraint(
                condition=Q(regular__isnull=True) | Q(regular__gte=1, regular__lte=MOST_REGULAR),
                name="mark_sheet_regular_plausible",
            ),
        ]
        triggers = [
            *audited(),
            SameSchool("class_group", "class_subject"),
            NewSheetWaits(),
            stays_in_place("school_id", "class_group_id", "class_subject_id", "term"),
        ]

    def __str__(self) -> str:
        return f"{self.class_subject_id or self.class_group_id}, {self.term}"


class MarkTrace(Trace):
    """What the history of a mark carries beside it.

    The client's key of the edit, the act that it was part of, the approved correction, and its link in the chain of
    the sheet, which the database sets.
    """

    client_key = models.UUIDField(null=True)
    act = models.ForeignKey(EntryAct, on_delete=models.PROTECT, null=True, related_name="+")
    dispensation = models.ForeignKey(
        Dispensation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    link_number = models.PositiveIntegerField(default=0)
    link = models.CharField(max_length=64, default="")

    class Meta:
        abstract = True


def _history_rules(name: str) -> dict[str, list[Any]]:
    """One edit is written once; the history of a sheet and of a pupil is read newest first."""
    return {
        "indexes": [
            models.Index(fields=["sheet", "-history_id"], name=f"{name}_trace_of_sheet"),
            models.Index(fields=["student", "-history_id"], name=f"{name}_trace_of_student"),
        ],
        "constraints": [
            models.UniqueConstraint(
                fields=["history_user", "client_key"],
                condition=Q(client_key__isnull=False),
                name=f"{name}_trace_edit_once",
            ),
            models.UniqueConstraint(
                fields=["sheet", "link_number"], name=f"{name}_trace_link_once"
            ),
        ],
    }


def _holds(state: State, *, value: bool = False, note: bool | None = None) -> Q:
    """What may stand beside a state; `note` None leaves it open."""
    empty = Q(score__isnull=True, level="", text="")
    scored = Q(score__isnull=False, level="", text="")
    levelled = Q(score__isnull=True, text="") & ~Q(level="")
    written = Q(score__isnull=True, level="") & ~Q(text="")
    held = Q(state=state.value) & ((scored | levelled | written) if value else empty)
    if note is None:
        return held
    return held & (~Q(note="") if note else Q(note=""))


class Mark(models.Model):
    """One cell of a sheet: a pupil, a component and its number. A cell never entered has no row, and version 0."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(MarkSheet, on_delete=models.PROTECT, related_name="marks")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="marks")
    component = models.CharField(
        _("component"),
        max_length=20,
        choices=COMPONENT_CHOICES,
    )
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=10, choices=[(one.value, STATE_NAMES[one]) for one in State]
    )
    score = models.DecimalField(_("mark"), max_digits=3, decimal_places=1, null=True)
    level = models.CharField(_("level"), max_length=12, blank=True)
    text = models.CharField(_("comment"), max_length=LONGEST_TEXT, blank=True)
    note = models.CharField(_("reason or decision"), max_length=LONGEST_NOTE, blank=True)
    origin = models.CharField(
        _("origin"), max_length=10, choices=Origin.choices, default=Origin.ENTERED
    )
    source = models.CharField(_("taken over from"), max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)

    history = History(
        bases=(MarkTrace,),
        no_db_index=["id", "school", "sheet", "student"],
        rules=_history_rules,
        stamp=LinkMark(),
    )

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "student", "component", "number"], name="mark_once"
            ),
            models.CheckConstraint(
                condition=Q(component__in=[one.value for one in Component]),
                name="mark_component_known",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_NUMBER), name="mark_number_plausible"
            ),
            models.CheckConstraint(
                condition=_holds(State.BLANK, note=False)
                | _holds(State.VALUE, value=True, note=False)
                | _holds(State.ABSENT)
                | _holds(State.EXEMPT, note=False)
                | _holds(State.ZERO, note=True),
                name="mark_holds_what_its_state_says",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=10),
                name="mark_within_scale",
            ),
            models.CheckConstraint(
                condition=Q(origin="entered", source="") | (Q(origin="taken_over") & ~Q(source="")),
                name="mark_taken_over_from_somewhere",
            ),
            models.CheckConstraint(
                condition=~Q(component__in=[one.value for one in sorted(TAKEN_OVER)])
                | Q(origin="taken_over")
                | Q(state="blank"),
                name="mark_result_only_taken_over",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="mark_version_from_one"),
        ]
        indexes = [models.Index(fields=["student", "sheet"], name="mark_of_student")]
        triggers = [*audited(), SameSchool("sheet", "student"), *closed_is_closed()]

    def __str__(self) -> str:
        return f"{self.student_id}, {self.component} {self.number}"


class ResultCheck(models.Model):
    """The word of a teacher that the computed figures of a sheet were looked through (R-053, R-054).

    It covers a digest of exactly what was shown: figures that change later show that they want to be looked at again.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(MarkSheet, on_delete=models.PROTECT, related_name="checks")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(_("checked at"))
    figures = models.PositiveIntegerField(_("figures"))
    digest = models.CharField(max_length=64)

    history = History()

    class Meta:
        verbose_name = _("checked results")
        verbose_name_plural = _("checked results")
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="result_check_digest"
            )
        ]
        indexes = [models.Index(fields=["sheet", "-id"], name="result_check_newest")]
        triggers = [*audited(), SameSchool("sheet", "user")]

    def __str__(self) -> str:
        return f"{self.sheet_id}, {self.checked_at}"


class Phrase(models.Model):
    """A phrase of a teacher's own, to put into comments; put away, never deleted."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="phrases")
    text = models.CharField(_("phrase"), max_length=300)
    is_active = models.BooleanField(_("in use"), default=True)

    history = History()

    class Meta:
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "text"],
                condition=Q(is_active=True),
                name="phrase_once",
                violation_error_message=_("You have this phrase already."),
            ),
            models.CheckConstraint(condition=~Q(text=""), name="phrase_not_empty"),
        ]
        triggers = [*audited(), SameSchool("user")]

    def __str__(self) -> str:
        return self.text
