"""What somebody without a mouse meets first."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.watch import Watch
from tests.browser.words import label, say
from tests.cast import AN


@pytest.fixture
def site(shared_site: str) -> str:
    """These tests change nothing."""
    return shared_site


def test_the_first_tab_offers_to_skip_to_the_content(visit: Visit, school_path: str) -> None:
    page = visit(AN)
    page.goto(school_path)
    skip = page.get_by_role("link", name=say("Skip to the content"))
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    first = page.get_by_role("main").locator("a, button, input:not([type=hidden]), textarea").first
    expect(first).to_be_focused()


def test_the_focus_is_seen_on_everything_that_tab_reaches(visit: Visit, school_path: str) -> None:
    page = visit(AN)
    page.goto(school_path)
    unseen, reached = [], 0
    page.keyboard.press("Tab")
    while (state := look_at_focus(page)) is not None:
        reached += 1
        if not state["changed"]:
            unseen.append(state["html"])
        page.keyboard.press("Tab")
    assert unseen == []
    assert reached >= 12  # skip, brand, two places, language, menu, five fields, save


def test_saving_with_the_keyboard_leaves_the_focus_on_the_button(
    visit: Visit, school_path: str
) -> None:
    button = tab_to_saving(page := visit(AN), school_path)
    page.keyboard.press("Enter")  # the same particulars again: that is no change
    expect(page.get_by_role("status")).to_have_text(say("Saved"))
    expect(button).to_be_focused()


def test_saving_without_a_connection_leaves_the_focus_on_the_button(
    visit: Visit, watch: Watch, school_path: str
) -> None:
    button = tab_to_saving(page := visit(AN), school_path)
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(say("No connection"))
    expect(alert).to_be_in_viewport()
    expect(button).to_be_focused()
    watch.problems.clear()


def test_a_click_with_the_mouse_draws_no_ring_around_a_link(visit: Visit) -> None:
    page = visit(AN)
    page.goto("/")
    link = page.get_by_role("link", name=say("Schoolbook"))
    link.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    link.click()
    expect(link).to_be_focused()
    expect(link).to_have_css("box-shadow", "none")


def tab_to_saving(page: Page, school_path: str) -> Locator:
    """Give a reason and go from there to the button with the keyboard."""
    page.goto(school_path)
    page.get_by_role("textbox", name=label("Reason"), exact=True).fill("Quyết định số 128")
    button = page.get_by_role("button", name=say("Save"), exact=True)
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    return button


def look_at_focus(page: Page) -> dict[str, object] | None:
    """Whether the focused element looks other than it does without the focus; None past the end of the page."""
    seen: dict[str, object] | None = page.evaluate(
        """() => {
            const element = document.activeElement;
            if (element === document.body || element.dataset.visited) return null;
            element.dataset.visited = "yes";
            const look = () => {
                const {outlineStyle, outlineColor, boxShadow, top} = getComputedStyle(element);
                return JSON.stringify([outlineStyle, outlineColor, boxShadow, top]);
            };
            const focused = look();
            element.blur();
            const changed = look() !== focused;
            element.focus();
            return {changed, html: element.outerHTML.slice(0, 120)};
        }"""
    )
    return seen
