"""Coming in and going out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests import cast
from tests.browser.conftest import Visit, sign_in
from tests.browser.words import label, say
from tests.cast import AN

REFUSED = (
    "This user name and password do not match. "
    "Mind capital letters, and the Vietnamese keyboard if it is on."
)

with_and_without_javascript = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with JavaScript", "without"]
)


def greeted(page: Page) -> None:
    """The home page, and nobody else's."""
    expect(page).to_have_url("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        say("Hello, %(name)s", name=AN.full_name)
    )


@with_and_without_javascript
def test_a_person_signs_in_and_out(visit: Visit, javascript: bool) -> None:
    page = visit(java_script_enabled=javascript)
    page.goto("/")
    sign_in(page, AN)
    greeted(page)

    page.get_by_role("banner").get_by_text(AN.full_name).first.click()
    page.get_by_role("button", name=say("Sign out")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Sign in"))
    page.goto("/")
    expect(page).to_have_url("/sign-in/?next=/")


@with_and_without_javascript
def test_a_wrong_password_is_refused_in_place_and_keeps_the_user_name(
    visit: Visit, javascript: bool
) -> None:
    page = visit(java_script_enabled=javascript)
    page.goto("/sign-in/")
    sign_in(page, AN, "sai-mat-khau")

    expect(page.get_by_role("main")).to_contain_text(say(REFUSED))
    expect(page.get_by_label(label("user name"))).to_have_value(AN.username)
    expect(page.get_by_label(say("Password"), exact=True)).to_have_value("")
    if javascript:
        expect(page.get_by_role("group", name=say("You are not signed in yet"))).to_be_focused()

    sign_in(page, AN)
    greeted(page)


def test_the_keyboard_alone_signs_in_and_out(visit: Visit) -> None:
    page = visit()
    page.goto("/sign-in/")
    expect(page.get_by_label(label("user name"))).to_be_focused()
    page.keyboard.type(AN.username)
    page.keyboard.press("Tab")
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label(say("Code"), exact=True)).to_be_focused()
    page.keyboard.type(cast.code())
    page.keyboard.press("Enter")
    greeted(page)

    menu = page.get_by_role("banner").locator("summary")
    press_tab_until_focused(page, "summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=say("Sign out"))).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=say("Your account"))).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=say("Your prints"))).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=say("Sign out"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/sign-in/")


def test_a_password_is_shown_only_while_asked_for(visit: Visit) -> None:
    page = visit()
    page.goto("/sign-in/")
    password = page.get_by_label(say("Password"), exact=True)
    show = page.get_by_role("button", name=say("Show password"))
    expect(show).to_have_attribute("aria-pressed", "false")
    show.click()
    expect(password).to_have_attribute("type", "text")
    expect(show).to_have_attribute("aria-pressed", "true")
    show.click()
    expect(password).to_have_attribute("type", "password")


def test_after_signing_out_the_back_button_shows_nothing_of_the_school(
    visit: Visit, school_path: str
) -> None:
    page = visit(AN)
    page.goto(school_path)
    page.get_by_role("banner").get_by_text(AN.full_name).first.click()
    page.get_by_role("button", name=say("Sign out")).click()
    expect(page).to_have_url("/sign-in/")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Sign in"))
    expect(page.locator("body")).not_to_contain_text(cast.SONG_LAM.address_since)


def test_who_was_on_the_way_to_a_page_arrives_there(visit: Visit, school_path: str) -> None:
    page = visit()
    page.goto(school_path)
    sign_in(page, AN)
    expect(page).to_have_url(school_path)


def press_tab_until_focused(page: Page, selector: str) -> None:
    """Go on with Tab until such an element has the focus; twenty steps must be enough."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")
