"""One life of a PostgreSQL, told as JSON: `python -m tests.ground.journey FOLDER [USER]`, as that user if one is named.

It is a process of its own because a process that gave up root cannot take it back. What it needs from the checkout is
read before, since the user may not look there.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import sys
from pathlib import Path

import psycopg

from schoolbook.embedded import Postgres, postgres
from schoolbook.embedded.places import programs


def become(user: str) -> None:
    """Give up root for good."""
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def refused(url: str) -> bool:
    """Tell whether the server refuses a sign-in because of the password."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError as error:
        return "password" in str(error)
    return False


def live(server: Postgres) -> dict[str, object]:
    """Start, make a database, sign in rightly and wrongly, stop, start again and look whether all is there."""
    with server:
        server.create_database("school")
        with psycopg.connect(server.url("owner", "school")) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('Nguyễn')")
        first = server.pid()
        url = server.url("app", "school")
        wrong = refused(url.replace(":", ":x", 2).replace(":x//", "://"))
        nothing = refused(
            server.superuser_url().partition("//")[0]
            + f"//postgres@/postgres?host={server.sockets}"
        )
    with server, psycopg.connect(server.url("owner", "school")) as connection:
        kept = connection.execute("SELECT word FROM kept").fetchone()
        second = server.pid()
    return {
        "runs_as": server.data.stat().st_uid,
        "wrong_password_refused": wrong,
        "no_password_refused": nothing,
        "kept": kept and kept[0],
        "restarted": first != second,
        "ended": server.pid() is None and not Path(f"/proc/{second}").exists(),
    }


def main(folder: Path, user: str | None) -> None:
    """Live once, in this folder."""
    binaries = programs()[0]
    postgres.CREATE_ROLES = Path(shutil.copy(postgres.CREATE_ROLES, folder))
    postgres.CREATE_ROLES.chmod(0o644)
    os.chdir(folder)
    if user:
        become(user)
    print(json.dumps(live(Postgres(folder / "home", durable=False, program_folder=binaries))))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
