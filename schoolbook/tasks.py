"""Work for the queue: an id in, one service call. A task that runs twice does no harm."""

from __future__ import annotations

from celery import shared_task

from schoolbook.context import identified
from schoolbook.services import sessions


@shared_task
def clear_expired_sessions() -> int:
    """Remove sessions whose time is over; beat asks for it every hour."""
    with identified("job-"):
        return sessions.clear_expired()
