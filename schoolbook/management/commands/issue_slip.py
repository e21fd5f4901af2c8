"""`manage.py issue_slip`: let somebody in again when nobody at the school can."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schoolbook.context import identified
from schoolbook.errors import Invalid
from schoolbook.management import activation
from schoolbook.models import SlipKind, User
from schoolbook.services import slips


class Command(BaseCommand):
    """Issue an activation slip as the system actor, for the only administrator of a school who is locked out."""

    help = (
        "Print the code with which somebody chooses a new password, a new second factor, or both."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the account and what is to be chosen anew."""
        parser.add_argument("username")
        parser.add_argument("--kind", choices=SlipKind.values, default=SlipKind.BOTH.value)

    def handle(self, *_args: Any, username: str, kind: str, **_options: Any) -> None:
        """Run."""
        try:
            with identified("command-"):
                made = slips.issue_as_operator(
                    username=username, kind=SlipKind(kind), actor=User.objects.system()
                )
        except User.DoesNotExist as error:
            raise CommandError("There is no account of this user name.") from error
        except Invalid as error:
            raise CommandError(" ".join(map(str, error.errors.values()))) from error
        self.stdout.write(activation.instructions(made))
