"""A site, a browser, and people in front of it.

    def test_something(visit: Visit) -> None:
        page = visit(AN)          # a new browser, signed in as An; visit() is signed in as nobody
        page.goto("/")

The body of a browser test runs in the browser's thread: see `stage`. Rows come from `in_database`. What goes wrong in
the browser fails the test; an answer of 400 and above is announced by `watch.expect(422)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from schoolbook.embedded import Postgres
from scripts.setup import CHECKOUT, Setup, only_one
from tests import cast, servers
from tests.browser.server import serving
from tests.browser.stage import Stage, context_options, in_database
from tests.browser.watch import Watch
from tests.browser.words import label, say
from tests.cast import Person
from tests.conftest import Committed, show_second_factor

WIDE, NARROW = 1280, 360
PATIENCE = 15_000  # milliseconds until something that does not come counts as missing


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run the body of a test that uses the browser in the browser's thread."""
    stage = pyfuncitem.funcargs.get("stage")
    if not isinstance(stage, Stage):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    try:
        stage.run(pyfuncitem.obj, **{name: pyfuncitem.funcargs[name] for name in names})
    except BaseException:
        if isinstance(watch := pyfuncitem.funcargs.get("watch"), Watch):
            watch.dismissed = True
        raise
    return True


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """The one Chromium of this worker."""
    stage = Stage()
    expect.set_options(timeout=PATIENCE)
    yield stage
    stage.close()


@pytest.fixture(scope="session")
def static_files() -> None:
    """Collect the static files anew if a source has changed since `make setup`."""
    with only_one(CHECKOUT / "var" / "setup.lock"):
        Setup(CHECKOUT, "development").static_files().run()


@pytest.fixture
def site(committed: Committed, static_files: None) -> Iterator[str]:
    """The origin of a site on a database of this test's own."""
    with serving() as origin:
        yield origin


@pytest.fixture(scope="session")
def shared_database(postgres: Postgres, worker_id: str, django_db_setup: None) -> Iterator[str]:
    """A database for tests that change nothing of the school: a clone for each would cost them 0.4 s."""
    name = f"schoolbook_{worker_id}_shared"
    postgres.clone_database(servers.TEMPLATE, name)
    yield name
    postgres.drop_database(name)


@pytest.fixture
def shared_site(
    postgres: Postgres,
    worker_id: str,
    shared_database: str,
    static_files: None,
    django_db_blocker: Any,
) -> Iterator[str]:
    """The origin of a site that is only looked at; a module of such tests makes it its `site`."""
    with django_db_blocker.unblock():
        servers.use_database(postgres.url("app", shared_database))
        with serving() as origin:
            yield origin
        servers.use_database(postgres.url("app", f"schoolbook_{worker_id}"))


@pytest.fixture
def watch(site: str) -> Iterator[Watch]:
    """What went wrong in the browsers of this test; anything fails it."""
    watch = Watch(site)
    yield watch
    assert watch.dismissed or watch.verdict() == []


class Visit(Protocol):
    """Opens a new browser: signed in as the person, on a screen of that width."""

    def __call__(self, person: Person | None = None, *, width: int = WIDE, **options: Any) -> Page:
        """Give the first page of that browser."""
        ...


@pytest.fixture
def visit(stage: Stage, site: str, watch: Watch) -> Iterator[Visit]:
    """Open browsers; see the module."""
    contexts: list[BrowserContext] = []

    def open_browser(person: Person | None = None, *, width: int = WIDE, **options: Any) -> Page:
        context = stage.browser.new_context(**context_options(width, base_url=site, **options))
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watch.follow(context)
        if person:
            value = in_database(lambda: session(person))
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": value, "url": site}])
        return context.new_page()

    yield open_browser
    for context in contexts:
        stage.run(context.close)


@pytest.fixture
def school_path(site: str) -> str:
    """Where Sông Lam's particulars are."""
    return reverse("schoolbook:school", kwargs={"school_id": cast.song_lam().pk})


def session(person: Person) -> str:
    """The key of a new session of this person."""
    client = Client()
    client.force_login(cast.user(person), "django.contrib.auth.backends.ModelBackend")
    if person in cast.WITH_SECOND_FACTOR:
        show_second_factor(client)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def sign_in(page: Page, person: Person, password: str = cast.PASSWORD) -> None:
    """Sign in as a person does, on the page of the form; who has a second factor shows it after the right password."""
    page.get_by_label(label("user name")).fill(person.username)
    page.get_by_label(say("Password"), exact=True).fill(password)
    page.get_by_role("button", name=say("Sign in"), exact=True).click()
    if person in cast.WITH_SECOND_FACTOR and password == cast.PASSWORD:
        page.get_by_label(say("Code"), exact=True).fill(cast.code())
        page.get_by_role("button", name=say("Continue"), exact=True).click()
