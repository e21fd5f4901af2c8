"""What holds on every page, in every form it has, on narrow and on wide screens.

The pages are walked through once for each width, and everything is noted before anything is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Response

from tests import cast
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.stage import in_database
from tests.browser.watch import Watch
from tests.cast import AN, CHI, LAN, Person
from tests.gradebook.sheets import address

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
    sheet, group = in_database(address), in_database(cast.class_group).pk
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
        ("mark book", CHI, "/marks/"),
        ("history of marks", AN, "/marks/history/"),
        ("a sheet to fill in", CHI, sheet),
        ("a sheet to look at", LAN, sheet),
        ("the sheet of a class", LAN, f"/sheets/classes/{group}/2/"),
        ("403", CHI, f"{school_path}edit/"),
        ("404", AN, "/khong-co/"),
    ]


@pytest.fixture
def site(shared_site: str) -> str:
    """These tests only look."""
    return shared_site


@pytest.fixture
def walk(visit: Visit, watch: Watch, school_path: str) -> Walk:
    """The notes of a walk through every page on a screen of that width."""

    def notes(width: int) -> Notes:
        watch.expect(403, 404)
        pages: dict[Person | None, Page] = {}
        seen = {}
        for name, person, path in sights(school_path):
            page = pages.get(person) or visit(person, width=width)
            pages[person] = page
            seen[name] = look(page, path, watch)
        return seen

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
def test_every_page_fits_the_screen_can_be_heard_and_keeps_the_policy(
    walk: Walk, width: int
) -> None:
    notes = walk(width)
    wide = {name: one.too_far_right for name, one in notes.items() if one.sideways}
    assert wide == {}
    assert {name: one.too_far_right for name, one in notes.items() if one.too_far_right} == {}
    assert {name: one.violations for name, one in notes.items() if one.violations} == {}
    assert {name: one.problems for name, one in notes.items() if one.problems} == {}
    assert all("default-src 'self'" in one.policy for one in notes.values())
    assert not any("unsafe" in one.policy for one in notes.values())
    assert {name: one.status for name, one in notes.items() if one.status != 200} == {
        "403": 403,
        "404": 404,
    }
