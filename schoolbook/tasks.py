"""Work for the queue: an id in, one service call. A task that runs twice does no harm."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from schoolbook.context import identified
from schoolbook.models import User
from schoolbook.services import backups, chain, jobs, mail, sessions


@shared_task
def clear_expired_sessions() -> int:
    """Remove sessions whose time is over; beat asks for it every hour."""
    with identified("job-"):
        return sessions.clear_expired()


@shared_task
def gather_heads() -> int:
    """Gather the heads of every school's chains; however late or often, each head once."""
    with identified("job-"):
        return chain.gather_all(actor=User.objects.system())


@shared_task
def back_up() -> bool:
    """Make the backup of the night, where a folder is set; a second one of the same day is not made."""
    if not settings.BACKUP_FOLDER:
        return False
    with identified("job-"):
        return backups.nightly(settings.BACKUP_FOLDER, timezone.localdate()) is not None


@shared_task
def run_job(job_id: int) -> None:
    """Do one piece of long work; a message that comes twice finds it taken."""
    with identified("job-"):
        jobs.run(job_id)


@shared_task
def sweep_jobs() -> int:
    """Find long work that was lost; beat asks for it every minute."""
    with identified("job-"):
        return jobs.sweep()


@shared_task
def remove_old_results() -> int:
    """Take away results of long work that are old; beat asks for it every hour."""
    with identified("job-"):
        return jobs.remove_old_results()


@shared_task
def send_mail(user_ids: list[int], *, subject: str, text: str, path: str) -> int:
    """Send news to people by e-mail; a second time it is sent again, which does no harm."""
    with identified("job-"):
        return mail.send(user_ids, subject=subject, text=text, path=path)
