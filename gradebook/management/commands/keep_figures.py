"""`manage.py keep_figures`: keep lateness and the figures of months now, as the job of every night does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from gradebook.services import watching
from schoolbook.context import identified
from schoolbook.models import User


class Command(BaseCommand):
    """Run the job by hand, for instance after the queue stood still: what it keeps is the same as in time."""

    help = "Keep what was missing when windows closed, and the figures of months that are over."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run, and say how many rows were kept."""
        with identified("command-"):
            kept = watching.keep_figures(actor=User.objects.system())
        self.stdout.write(f"lateness: {kept.lateness} rows kept, months: {kept.months}")
