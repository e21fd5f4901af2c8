"""`manage.py reseal`: record that a restore lost heads that were kept, so that they are no sign of tampering."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.http import Http404

from schoolbook.context import identified
from schoolbook.errors import Invalid
from schoolbook.management import kept
from schoolbook.models import User
from schoolbook.services import chain


class Command(BaseCommand):
    """Seal the chains of a school anew, in the name of one of its leaders or administrators."""

    help = "Record, as an act of the school, that a restore lost heads that were kept elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the school, the kept heads, why, and who says so."""
        parser.add_argument("--school", required=True, help="its abbreviation")
        parser.add_argument("--heads", type=Path, required=True)
        parser.add_argument("--reason", required=True)
        parser.add_argument("--user", required=True, help="user name of a leader or administrator")

    def handle(
        self, *_args: Any, school: str, heads: Path, reason: str, user: str, **_options: Any
    ) -> None:
        """Run."""
        one, known = kept.school(school), kept.read(heads)
        try:
            actor = User.objects.get_by_natural_key(user)
            with identified("command-"):
                row = chain.reseal(school=one, kept=known, reason=reason, actor=actor)
                chain.gather(school=one, actor=User.objects.system())
        except User.DoesNotExist as error:
            raise CommandError("There is no account of this user name.") from error
        except (Http404, PermissionDenied) as error:
            raise CommandError(
                "Name an active leader or administrator of this school, with a second factor."
            ) from error
        except Invalid as error:
            raise CommandError(" ".join(map(str, error.errors.values()))) from error
        self.stdout.write(
            f"Sealed anew after head {row.since}; heads listed as lost: {len(row.lost)}."
            " Export the heads again and keep them."
        )
