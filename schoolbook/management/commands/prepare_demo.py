"""`manage.py prepare_demo 2027-03-10T07:15`: the tables of a demo, and its school clock; run as the owner."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Migrate, then let the clock go on from a moment; one process, because starting one takes a second."""

    help = "Bring the tables of a demo up to date and set its school clock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the moment."""
        parser.add_argument("moment")

    def handle(self, *_args: Any, moment: str, **_options: Any) -> None:
        """Run."""
        call_command("migrate", interactive=False)
        call_command("move_clock", moment, stdout=self.stdout)
