"""What every test can ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from schoolbook.embedded import Postgres, Valkey
from schoolbook.services import sessions
from tests import cast, servers

STACK = ExitStack()
HOME: list[Path] = []


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Under xdist, start the servers once, before the first worker."""
    if not HOME:
        HOME.append(STACK.enter_context(servers.running()))
    node.workerinput["home"] = str(HOME[0])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers with the last worker."""
    STACK.close()


@pytest.fixture(scope="session")
def home(request: pytest.FixtureRequest) -> Path:
    """Where the servers of this run live; without xdist they start when first asked for."""
    given = getattr(request.config, "workerinput", {}).get("home")
    if given:
        return Path(given)
    if not HOME:
        HOME.append(STACK.enter_context(servers.running()))
    return HOME[0]


@pytest.fixture(scope="session")
def postgres(home: Path) -> Postgres:
    """The PostgreSQL cluster of this run; it is running, do not start or stop it."""
    return Postgres(home, durable=False)


@pytest.fixture(scope="session")
def valkey(home: Path) -> Valkey:
    """The Valkey of this run; it is running, do not start or stop it."""
    return Valkey(home)


@pytest.fixture(scope="session")
def django_db_setup(postgres: Postgres, worker_id: str) -> Iterator[None]:
    """Replace pytest-django's own: clone the template for this worker, and sign in as the app role."""
    name = f"schoolbook_{worker_id}"
    postgres.clone_database(servers.TEMPLATE, name)
    servers.use_database(postgres.url("app", name))
    yield
    connections.close_all()
    postgres.drop_database(name)


@pytest.fixture(scope="session", autouse=True)
def kept_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for the files that the school keeps."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        yield Path(settings.MEDIA_ROOT)


class Committed:
    """A database in which a test may commit: a clone of the template, for this test alone."""

    def __init__(self, postgres: Postgres, name: str) -> None:
        self.postgres, self.name = postgres, name

    def url(self, role: Any) -> str:
        """The address for one of the three roles."""
        return self.postgres.url(role, self.name)

    def superuser_url(self) -> str:
        """The address for the superuser of the cluster, who may do what nobody else can."""
        return self.postgres.superuser_url(self.name)


@pytest.fixture
def committed(
    postgres: Postgres, worker_id: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Committed]:
    """Give the test a database of its own, and real transactions."""
    name = f"schoolbook_{worker_id}_committed"
    usual = f"schoolbook_{worker_id}"
    postgres.clone_database(servers.TEMPLATE, name)
    with django_db_blocker.unblock():
        servers.use_database(postgres.url("app", name))
        yield Committed(postgres, name)
        servers.use_database(postgres.url("app", usual))
    postgres.drop_database(name)


def show_second_factor(client: Client) -> None:
    """Mark the session as one in which the second factor was shown just now."""
    session = client.session
    sessions.note_second_factor(session)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)


@pytest.fixture
def as_person() -> Callable[[cast.Person], Client]:
    """A browser without a face, signed in as somebody of the cast."""

    def sign_in(person: cast.Person) -> Client:
        client = Client()
        client.force_login(cast.user(person), "django.contrib.auth.backends.ModelBackend")
        if person in cast.WITH_SECOND_FACTOR:
            show_second_factor(client)
        return client

    return sign_in


class Clock:
    """The real time, as everything asks for it, moved by as much as a test says."""

    def __init__(self) -> None:
        self._real, self._ahead = timezone.now, timedelta()

    def now(self) -> datetime:
        """What time it is."""
        return self._real() + self._ahead

    def forward(self, **duration: float) -> None:
        """Let time pass, for instance `minutes=31`."""
        self._ahead += timedelta(**duration)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let a test move the time without waiting."""
    moved = Clock()
    monkeypatch.setattr(timezone, "now", moved.now)
    return moved


@pytest.fixture
def exactly_queries() -> Callable[[int], AbstractContextManager[None]]:
    """Assert a number of queries, and show every one of them when it is another."""

    @contextmanager
    def assert_queries(expected: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        statements = "\n".join(query["sql"] for query in captured.captured_queries)
        assert len(captured) == expected, f"{len(captured)} queries:\n{statements}"

    return assert_queries
