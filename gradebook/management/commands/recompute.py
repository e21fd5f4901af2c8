"""`manage.py recompute`: prove that stored results are what the marks give, or make them so."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gradebook.selectors.recomputing import Difference
from gradebook.services import recomputing
from schoolbook.context import identified
from schoolbook.models import School, User


class Command(BaseCommand):
    """Compare, name every difference, and store what differs unless it is only checked."""

    help = "Compare stored results with those that the marks give; store what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the school, and whether to check only."""
        parser.add_argument("--check", action="store_true", help="only compare; 1 on a difference")
        parser.add_argument("--school", help="abbreviation; all schools without it")

    def handle(self, *_args: Any, check: bool, school: str | None, **_options: Any) -> None:
        """Run. Raises CommandError, which ends with 1, for an unknown school and when a check finds a difference."""
        chosen = _school(school)
        count = found = 0
        with identified("command-"):
            if check:
                parts = recomputing.check(chosen)
            else:
                system = User.objects.system()
                parts = recomputing.repair(chosen, actor=system, reason="manage.py recompute")
            for part in parts:
                count += part.count
                found += len(part.differences)
                for one in part.differences:
                    self.stdout.write(line(one))
        if check and found:
            raise CommandError(f"{count} results compared, {found} differ.")
        done = "none differs" if not found else f"{found} stored anew"
        self.stdout.write(f"{count} results compared, {done}.")


def line(one: Difference) -> str:
    """A difference in one line."""
    where = f"{one.school}, {one.class_name}, {one.subject}, {one.student_code}, {one.period}"
    return f"{where}: stored {one.stored or 'nothing'}, computed {one.computed}"


def _school(abbreviation: str | None) -> School | None:
    if abbreviation is None:
        return None
    found = School.objects.filter(abbreviation=abbreviation).first()
    if found is None:
        raise CommandError("There is no school of this abbreviation.")
    return found
