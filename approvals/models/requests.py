"""Requests for corrections, with their lines, evidence and witnesses (R-120 – R-130)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from approvals.models.triggers import (
    FollowsWorkflow,
    OnlyInDraft,
    OpenAsItsRequest,
    WitnessesApproved,
)
from approvals.rules.workflow import DECIDED, ENDED, State
from schoolbook.correctable import LONGEST_ITEM, LONGEST_VALUE
from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    School,
    SchoolYear,
    Student,
    User,
)
from schoolbook.models.audit import History
from schoolbook.models.chain import HEX
from schoolbook.models.school import OfSchool
from schoolbook.models.triggers import SameSchool, audited
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Witness

LONGEST_REASON, LONGEST_NAME = 500, 120
STATE_NAMES = {
    State.DRAFT: _("draft"),
    State.SUBMITTED: _("waits for a decision"),
    State.REFUSED: _("refused"),
    State.APPROVED: _("approved, waits for witnesses"),
    State.WITNESSED: _("waits to be applied"),
    State.APPLIED: _("applied"),
    State.WITHDRAWN: _("withdrawn"),
    State.EXPIRED: _("expired"),
}
WITNESS_NAMES = {
    Witness.LEADER: _("representative of the leadership"),
    Witness.ADMIN: _("representative of the admin board"),
    Witness.HOMEROOM_TEACHER: _("homeroom teacher of the class"),
    Witness.REQUESTER: _("the requester"),
}

_NOT_DECIDED = Q(decided_by__isnull=True, decided_at__isnull=True)
_DECIDED = Q(decided_by__isnull=False, decided_at__isnull=False)
_NOT_APPLIED = Q(applied_by__isnull=True, applied_at__isnull=True)


class CorrectionRequest(models.Model):
    """A request that something in a closed book be corrected, from its draft to its end (`rules.workflow`).

    `book` is the name under which the app that keeps the book announced it, `place` the page of it. Who approves and
    who witnesses is what the regulation in force asked for on the day it was sent. `effect` is what was shown then.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey(
        ClassSubject, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    term = models.PositiveSmallIntegerField(_("term"), null=True, blank=True)
    student = models.ForeignKey(
        Student, verbose_name=_("pupil"), on_delete=models.PROTECT, related_name="+"
    )
    book = models.CharField(_("book"), max_length=20)
    place = models.JSONField()
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(one.value, STATE_NAMES[one]) for one in State],
        default=State.DRAFT.value,
    )
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    effect = models.JSONField(null=True, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("begun at"))
    submitted_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    approver_role = models.CharField(_("approved by"), max_length=20, blank=True)
    witness_roles = models.JSONField(_("witnesses"), default=list, blank=True)
    deputy = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision = models.CharField(_("words of the decision"), max_length=LONGEST_REASON, blank=True)
    witnessed_at = models.DateTimeField(_("witnessed at"), null=True, blank=True)
    applied_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ending = models.CharField(_("why it ended"), max_length=LONGEST_REASON, blank=True)

    objects = OfSchool.as_manager()
    history = History(chained=True)

    class Meta:
        verbose_name = _("request for a correction")
        verbose_name_plural = _("requests for corrections")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]),
                name="correction_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | (
                    Q(submitted_at__isnull=False, approver_role__in=[*Role])
                    & ~Q(reason="")
                    & Q(effect__isnull=False)
                ),
                name="correction_sent_whole",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=sorted(DECIDED)) & _DECIDED)
                | (Q(state__in=["draft", "submitted", "withdrawn"]) & _NOT_DECIDED)
                | Q(state="expired"),
                name="correction_decided_as_its_state_says",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="correction_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="applied",
                    applied_by__isnull=False,
                    applied_at__isnull=False,
                    witnessed_at__isnull=False,
                )
                | (~Q(state="applied") & _NOT_APPLIED),
                name="correction_applied_as_its_state_says",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(ENDED), ended_at__isnull=False)
                | (~Q(state__in=sorted(ENDED)) & Q(ended_at__isnull=True)),
                name="correction_ended_as_its_state_says",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(decision=""),
                name="correction_refused_with_words",
            ),
            models.CheckConstraint(
                condition=~Q(state="expired") | ~Q(ending=""),
                name="correction_expired_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(term__isnull=True) | Q(term__in=[1, 2]),
                name="correction_term_known",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "state", "submitted_at"], name="correction_inbox"),
            models.Index(fields=["requested_by", "-id"], name="correction_of_requester"),
        ]
        triggers = [
            *audited(),
            SameSchool(
                "year",
                "class_group",
                "class_subject",
                "student",
                "requested_by",
                "deputy",
                "decided_by",
                "applied_by",
            ),
            FollowsWorkflow(),
            OpenAsItsRequest("id"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}, {self.state}"


class CorrectionLine(models.Model):
    """One thing that a request would change. `item` names it in the whole school, and is open in one request only."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    correction = models.ForeignKey(
        CorrectionRequest, on_delete=models.PROTECT, related_name="lines"
    )
    item = models.CharField(max_length=LONGEST_ITEM)
    key = models.CharField(max_length=60)
    label = models.CharField(_("information"), max_length=120)
    group = models.CharField(max_length=10)
    old = models.CharField(_("original value"), max_length=LONGEST_VALUE, blank=True)
    old_version = models.PositiveIntegerField()
    typed = models.CharField(max_length=LONGEST_VALUE, blank=True)
    new = models.CharField(_("proposed value"), max_length=LONGEST_VALUE, blank=True)
    place = models.PositiveSmallIntegerField()
    is_dropped = models.BooleanField(default=False)
    is_open = models.BooleanField(default=False)

    history = History(chained=True)

    class Meta:
        verbose_name = _("line of a request")
        verbose_name_plural = _("lines of requests")
        constraints = [
            models.UniqueConstraint(
                fields=["school", "item"],
                condition=Q(is_open=True),
                name="correction_line_one_open",
                violation_error_message=_("Another request for this is open."),
            ),
            models.UniqueConstraint(
                fields=["correction", "key"],
                name="correction_line_once",
            ),
            models.CheckConstraint(condition=~Q(old=F("new")), name="correction_line_changes"),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(is_dropped=False), name="correction_line_dropped"
            ),
        ]
        triggers = [
            *audited(),
            SameSchool("correction"),
            OnlyInDraft("is_open"),
            OpenAsItsRequest("correction_id"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.old} → {self.new}"


class EvidenceKind(models.TextChoices):
    """What a piece of evidence is, by its content."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"


class Evidence(models.Model):
    """A file that proves what a request says: as it was received and as it is kept (R-120)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    correction = models.ForeignKey(
        CorrectionRequest, on_delete=models.PROTECT, related_name="evidence"
    )
    name = models.CharField(_("file"), max_length=LONGEST_NAME)
    kind = models.CharField(max_length=4, choices=EvidenceKind.choices)
    size = models.PositiveIntegerField(_("size"))
    received_sha256 = models.CharField(max_length=64)
    stored_sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=80, unique=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added at"))
    withdrawn_at = models.DateTimeField(_("taken out at"), null=True, blank=True)

    objects = OfSchool.as_manager()
    history = History(chained=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(received_sha256__regex=HEX, stored_sha256__regex=HEX),
                name="evidence_digests",
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1) & ~Q(name="") & Q(kind__in=EvidenceKind.values),
                name="evidence_is_a_file",
            ),
        ]
        triggers = [*audited(), SameSchool("correction", "added_by"), OnlyInDraft()]

    def __str__(self) -> str:
        return self.name


class Witnessing(models.Model):
    """The word of a witness that the correction is made in their presence (R-125, R-126)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    correction = models.ForeignKey(
        CorrectionRequest, on_delete=models.PROTECT, related_name="witnesses"
    )
    role = models.CharField(_("as"), max_length=20)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"))

    history = History(chained=True)

    class Meta:
        verbose_name = _("word of a witness")
        verbose_name_plural = _("words of witnesses")
        constraints = [
            models.UniqueConstraint(fields=["correction", "role"], name="witnessing_role_once"),
            models.UniqueConstraint(fields=["correction", "user"], name="witnessing_person_once"),
            models.CheckConstraint(condition=Q(role__in=[*Witness]), name="witnessing_role_known"),
        ]
        triggers = [*audited(), SameSchool("correction", "user"), WitnessesApproved()]

    def __str__(self) -> str:
        return f"{self.correction_id}, {self.role}"


class Opened(models.Model):
    """That somebody who decides has opened a request: several are decided at once only after each was."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    correction = models.ForeignKey(
        CorrectionRequest, on_delete=models.PROTECT, related_name="opened"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))

    history = History()

    class Meta:
        verbose_name = _("opened request")
        verbose_name_plural = _("opened requests")
        constraints = [
            models.UniqueConstraint(fields=["correction", "user"], name="request_opened_once"),
        ]
        triggers = [*audited(), SameSchool("correction", "user")]

    def __str__(self) -> str:
        return f"{self.correction_id}, {self.user_id}"
