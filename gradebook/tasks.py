"""Work for the queue: one service call each. A task that runs twice does no harm."""

from __future__ import annotations

from celery import shared_task

from gradebook.services import watching
from schoolbook.context import identified
from schoolbook.models import User


@shared_task
def keep_figures() -> int:
    """Keep lateness and the figures of months that are not kept yet; beat asks for it every night (R-109, R-116)."""
    with identified("job-"):
        kept = watching.keep_figures(actor=User.objects.system())
    return kept.lateness + kept.months
