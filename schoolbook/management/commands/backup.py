"""`manage.py backup --to FOLDER`: database, files and heads in one file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schoolbook.pg_tools import Unusable
from schoolbook.services import backups


class Command(BaseCommand):
    """Make a backup, as the owner role: of BACKUP_DATABASE_URL, or where it is not set of DATABASE_URL."""

    help = "Write a backup of the database, the files and the heads into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("--to", type=Path, required=True, help="a folder; made if missing")

    def handle(self, *_args: Any, to: Path, **_options: Any) -> None:
        """Run."""
        try:
            made = backups.make(to)
        except Unusable as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{to} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"The backup is {made}. Keep it elsewhere: it holds everything.")
