"""`manage.py load_demo`: fill an empty database with the demo schools."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from schoolbook import demo


class Command(BaseCommand):
    """Load the demo, unless the database holds a school already."""

    help = "Fill an empty database with the demo schools and write their accounts to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the path of the file."""
        parser.add_argument("--accounts", type=Path, default=demo.ACCOUNTS)
        parser.add_argument("--only", nargs="*", default=[], help="abbreviations of schools")

    def handle(self, *_args: Any, accounts: Path, only: list[str], **_options: Any) -> None:
        """Run."""
        if settings.PRODUCTION:
            raise CommandError("A demo does not belong into a production database.")
        made = demo.load(only)
        if not made:
            self.stdout.write("The database holds schools already; nothing was loaded.")
            return
        demo.save_accounts(made, accounts)
        self.stdout.write(f"The demo is loaded; its accounts are in {accounts}.")
