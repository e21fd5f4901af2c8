"""What holds on every page, in every form it has, on narrow and on wide screens.

The pages are walked through once for each width; each test then looks at one thing that was noted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Response

from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.watch import Watch
from tests.cast import AN, CHI, Person

# What stands further to the right than the screen, unless it lies in something that scrolls by itself.
TOO_FAR_RIGHT = """() => [...document.body.querySelectorAll("*")]
    .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
    .filter(element => !element.closest(".table-scroll, .visually-hidden, .bar nav"))
    .map(element => element.outerHTML.slice(0, 120))"""


@dataclass(frozen=True)
class Note:
    """What was seen of one page."""

    status: int
    policy: str
    sideways: bool
    too_far_right: list[str]
    violations: list[str]
    problems: list[str]


Notes = dict[str, Note]
Walk = Callable[[int], Notes]


def sights(school_path: str) -> list[tuple[str, Person | None, str]]:
    """Every page as somebody sees it: a name for it, who, where."""
    return [
        ("sign-in", None, "/sign-in/"),
        ("home", AN, "/"),
        ("the school to change", AN, school_path),
        ("the school to read", CHI, school_path),
        ("gallery", AN, "/gallery/"),
        ("activation", None, "/activate/"),
        ("own account", AN, "/account/"),
        ("own second factor", CHI, "/account/second-factor/"),
        ("statement", CHI, "/account/statement/"),
        ("accounts", AN, "/accounts/"),
        ("a new account", AN, "/accounts/open/"),
        ("rights given", AN, "/rights/"),
        ("403", CHI, f"{school_path}edit/"),
        ("404", AN, "/khong-co/"),
    ]


@pytest.fixture
def site(shared_site: str) -> str:
    """These tests only look."""
    return shared_site


@pytest.fixture(scope="module")
def walks() -> dict[int, Notes]:
    """What was noted already."""
    return {}


@pytest.fixture
def walk(visit: Visit, watch: Watch, school_path: str, walks: dict[int, Notes]) -> Walk:
    """The notes of a walk through every page on a screen of that width."""

    def notes(width: int) -> Notes:
        if width not in walks:
            watch.expect(403, 404)
            pages: dict[Person | None, Page] = {}
            walks[width] = {}
            for name, person, path in sights(school_path):
                page = pages.get(person) or visit(person, width=width)
                pages[person] = page
                walks[width][name] = look(page, path, watch)
        return walks[width]

    return notes


def look(page: Page, path: str, watch: Watch) -> Note:
    """Open a page and note what there is to be seen."""
    answer = send_form(page, path) if path.endswith("/edit/") else page.goto(path)
    assert answer is not None
    note = Note(
        status=answer.status,
        policy=answer.headers.get("content-security-policy", ""),
        sideways=page.evaluate("document.documentElement.scrollWidth > innerWidth"),
        too_far_right=page.evaluate(TOO_FAR_RIGHT),
        violations=violations(page),
        problems=list(watch.problems),
    )
    watch.problems.clear()
    return note


# Somebody who may look but not change has no such form; whoever sends one all the same gets a page that says why not.
SEND = """action => {
  const form = Object.assign(document.createElement("form"), { method: "post", action });
  const token = document.querySelector("meta[name=csrf-token]").content;
  form.append(Object.assign(document.createElement("input"), { name: "csrfmiddlewaretoken", value: token }));
  document.body.append(form);
  form.submit();
}"""


def send_form(page: Page, path: str) -> Response | None:
    page.goto(path.removesuffix("edit/"))
    with page.expect_navigation() as answered:
        page.evaluate(SEND, path)
    return answered.value


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_no_page_scrolls_sideways_or_is_cut_off(walk: Walk, width: int) -> None:
    assert {
        name: note.too_far_right
        for name, note in walk(width).items()
        if note.sideways or note.too_far_right
    } == {}


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_axe_finds_nothing_on_any_page(walk: Walk, width: int) -> None:
    assert {name: note.violations for name, note in walk(width).items() if note.violations} == {}


def test_every_page_has_the_policy_and_keeps_it_and_asks_nobody_else(walk: Walk) -> None:
    notes = walk(WIDE)
    assert {name: note.problems for name, note in notes.items() if note.problems} == {}
    assert all("default-src 'self'" in note.policy for note in notes.values())
    assert not any("unsafe" in note.policy for note in notes.values())
    assert {name: note.status for name, note in notes.items() if note.status != 200} == {
        "403": 403,
        "404": 404,
    }
