"""Long work that somebody asked for: the row is the truth, the queue only a hint (architecture, invariant 14).

Technical: what a row says of itself is no fact of the school, so it has no history. It stays, and its file goes.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schoolbook.models.people import User
from schoolbook.models.school import School
from schoolbook.models.triggers import SameSchool, keep


class JobState(models.TextChoices):
    """How far the work is."""

    WAITING = "waiting", _("waiting for its turn")
    RUNNING = "running", _("being made")
    DONE = "done", _("ready")
    FAILED = "failed", _("failed")


class JobError(StrEnum):
    """Why the work failed."""

    UNKNOWN = "unknown"
    GONE = "gone"
    REFUSED = "refused"
    MEMORY = "memory"
    TIME = "time"
    CRASHED = "crashed"
    LOST = "lost"
    BROKEN = "broken"


# As the person who asked is told.
SENTENCES = {
    JobError.UNKNOWN: _("This kind of document is not known here any more."),
    JobError.GONE: _("What was to be printed is not there any more, or is not yours to see."),
    JobError.REFUSED: _("Your duties do not allow you to print this any more."),
    JobError.MEMORY: _("It needed too much memory. Print less at a time."),
    JobError.TIME: _("It took too long. Print less at a time."),
    JobError.CRASHED: _("The program that makes the pages ended by itself."),
    JobError.LOST: _("It was begun several times and never finished."),
    JobError.BROKEN: _("Something unexpected went wrong. The operator finds it in the log."),
}
CLAIMED = Q(claim__isnull=False, heartbeat_at__isnull=False, started_at__isnull=False)
UNCLAIMED = Q(claim__isnull=True, heartbeat_at__isnull=True)
NO_RESULT = Q(result_name="", sha256="", size=0, pages=0, removed_at__isnull=True)
RESULT = Q(sha256__regex=r"^[0-9a-f]{64}$", size__gt=0) & (
    (~Q(result_name="") & Q(removed_at__isnull=True)) | Q(result_name="", removed_at__isnull=False)
)


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs, as far as somebody may know of them."""

    def visible_to(self, user: User) -> Self:
        """Those that this person asked for."""
        if not user.is_active or user.school_id is None:
            return self.none()
        return self.filter(asked_by=user, school_id=user.school_id)


class Job(models.Model):
    """One piece of long work: what is made, for whom, how far it is, and what came of it.

    `kind` names a document of the registry, `digest` covers its arguments. A worker that does the work holds `claim`
    and shows with `heartbeat_at` that it lives; only who holds the claim says how it ended. `parts` are done of
    `total`; a total of 0 is not known yet. `queued_at` is empty while the queue could not be told.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    title = models.CharField(_("document"), max_length=200)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=JobState.choices, default=JobState.WAITING
    )
    error = models.CharField(max_length=10, blank=True)
    parts = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    claim = models.UUIDField(null=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True)
    result_name = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(_("asked for"))
    queued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(state="waiting", error="", finished_at__isnull=True) & UNCLAIMED & NO_RESULT
                )
                | (Q(state="running", error="", finished_at__isnull=True) & CLAIMED & NO_RESULT)
                | (Q(state="done", error="", finished_at__isnull=False) & UNCLAIMED & RESULT)
                | (
                    Q(state="failed", finished_at__isnull=False)
                    & ~Q(error="")
                    & UNCLAIMED
                    & NO_RESULT
                ),
                name="job_state_as_it_went",
            ),
            models.CheckConstraint(
                condition=Q(error__in=["", *[error.value for error in JobError]]),
                name="job_error_known",
            ),
            models.CheckConstraint(
                condition=Q(total=0, parts=0) | Q(parts__lte=F("total")), name="job_parts_of_total"
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="job_digest_is_a_digest"
            ),
            models.UniqueConstraint(
                fields=["asked_by", "kind", "digest"],
                condition=Q(state__in=["waiting", "running"]),
                name="job_asked_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["result_name"], condition=~Q(result_name=""), name="job_result_of_one"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="job_newest"),
            models.Index(
                fields=["state"], condition=Q(state__in=["waiting", "running"]), name="job_open"
            ),
        ]
        triggers = [*keep(), SameSchool("asked_by")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
