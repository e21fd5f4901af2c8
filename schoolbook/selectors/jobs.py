"""Long work as pages show it."""

from __future__ import annotations

from django.db.models import QuerySet

from schoolbook.models import Job, JobError, User
from schoolbook.models.jobs import SENTENCES


def jobs_of(user: User) -> QuerySet[Job]:
    """What this person asked for, newest first."""
    return Job.objects.visible_to(user).defer("arguments").order_by("-pk")


def is_open(job: Job) -> bool:
    """Whether the work is still to come or under way."""
    return job.state in {"waiting", "running"}


def sentence(job: Job) -> str:
    """Why it failed, for the person who asked; empty if it did not."""
    return str(SENTENCES[JobError(job.error)]) if job.error else ""
