"""What opens and closes sheets: locks and unlocks, sign-offs, and approved corrections."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gradebook.models.names import COMPONENT_CHOICES, LONGEST_REASON
from gradebook.models.triggers import Finished
from gradebook.rules.columns import MOST_NUMBER, Component
from schoolbook.models import ClassGroup, School, SchoolYear, Student, Subject, User
from schoolbook.models.audit import History
from schoolbook.models.chain import HEX
from schoolbook.models.school import OfSchool
from schoolbook.models.triggers import SameSchool, audited


class LockKind(models.TextChoices):
    """Whether an act locks or unlocks."""

    LOCK = "lock", _("lock")
    UNLOCK = "unlock", _("unlock")


class Freezes(models.TextChoices):
    """What a lock stops (R-103)."""

    MARKS = "marks", _("marks already entered")
    ENTRY = "entry", _("all entry")


class BookKind(models.TextChoices):
    """The books that can be locked separately."""

    SUBJECT = "subject", _("marks of subjects")
    CLASS = "class", _("conduct and remarks of the homeroom teacher")


class LockState(models.TextChoices):
    """How far an act of locking or unlocking has come."""

    ASKED = "asked", _("asked for")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DECIDED = "decided", _("decided")
    DONE = "done", _("carried out")


_NOT_DECIDED = Q(decided_by__isnull=True, decided_at__isnull=True)
_NOT_DONE = Q(done_by__isnull=True, done_at__isnull=True, turn__isnull=True)
_DECIDED = Q(decided_by__isnull=False, decided_at__isnull=False)
_DONE = Q(done_by__isnull=False, done_at__isnull=False, turn__isnull=False)


class LockAct(models.Model):
    """A lock or an unlock, in three parts: asked by, decided by, carried out by (R-100, R-102, R-104, R-108).

    The scope is what all of its fields that are set have in common: none set is the whole year, all set is one cell.
    An unlock lifts everything that closes what it covers, windows and sign-offs included, until it ends; it needs no
    job for that. `turn` is the order of carrying out in the year: of a lock and an unlock, the later one counts.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="lock_acts")
    kind = models.CharField(_("kind"), max_length=6, choices=LockKind.choices)
    freezes = models.CharField(
        _("what is locked"), max_length=5, choices=Freezes.choices, blank=True
    )
    grade = models.PositiveSmallIntegerField(_("grade"), null=True, blank=True)
    class_group = models.ForeignKey(
        ClassGroup,
        verbose_name=_("class"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    subject = models.ForeignKey(
        Subject,
        verbose_name=_("subject"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    book = models.CharField(_("kind of book"), max_length=7, choices=BookKind.choices, blank=True)
    term = models.PositiveSmallIntegerField(_("term"), null=True, blank=True)
    component = models.CharField(
        _("component"), max_length=20, choices=COMPONENT_CHOICES, blank=True
    )
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    student = models.ForeignKey(
        Student,
        verbose_name=_("pupil"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=LockState.choices)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision = models.CharField(_("words of the decision"), max_length=LONGEST_REASON, blank=True)
    decision_number = models.CharField(_("number of the decision"), max_length=60, blank=True)
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(_("carried out at"), null=True, blank=True)
    turn = models.PositiveIntegerField(null=True, blank=True)

    objects = OfSchool.as_manager()
    history = History(chained=True)

    class Meta:
        verbose_name = _("lock or unlock")
        verbose_name_plural = _("locks and unlocks")
        constraints = [
            models.UniqueConstraint(fields=["year", "turn"], name="lock_act_turn_once"),
            models.CheckConstraint(
                condition=Q(kind="lock", freezes__in=Freezes.values, ends_at__isnull=True)
                | Q(kind="unlock", freezes="", ends_at__isnull=False),
                name="lock_act_kind_has_what_it_needs",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="lock_act_has_a_reason"),
            models.CheckConstraint(
                condition=Q(term__isnull=True) | Q(term__in=[1, 2]),
                name="lock_act_term_known",
            ),
            models.CheckConstraint(
                condition=Q(book__in=["", *BookKind.values]), name="lock_act_book_known"
            ),
            models.CheckConstraint(
                condition=Q(component__in=["", *(one.value for one in Component)]),
                name="lock_act_component_known",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | ~Q(component=""),
                name="lock_act_number_of_a_component",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["asked", "withdrawn"]) & _NOT_DECIDED & _NOT_DONE)
                | (Q(state="withdrawn") & _DECIDED & _NOT_DONE)
                | (Q(state__in=["refused", "decided"]) & _DECIDED & _NOT_DONE)
                | (Q(state="done") & _DECIDED & _DONE),
                name="lock_act_parts_as_its_state_says",
            ),
            # Nobody lets oneself do what one has asked for; and nobody carries out one's own decision.
            models.CheckConstraint(
                condition=~Q(kind="unlock")
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=F("asked_by")),
                name="lock_act_unlock_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(done_by__isnull=True) | ~Q(done_by=F("decided_by")),
                name="lock_act_done_by_another",
            ),
        ]
        indexes = [models.Index(fields=["year", "state", "-id"], name="lock_act_of_year")]
        triggers = [
            *audited(),
            SameSchool(
                "year", "class_group", "subject", "student", "asked_by", "decided_by", "done_by"
            ),
            Finished("OLD.state IN ('refused', 'withdrawn', 'done')"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class SignOff(models.Model):
    """A teacher's word for the sheet of a term, over exactly the cells and results that were shown (R-144, R-149).

    That of the homeroom teacher's own sheet is the word for the class (R-145). While it stands the sheet is closed.
    It ends when it is taken back, or when something under it changes: then it is broken, and is asked for again.
    """

    class Ending(models.TextChoices):
        """Why a sign-off no longer stands."""

        BROKEN = "broken", _("broken by a change")
        TAKEN_BACK = "taken_back", _("taken back")

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(
        "gradebook.MarkSheet", on_delete=models.PROTECT, related_name="sign_offs"
    )
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("confirmed at"))
    cells = models.PositiveIntegerField(_("cells"))
    digest = models.CharField(max_length=64)
    link_number = models.PositiveIntegerField()
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)

    objects = OfSchool.as_manager()
    history = History(chained=True)

    class Meta:
        verbose_name = _("confirmed sheet")
        verbose_name_plural = _("confirmed sheets")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet"],
                condition=Q(ended_at__isnull=True),
                name="sign_off_once",
            ),
            models.CheckConstraint(condition=Q(digest__regex=HEX), name="sign_off_digest"),
            models.CheckConstraint(
                condition=Q(ending="", ended_at__isnull=True, ended_by__isnull=True)
                | Q(
                    ending__in=["broken", "taken_back"],
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                ),
                name="sign_off_ends_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["sheet", "-id"], name="sign_off_newest")]
        triggers = [
            *audited(),
            SameSchool("sheet", "signed_by"),
            Finished("OLD.ended_at IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}, {self.signed_at}"


class FrozenStanding(models.Model):
    """What a pupil had reached over all subjects when the class was confirmed, with its working (R-145)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="standings")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(_("period"), max_length=5)
    level = models.CharField(_("academic level"), max_length=40, blank=True)
    conduct = models.CharField(_("conduct"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    scheme = models.CharField(_("circular"), max_length=10)
    rules_version = models.CharField(_("version of the rules"), max_length=20)
    working = models.JSONField(_("working"))

    history = History(chained=True)

    class Meta:
        verbose_name = _("frozen level and title")
        verbose_name_plural = _("frozen levels and titles")
        constraints = [
            models.UniqueConstraint(
                fields=["sign_off", "student", "period"], name="frozen_standing_once"
            ),
            models.CheckConstraint(
                condition=Q(period__in=["term1", "term2", "year"]),
                name="frozen_standing_period_known",
            ),
        ]
        triggers = [*audited(), SameSchool("sign_off", "student")]

    def __str__(self) -> str:
        return f"{self.student_id}, {self.period}"


class Dispensation(models.Model):
    """Leave to change one cell once in a closed sheet: an approved correction (R-120 ff.; architecture, invariant 6).

    It names the cell, the version that is changed and exactly what stands there after. As versions only rise, it
    serves once. `correction` is the number of the request, in the app that handles those.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey("gradebook.MarkSheet", on_delete=models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    component = models.CharField(_("component"), max_length=20, choices=COMPONENT_CHOICES)
    number = models.PositiveSmallIntegerField(_("number"))
    old_version = models.PositiveIntegerField()
    old = models.CharField(_("old value"), max_length=1200, blank=True)
    state = models.CharField(_("state"), max_length=10)
    score = models.DecimalField(_("mark"), max_digits=3, decimal_places=1, null=True, blank=True)
    level = models.CharField(_("level"), max_length=12, blank=True)
    text = models.CharField(_("comment"), max_length=1000, blank=True)
    note = models.CharField(_("reason or decision"), max_length=500, blank=True)
    correction = models.PositiveBigIntegerField(_("correction"))
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)

    history = History(chained=True)

    class Meta:
        verbose_name = _("approved correction of a cell")
        verbose_name_plural = _("approved corrections of cells")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "student", "component", "number", "old_version"],
                name="dispensation_once",
            ),
            models.CheckConstraint(
                condition=Q(component__in=[one.value for one in Component]),
                name="dispensation_component_known",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_NUMBER),
                name="dispensation_number_plausible",
            ),
        ]
        triggers = [*audited(), SameSchool("sheet", "student", "approved_by")]

    def __str__(self) -> str:
        return f"{self.sheet_id}, {self.student_id}, {self.component} {self.number}"
