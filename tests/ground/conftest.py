"""Servers and folders for the tests of what everything else stands on. Django and its database are not needed here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from schoolbook.embedded import Postgres, remove_home, throwaway_home


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """A folder that the servers' user can enter, too."""
    with throwaway_home() as folder:
        yield folder


@pytest.fixture
def place(ground: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A home for one test's servers, not made yet."""
    folder = ground / request.node.name.replace("/", "-")[:40]
    yield folder
    remove_home(folder)


@pytest.fixture(scope="module")
def server(ground: Path) -> Iterator[Postgres]:
    """A running PostgreSQL with a database called `school`; tests do not stop it."""
    with Postgres(ground / "shared", durable=False) as postgres:
        postgres.create_database("school")
        yield postgres
