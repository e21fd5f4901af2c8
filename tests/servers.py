"""PostgreSQL and Valkey of one test run, and the databases in it.

One cluster serves all workers. A template is migrated and given its cast once; every worker works in a clone of it, and
a test that must commit gets a clone of its own, because append-only history cannot be emptied.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dj_database_url
from django.conf import settings
from django.db import connections

from schoolbook.embedded import Postgres, Valkey, throwaway_home

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "schoolbook_template"


@contextmanager
def running() -> Iterator[Path]:
    """Start both servers, prepare the template, and stop and remove everything at the end."""
    with (
        throwaway_home() as home,
        Postgres(home, durable=False) as postgres,
        Valkey(home),
    ):
        postgres.create_database(TEMPLATE)
        run(["manage.py", "migrate", "--verbosity=0"], postgres.url("owner", TEMPLATE))
        run(["-m", "tests.prepare"], postgres.url("app", TEMPLATE))
        yield home


def run(command: list[str], database_url: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url,
    }
    subprocess.run([sys.executable, *command], check=True, cwd=ROOT, env=environment)


def use_database(url: str) -> None:
    """Let Django's connections, those of new threads included, go to this database."""
    connections.close_all()
    parsed = dj_database_url.parse(url)
    host = parsed.setdefault("OPTIONS", {}).pop("host")
    for target in (settings.DATABASES["default"], connections["default"].settings_dict):
        target.update(
            NAME=parsed["NAME"], USER=parsed["USER"], PASSWORD=parsed["PASSWORD"], HOST=host
        )
