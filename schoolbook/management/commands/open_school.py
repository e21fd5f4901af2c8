"""`manage.py open_school`: enter a school and its first administrator on a new installation."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schoolbook import clock
from schoolbook.context import identified
from schoolbook.errors import Invalid
from schoolbook.management import activation
from schoolbook.models import User
from schoolbook.rules.subjects import Level
from schoolbook.services import schools


class Command(BaseCommand):
    """Enter a school; its administrator gets an activation slip, so that not even the operator knows a password."""

    help = "Enter a school and its first administrator, and print the code with which that person chooses a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the particulars that books print, and the name of the administrator."""
        parser.add_argument("--name", required=True)
        parser.add_argument("--abbreviation", required=True)
        parser.add_argument("--level", required=True, choices=[level.value for level in Level])
        parser.add_argument("--district", required=True, help="abbreviation of district or commune")
        parser.add_argument("--address", required=True)
        parser.add_argument("--address-before", default="")
        parser.add_argument("--admin", required=True, help="full name of the administrator")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run."""
        particulars = schools.Particulars(
            name=options["name"],
            abbreviation=options["abbreviation"],
            address_before=options["address_before"],
            address_since=options["address"],
        )
        try:
            with identified("command-"):
                made = schools.open_with_admin(
                    particulars,
                    level=Level(options["level"]),
                    district=options["district"],
                    admin_name=options["admin"],
                    first_day=clock.today(),
                    actor=User.objects.system(),
                )
        except Invalid as error:
            sentences = [f"{name}: {sentence}" for name, sentence in error.errors.items()]
            raise CommandError("\n".join(sentences)) from error
        self.stdout.write("The school is open.")
        self.stdout.write(activation.instructions(made))
