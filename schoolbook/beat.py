"""Celery's beat, which also shows by the time of its files that it lives: the health check reads it.

Whether saving an unchanged schedule touches its file depends on the database library that Python was built with.
"""

from __future__ import annotations

from pathlib import Path

from celery.beat import PersistentScheduler


class Scheduler(PersistentScheduler):
    """Keeps the schedule in a file, and gives that file a new time whenever it saves."""

    def sync(self) -> None:
        """Save what was last run when, and touch what was saved."""
        super().sync()
        schedule = Path(self.schedule_filename)  # type: ignore[attr-defined]
        for file in schedule.parent.glob(f"{schedule.name}*"):
            file.touch()
