"""`manage.py export_heads`: the gathered heads, to be kept where nobody who can write the database can write."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schoolbook.management import kept
from schoolbook.models import Gathering, School
from schoolbook.selectors import chain
from schoolbook.whole_files import written_whole


class Command(BaseCommand):
    """Print a line for each school: its newest gathering, which proves all before it; or a line for every gathering."""

    help = "Print the newest head of each school, to be kept elsewhere and given to verify_audit --heads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the school, where to write, and whether all heads are wanted."""
        parser.add_argument("--school", help="only this one, by its abbreviation")
        parser.add_argument("--out", type=Path, help="write to this file instead")
        parser.add_argument("--all", action="store_true", help="every gathering, not the newest")

    def handle(self, *_args: Any, school: str | None, out: Path | None, **options: Any) -> None:
        """Run."""
        schools = [kept.school(school)] if school else list(School.objects.all())
        rows = chain.newest_of_each(schools)
        if options["all"]:
            rows = Gathering.objects.filter(school__in=schools)
        heads = chain.kept(rows)
        if out is None:
            for head in heads:
                self.stdout.write(head.line())
            return
        try:
            with written_whole(out) as file:
                file.writelines(f"{head.line()}\n".encode() for head in heads)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"The heads are in {out}.")
