"""Vietnamese first, English for whoever asks."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.words import say
from tests.cast import AN


@pytest.fixture
def site(shared_site: str) -> str:
    """These tests only look."""
    return shared_site


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_person_switches_to_english_and_back_and_stays_on_the_page(
    visit: Visit, school_path: str, javascript: bool
) -> None:
    page = visit(AN, java_script_enabled=javascript)
    page.goto(f"{school_path}?from=home")
    html, heading = page.locator("html"), page.get_by_role("heading", level=1)
    expect(html).to_have_attribute("lang", "vi")
    expect(heading).to_have_text(say("School particulars"))

    page.get_by_role("button", name="English").click()
    expect(html).to_have_attribute("lang", "en")
    expect(heading).to_have_text(say("School particulars", "en"))
    expect(page).to_have_url(f"{school_path}?from=home")
    page.goto("/")
    expect(html).to_have_attribute("lang", "en")

    page.get_by_role("button", name="Tiếng Việt").click()
    expect(html).to_have_attribute("lang", "vi")


def test_the_language_of_the_browser_is_not_asked(visit: Visit) -> None:
    page = visit(locale="en-US")
    page.goto("/sign-in/")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
