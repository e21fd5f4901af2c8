"""Long work: asked for by a person, done by a worker, found again when it was lost (architecture, invariant 14).

The row comes first and is the truth; a message in the queue is only a hint. A worker claims a row, shows that it
lives, and says how it ended only while the claim is still its own: whatever is done twice, one result stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils import timezone, translation
from kombu.exceptions import OperationalError as QueueError

from schoolbook import access, registry, rendering, stored
from schoolbook.celery import app
from schoolbook.models import Job, JobError, JobState, User
from schoolbook.registry import Composed, Document
from schoolbook.selectors.verifying import steady
from schoolbook.stored import Stored

log = structlog.get_logger(__name__)

PDF = "application/pdf"
# Longer than a worker goes without a word: the time in which a document is composed, or its parts put together.
LEASE = timedelta(minutes=3)
# A message that was sent so long ago may be lost; sending it again does no harm.
QUEUE_PATIENCE = timedelta(minutes=5)
MOST_ATTEMPTS = 3
# A file that no row names so long after it was written was left by a worker that was killed.
ORPHAN_AGE = timedelta(days=1)
LONGEST_TITLE = 200


class _LostClaimError(Exception):
    """Somebody else has the work by now."""


class _UnknownKindError(Exception):
    """No app has announced such a document."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """That this worker does the work, as long as the row says so."""

    job_id: int
    token: UUID

    def rows(self) -> QuerySet[Job]:
        """The row, while the claim holds; nothing after."""
        return Job.objects.filter(pk=self.job_id, claim=self.token, state=JobState.RUNNING)

    def live(self, **progress: Any) -> None:
        """Say that the work goes on, and how far it is. Raises _LostClaimError."""
        if not self.rows().update(heartbeat_at=timezone.now(), **progress):
            raise _LostClaimError

    def end(self, state: JobState, **outcome: Any) -> bool:
        """Say how it ended; whether the claim was still this worker's."""
        free = {"claim": None, "heartbeat_at": None, "finished_at": timezone.now()}
        return bool(self.rows().update(state=state, **free, **outcome))


# Asking ----------------------------------------------------------------------------------------------


@transaction.atomic
def ask(*, kind: str, arguments: Mapping[str, object], actor: User) -> Job:
    """Ask for a document; while the same person waits for the same one, that job is given back.

    Raises KeyError for a kind that no app has announced, and what the document's title raises, such as Http404.
    """
    document = registry.documents.get(kind)
    school = access.own_school(actor)
    digest = _digest(arguments)
    if same := _open(actor, kind, digest):
        return same
    now = timezone.now()
    job = Job(
        school=school,
        kind=kind,
        arguments=dict(arguments),
        digest=digest,
        title=document.title(actor, arguments)[:LONGEST_TITLE],
        asked_by=actor,
        created_at=now,
        queued_at=now,
    )
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:  # the same person, the same thing, in this very moment
        if same := _open(actor, kind, digest):
            return same
        raise
    _queue_on_commit(job.pk)
    return job


@transaction.atomic
def repeat(*, job_id: int, actor: User) -> Job:
    """Ask once more for what failed or has been made: what failed is tried again, what was made is made anew.

    Raises Http404 for what is not one's own, and what `ask` raises.
    """
    job = access.job(actor, job_id, lock=True)
    if job.state in {JobState.WAITING, JobState.RUNNING}:
        return job
    if job.state == JobState.DONE:
        return ask(kind=job.kind, arguments=job.arguments, actor=actor)
    if same := _open(actor, job.kind, job.digest):
        return same
    row, fresh = Job.objects.filter(pk=job.pk), {"error": "", "attempts": 0, "finished_at": None}
    try:
        with transaction.atomic():
            _wait_again(row, queued_at=timezone.now(), **fresh)
    except IntegrityError:  # asked for anew in this very moment
        if same := _open(actor, job.kind, job.digest):
            return same
        raise
    _queue_on_commit(job.pk)
    job.refresh_from_db()
    return job


def _open(actor: User, kind: str, digest: str) -> Job | None:
    waiting = Q(state__in=[JobState.WAITING, JobState.RUNNING])
    return Job.objects.filter(waiting, asked_by=actor, kind=kind, digest=digest).first()


def _digest(arguments: Mapping[str, object]) -> str:
    text = json.dumps(arguments, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _wait_again(rows: QuerySet[Job], **more: Any) -> int:
    free = {"claim": None, "heartbeat_at": None, "parts": 0, "total": 0}
    return rows.update(state=JobState.WAITING, **free, **more)


def _queue_on_commit(job_id: int) -> None:
    transaction.on_commit(lambda: _queue(job_id), robust=True)


def _queue(job_id: int) -> None:
    """Tell the queue; when that fails, the row says so, and the sweep tells it later."""
    # Whoever asked is waiting for the page: a queue that is away is asked once.
    once = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "max_retries": 0}
    try:
        with app.connection_for_write(transport_options=once) as connection:
            # By name: the task is a rung above.
            app.send_task("schoolbook.tasks.run_job", [job_id], retry=False, connection=connection)
    except (QueueError, OSError):
        log.warning("job_not_queued", job_id=job_id)
        Job.objects.filter(pk=job_id, state=JobState.WAITING).update(queued_at=None)


# Doing -----------------------------------------------------------------------------------------------


def run(job_id: int) -> None:
    """Do the work, if nobody else does it. The row says how it ended; nothing is raised but when the database is away.

    A worker that ends in the middle leaves the claim behind, and `sweep` finds it.
    """
    claim = _claimed(job_id)
    if claim is None:
        return
    try:
        _do(claim)
    except _LostClaimError:
        log.warning("job_claim_lost", job_id=job_id)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        _fail(claim, error)


def _claimed(job_id: int) -> _Claim | None:
    claim, now = _Claim(job_id, uuid4()), timezone.now()
    taken = Job.objects.filter(pk=job_id, state=JobState.WAITING).update(
        state=JobState.RUNNING,
        claim=claim.token,
        heartbeat_at=now,
        started_at=now,
        attempts=F("attempts") + 1,
        parts=0,
        total=0,
    )
    return claim if taken else None


def _do(claim: _Claim) -> None:
    composed = _composed(claim)
    claim.live(total=len(composed.parts))
    done: list[bytes] = []
    with closing(rendering.rendered(composed.parts, meanwhile=claim.live)) as pages:
        for page in pages:
            done.append(page)
            claim.live(parts=len(done))
    content, count = rendering.assembled(done, title=composed.file_name)
    kept = stored.keep(content, stored.RESULTS)
    _finish(claim, composed, kept, count)


def _composed(claim: _Claim) -> Composed:
    """The document as of one moment, as the person who asked may see it."""
    with steady(), translation.override(settings.LANGUAGE_CODE):
        job = Job.objects.select_related("asked_by").get(pk=claim.job_id)
        if not job.asked_by.is_active:
            raise PermissionDenied
        return _document(job.kind).compose(job.asked_by, job.arguments)


def _document(kind: str) -> Document:
    try:
        return registry.documents.get(kind)
    except KeyError as error:
        raise _UnknownKindError from error


def _finish(claim: _Claim, composed: Composed, kept: Stored, pages: int) -> None:
    """Name the file in the row; if the work has become somebody else's, take it away again."""
    ended = claim.end(
        JobState.DONE,
        result_name=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        pages=pages,
        file_name=f"{composed.file_name}.pdf",
        media_type=PDF,
    )
    if not ended:
        stored.remove_result(kept.name)
        raise _LostClaimError
    log.info("job_done", job_id=claim.job_id, pages=pages, bytes=kept.size)


# What went wrong, and what the row says of it; what is not named here is a fault of ours.
_WRONG: tuple[tuple[type[Exception], JobError], ...] = (
    (_UnknownKindError, JobError.UNKNOWN),
    (Http404, JobError.GONE),
    (PermissionDenied, JobError.REFUSED),
    (rendering.TooMuchMemory, JobError.MEMORY),
    (rendering.TooLong, JobError.TIME),
    (rendering.Crashed, JobError.CRASHED),
)


def _fail(claim: _Claim, error: Exception) -> None:
    known = (code for kind, code in _WRONG if isinstance(error, kind))
    code = next(known, JobError.BROKEN)
    if code is JobError.BROKEN:
        log.error("job_broken", job_id=claim.job_id, exc_info=error)
    else:
        log.warning("job_failed", job_id=claim.job_id, why=code.value)
    claim.end(JobState.FAILED, error=code.value)


# Finding what was lost -------------------------------------------------------------------------------


def sweep() -> int:
    """Tell the queue again of work that nobody took, and of work whose worker is gone; how many are waiting now.

    What was begun three times and never finished fails: the next worker would only die of it, too.
    """
    now = timezone.now()
    dead = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - LEASE)
    given_up = dead.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=JobState.FAILED,
        error=JobError.LOST.value,
        claim=None,
        heartbeat_at=None,
        finished_at=now,
    )
    found = _wait_again(dead.filter(attempts__lt=MOST_ATTEMPTS), queued_at=None)
    if given_up or found:
        log.warning("jobs_lost", again=found, given_up=given_up)
    waiting = Job.objects.filter(state=JobState.WAITING)
    for job_id in list(waiting.filter(_to_queue(now)).order_by("pk").values_list("pk", flat=True)):
        waiting.filter(pk=job_id).update(queued_at=now)
        _queue(job_id)
    return waiting.count()


def _to_queue(now: datetime) -> Q:
    return Q(queued_at=None) | Q(queued_at__lt=now - QUEUE_PATIENCE)


def remove_old_results() -> int:
    """Take away results that are old enough, and files that no row names; how many. The rows stay and say so."""
    now = timezone.now()
    old = Job.objects.filter(
        state=JobState.DONE,
        removed_at=None,
        finished_at__lt=now - timedelta(days=settings.RESULT_DAYS),
    )
    removed = 0
    for job_id, name in list(old.values_list("pk", "result_name")):
        if Job.objects.filter(pk=job_id, result_name=name).update(result_name="", removed_at=now):
            stored.remove_result(name)
            removed += 1
    for name in stored.results_before(now - ORPHAN_AGE):
        if not Job.objects.filter(result_name=name).exists():
            stored.remove_result(name)
            removed += 1
    return removed
