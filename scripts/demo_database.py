"""The demo on somebody's own PostgreSQL, named by DATABASE_URL: make its three roles there, or say why not."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from schoolbook.embedded import ROLES, Role, create_roles
from schoolbook.embedded.places import programs

OLDEST_VERSION = 15
PASSWORDS = "roles.json"


class DemoError(Exception):
    """The demo cannot be served; the message is one sentence that says what to do."""


def prepare_database(url: str, var: Path) -> dict[Role, str]:
    """Make the three roles of the database that `url` names and return its address for each of them.

    The role of `url` must own the database and be allowed to make roles. Roles of these names that somebody else made
    are left alone: their passwords are not ours to change.
    """
    database, server = _inspect(url, var)
    known = _passwords(var).get(server, {})
    passwords = {role: known.get(role) or secrets.token_urlsafe(24) for role in ROLES}
    _store(var, server, passwords)
    psql = shutil.which("psql")
    create_roles(Path(psql) if psql else programs()[0] / "psql", url, database, database, passwords)
    return {role: _as_role(url, f"{database}_{role}", passwords[role]) for role in ROLES}


def forget_database(var: Path) -> None:
    """Refuse to start over while the passwords of roles on another server are ours: they would be lost."""
    if servers := ", ".join(_passwords(var)):
        raise DemoError(
            f"The demo has data and roles on {servers}: drop that database and its three roles there,"
            f" remove {var / PASSWORDS}, then start over."
        )


def _inspect(url: str, var: Path) -> tuple[str, str]:
    """The database's name and a name for it on its server, when everything we need is granted."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            database, version = connection.info.dbname, connection.info.server_version // 10000
            server = f"{connection.info.host}:{connection.info.port}/{database}"
            may_create, owns, existing = connection.execute(
                """
                SELECT (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user),
                       (SELECT pg_has_role(datdba, 'MEMBER') FROM pg_database
                        WHERE datname = current_database()),
                       ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname = ANY(%s))
                """,
                [[f"{database}_{role}" for role in ROLES]],
            ).fetchone() or (False, False, [])
    except psycopg.Error as error:
        raise DemoError(
            f"The database of DATABASE_URL cannot be used ({_first_line(error)}):"
            " set it right, or unset it to use the demo's own PostgreSQL."
        ) from None
    if version < OLDEST_VERSION:
        raise DemoError(f"DATABASE_URL leads to PostgreSQL {version}: at least 15 is needed.")
    if not may_create or not owns:
        raise DemoError(
            "The role of DATABASE_URL must own its database and be allowed to make roles"
            " (ALTER ROLE ... CREATEROLE): name another, or unset DATABASE_URL."
        )
    if existing and server not in _passwords(var):
        raise DemoError(
            f"The roles {', '.join(existing)} exist already and were not made by this demo:"
            " name a database for which there are none."
        )
    return database, server


def _as_role(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    sign_in = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{sign_in}@{host}"))


def _passwords(var: Path) -> dict[str, dict[Role, str]]:
    path = var / PASSWORDS
    stored: dict[str, dict[Role, str]] = json.loads(path.read_text()) if path.exists() else {}
    return stored


def _store(var: Path, server: str, passwords: dict[Role, str]) -> None:
    path = var / PASSWORDS
    content = json.dumps(_passwords(var) | {server: passwords}, indent=2)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
