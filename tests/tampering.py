"""Writing past everything, as only a superuser of the database can; and what `verify_audit` says of it."""

from __future__ import annotations

from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import CommandError, call_command


def tamper(committed: Any, *statements: str) -> None:
    """Run these statements with every trigger and foreign key asleep."""
    with closing(psycopg.connect(committed.superuser_url())) as session, session.transaction():
        session.execute("SET session_replication_role = replica")
        for statement in statements:
            session.execute(statement)


def as_superuser(committed: Any, *statements: str) -> None:
    """Run these statements with the triggers that are there."""
    with closing(psycopg.connect(committed.superuser_url())) as session, session.transaction():
        for statement in statements:
            session.execute(statement)


def verdict(**options: Any) -> tuple[list[str], bool]:
    """What `verify_audit` prints, line by line, and whether it exits 0."""
    out = StringIO()
    try:
        call_command("verify_audit", stdout=out, **options)
    except CommandError as error:
        return out.getvalue().splitlines(), error.returncode == 0
    return out.getvalue().splitlines(), True


def said(**options: Any) -> list[str]:
    """The findings; there has to be one."""
    lines, clean = verdict(**options)
    assert not clean, lines
    return lines


def assert_clean(**options: Any) -> list[str]:
    """What it prints when nothing is to be found."""
    lines, clean = verdict(**options)
    assert clean, lines
    return lines


def export(path: Path, **options: Any) -> Path:
    """The heads of now, in a file that is kept."""
    call_command("export_heads", out=path, stdout=StringIO(), **options)
    return path
