"""`manage.py verify_audit`: whether every row that has a trace is as it was written."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schoolbook.management import kept
from schoolbook.models import School
from schoolbook.selectors import verification
from schoolbook.selectors.verifying import steady

MOST_PRINTED = 100


class Command(BaseCommand):
    """Go through all chains, rows and guards; exits 1 with a sentence for each finding, and 0 when there is none."""

    help = "Verify the chains of history: say what was changed, removed, put in or rewritten, and where."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the school, the file of kept heads, and how many findings are printed."""
        parser.add_argument("--school", help="only this one, by its abbreviation")
        parser.add_argument("--heads", type=Path, help="heads kept elsewhere, from export_heads")
        parser.add_argument(
            "--limit", type=int, default=MOST_PRINTED, help="print so many findings at most"
        )

    def handle(
        self,
        *_args: Any,
        school: str | None,
        heads: Path | None,
        limit: int,
        **_options: Any,
    ) -> None:
        """Run."""
        only = kept.school(school) if school else None
        known = kept.read(heads) if heads else []
        found = 0
        with steady():
            for sentence in verification.findings(only, known):
                found += 1
                if found <= limit:
                    self.stdout.write(sentence)
            schools = [only] if only else list(School.objects.order_by("abbreviation"))
            for sentence in verification.proofs(schools, known, str(heads)):
                self.stdout.write(sentence)
        if found > limit:
            self.stdout.write(f"… and {found - limit} more")
        if found:
            raise CommandError(f"{found} findings: something was written past Schoolbook.")
        self.stdout.write("Nothing was found: every row is as it was written.")
