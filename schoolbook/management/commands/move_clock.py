"""`manage.py move_clock 2027-03-10T07:15`: let the school clock of a demo go on from that moment."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schoolbook import clock
from schoolbook.models import ClockOffset


class Command(BaseCommand):
    """Move the clock; run as the owner of the database."""

    help = "Let the school clock of a demo go on from a moment (2027-03-10T07:15, Viet Nam)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the moment."""
        parser.add_argument("moment")

    def handle(self, *_args: Any, moment: str, **_options: Any) -> None:
        """Run."""
        if settings.PRODUCTION or settings.MODE != "demo":
            raise CommandError("Only the clock of a demo can be moved.")
        try:
            wanted = timezone.make_aware(datetime.fromisoformat(moment))
        except ValueError:
            raise CommandError(
                f"{moment!r} is no moment: write it like 2027-03-10T07:15."
            ) from None
        clock.move_to(wanted, kind=ClockOffset.Kind.DEMO)
        self.stdout.write(f"The school clock shows {wanted:%H:%M %d/%m/%Y}.")
