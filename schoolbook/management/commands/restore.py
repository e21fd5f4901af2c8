"""`manage.py restore --from FILE`: bring a backup back into an empty database and an empty folder of files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schoolbook.models import School
from schoolbook.pg_tools import Unusable
from schoolbook.selectors import verification
from schoolbook.selectors.verifying import steady
from schoolbook.services import restoring


class Command(BaseCommand):
    """Restore a backup, as the owner role of DATABASE_URL, and verify what came back."""

    help = "Bring a backup back into an empty database and an empty FILES_ROOT, and verify it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("--from", type=Path, required=True, dest="path", help="the backup")

    def handle(self, *_args: Any, path: Path, **_options: Any) -> None:
        """Run."""
        try:
            found = restoring.restore(path)
        except Unusable as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The files cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Restored the backup of {found.made_at}.")
        for table, rows in found.rows.items():
            self.stdout.write(f"{rows:>12} {table}")
        self.stdout.write(f"{found.files:>12} files")
        with steady():
            sentences = list(verification.findings(None, found.heads))
            for sentence in sentences:
                self.stdout.write(sentence)
            for sentence in verification.proofs(School.objects.all(), found.heads, "the backup"):
                self.stdout.write(sentence)
        if sentences:
            raise CommandError(f"{len(sentences)} findings: see above.")
        self.stdout.write("Nothing was found: every row is as it was written.")
