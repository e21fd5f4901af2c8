"""`manage.py describe_permissions`: the whole policy as a page for people, docs/permissions.md."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from schoolbook.rules.permissions import MATRIX, Action, Role
from schoolbook.rules.routes import ROUTES

HEAD = """\
# Permissions

Made from `permissions.py` and `routes.py` in `schoolbook/rules/` by `make permissions`; a test keeps it current. Change
the tables there, never this page.

## Who may do what

A cell says how far the right reaches; an empty one means that the duty does not give it. A person holds the rights of
all duties in force today.
"""


def describe() -> str:
    """The page, in Markdown."""
    lines = [HEAD]
    lines += [f"| right | {' | '.join(Role)} |", "|---|" + "---|" * len(Role)]
    for action in Action:
        cells = [MATRIX[role].get(action, "") for role in Role]
        lines.append(f"| {action} | {' | '.join(cells)} |")
    lines += ["", "## What each address asks for", "", "Any other method is refused with 405.", ""]
    lines += ["| address | method | asks for |", "|---|---|---|"]
    for name, route in sorted(ROUTES.items()):
        lines += [f"| `{name}` | {method} | {need} |" for method, need in route.methods.items()]
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    """Print the page."""

    help = "Print docs/permissions.md."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run."""
        self.stdout.write(describe(), ending="")
