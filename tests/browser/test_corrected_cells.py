"""Corrected cells in the browser: struck and still written in; and the way from a closed cell to the form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from gradebook.models import Mark
from tests import cast
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.stage import in_database
from tests.browser.test_every_page import TOO_FAR_RIGHT
from tests.browser.test_sheet import FIRST, cell, expect_saved, open_sheet, type_column
from tests.browser.words import say
from tests.gradebook.book import place
from tests.gradebook.closing import lock, typed
from tests.gradebook.correcting import correct, handled

FINAL = "ĐĐGck"


@pytest.fixture(autouse=True)
def requests_are_handled() -> Iterator[None]:
    """Some app handles requests for corrections."""
    with handled():
        yield


def corrected() -> None:
    """The first pupil's ĐĐGck was 6,5 and is 8,5."""
    typed(place(), "6,5", pupil=FIRST)
    correct(place(), "8,5", pupil=FIRST)


ABOVE = """() => {
    const box = document.querySelector("#sheet .corrected");
    const del = box.querySelector("del");
    const field = box.querySelector("input, ins");
    const [old, now] = [del, field].map((one) => one.getBoundingClientRect());
    const below = field.tagName === "INPUT" ? parseFloat(getComputedStyle(field).paddingBottom) : 0;
    const above = now.top + (now.height - below) / 2 < (old.top + old.bottom) / 2;
    const inside = old.left >= box.getBoundingClientRect().left;
    const struck = getComputedStyle(del).textDecorationLine === "line-through";
    return above && inside && struck && now.right > old.right;
}"""


def above_and_to_the_right(page: Page) -> bool:
    """Whether the new value of the corrected cell stands above the struck one and to its right."""
    return bool(page.evaluate(ABOVE))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_corrected_cell_is_struck_and_still_written_in(visit: Visit, width: int) -> None:
    in_database(corrected)
    page = open_sheet(visit, width=width)
    assert above_and_to_the_right(page)
    cell(page, column=FINAL).focus()
    expect(page.locator("#cell-line")).to_contain_text("6,5")
    expect(page.locator("#cell-line")).to_contain_text("12")
    assert page.evaluate(TOO_FAR_RIGHT) == []
    assert violations(page) == []
    type_column(page, ["9"])
    expect_saved(page, 1)
    assert in_database(lambda: str(Mark.objects.get(component="final").score)) == "9.0"
    expect(page.locator("#sheet .corrected del")).to_have_text("6,5")


def test_a_locked_cell_leads_to_the_form_with_its_pupil_and_column(visit: Visit) -> None:
    in_database(lambda: lock(component="final"))
    page = open_sheet(visit)
    link = page.get_by_role("link", name=say("Ask for a correction of this cell"))
    cell(page).focus()
    expect(link).to_be_hidden()
    cell(page, column=FINAL).focus()
    pupil = in_database(lambda: cast.pupil(FIRST).pk)
    assert f"student={pupil}&cell=final%3A1" in str(link.get_attribute("href"))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_in_a_sheet_that_is_locked_as_a_whole_one_walks_from_cell_to_cell(
    visit: Visit, width: int
) -> None:
    in_database(corrected)
    in_database(lock)
    page = visit(cast.CHI, width=width)
    page.goto(in_database(lambda: f"/sheets/subjects/{place().class_subject_id}/1/"))
    assert above_and_to_the_right(page)
    page.locator("#sheet td.mark").first.click()
    link = page.get_by_role("link", name=say("Ask for a correction of this cell"))
    pupil = in_database(lambda: cast.pupil(FIRST).pk)
    assert f"student={pupil}&cell=regular%3A1" in str(link.get_attribute("href"))
    page.keyboard.press("ArrowRight")
    assert f"student={pupil}&cell=regular%3A2" in str(link.get_attribute("href"))
    page.keyboard.press("ArrowDown")
    assert f"student={pupil}&" not in str(link.get_attribute("href"))
    expect(page.locator("#cell-line")).to_contain_text("ĐĐGtx 2")
    page.locator("#sheet td.corrected").click()
    expect(page.locator("#cell-line")).to_contain_text(f"{FIRST}, {FINAL}: 8,5:")
    history = page.get_by_role("link", name=say("History of this cell"))
    assert f"/students/{pupil}/final/1/history/" in str(history.get_attribute("href"))
    assert page.evaluate(TOO_FAR_RIGHT) == []
    assert violations(page) == []


def test_without_javascript_each_pupil_has_the_link(visit: Visit) -> None:
    in_database(lock)
    page = visit(cast.CHI, java_script_enabled=False)
    page.goto(in_database(lambda: f"/sheets/subjects/{place().class_subject_id}/1/"))
    expect(page.get_by_role("link", name=say("Ask for a correction"))).to_have_count(3)


def test_a_cell_that_a_lock_closed_meanwhile_leads_to_the_form(visit: Visit) -> None:
    page = open_sheet(visit)
    in_database(lock)
    cell(page).focus()
    type_column(page, ["85"])
    expect(cell(page)).to_have_attribute("aria-invalid", "true")
    cell(page).focus()
    expect(page.get_by_role("link", name=say("Ask for a correction of this cell"))).to_be_visible()
