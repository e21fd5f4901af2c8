"""Narrow screens, wide screens, paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, Visit
from tests.browser.words import label, say
from tests.cast import AN


@pytest.fixture
def site(shared_site: str) -> str:
    """These tests only look."""
    return shared_site


def test_the_open_menu_stays_on_a_narrow_screen(visit: Visit) -> None:
    page = visit(AN, width=NARROW)
    page.goto("/")
    page.get_by_role("banner").locator("summary").click()
    expect(page.get_by_role("button", name=say("Sign out"))).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_letters_twice_as_large_fit_a_screen_of_twice_the_width(
    visit: Visit, school_path: str
) -> None:
    page = visit(AN, width=2 * NARROW)
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.goto(school_path)
    expect(page.locator("html")).to_have_css("font-size", "32px")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_paper_there_is_the_school_and_its_history_and_nothing_to_press(
    visit: Visit, school_path: str
) -> None:
    page = visit(AN)
    page.goto(school_path)
    navigation = page.get_by_role("navigation", name=say("Main navigation"))
    save = page.get_by_role("button", name=say("Save"), exact=True)
    expect(navigation).to_be_visible()
    expect(save).to_be_visible()

    page.emulate_media(media="print")
    expect(navigation).to_be_hidden()
    expect(save).to_be_hidden()
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("textbox", name=label("name"), exact=True)).to_be_visible()
    expect(page.locator("#history")).to_be_visible()
