"""`manage.py tell_demo`: what has happened at the demo schools beside their being set up, above all their marks."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from schoolbook import demo
from schoolbook.models import School


class Command(BaseCommand):
    """Tell the story of each school, several at once: a large one takes as long as all others together.

    What was told before is not told again, so that a demo that was stopped in the middle goes on where it was.
    """

    help = "Fill the books of the demo schools."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the abbreviation of one school."""
        parser.add_argument("--school", help="only this one, in this process")

    def handle(self, *_args: Any, school: str | None, **_options: Any) -> None:
        """Run."""
        if settings.PRODUCTION:
            raise CommandError("A demo does not belong into a production database.")
        if school:
            demo.tell(school)
            return
        sizes = School.objects.annotate(classes=Count("class_groups")).order_by("-classes", "id")
        names = list(sizes.values_list("abbreviation", flat=True))
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            list(pool.map(_tell_apart, names))


def _tell_apart(abbreviation: str) -> None:
    """Tell one school's in a process of its own."""
    command = [sys.executable, "manage.py", "tell_demo", "--school", abbreviation]
    subprocess.run(command, check=True, cwd=settings.BASE_DIR)  # noqa: S603 - our own command
