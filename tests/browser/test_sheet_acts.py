"""Pasting and filling in the browser: looked at first, saved as one act, taken back as one act."""

from __future__ import annotations

from playwright.sync_api import expect

from gradebook.models import EntryAct, Mark
from gradebook.services import phrases
from tests import cast
from tests.browser.conftest import Visit
from tests.browser.stage import in_database
from tests.browser.test_sheet import SECOND, cell, expect_saved, open_sheet, type_column
from tests.browser.words import say

PASTE = """([input, text]) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def test_a_block_is_looked_at_before_it_is_saved_and_taken_back_as_one_act(visit: Visit) -> None:
    page = open_sheet(visit)
    cell(page).focus()
    page.evaluate(PASTE, [cell(page).element_handle(), "7\t8\r\n101\t9\r\n"])
    panel = page.locator("#sheet-panel")
    expect(panel.get_by_role("row").filter(has_text="101")).to_contain_text(say("refused"))
    expect(panel.locator("[data-count=new]")).to_have_text("3")
    expect(cell(page)).to_have_value("")
    assert in_database(Mark.objects.count) == 0
    expect(panel.get_by_role("button", name=say("Save these cells"))).to_be_disabled()
    page.keyboard.press("Space")  # what is in the way has the focus
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_saved(page, 3)
    expect(cell(page, SECOND, "ĐĐGtx 2")).to_have_value("9")
    expect(cell(page)).to_be_focused()
    page.keyboard.press("Control+z")
    expect(cell(page, SECOND, "ĐĐGtx 2")).to_have_value("")
    found = in_database(lambda: sorted(Mark.objects.values_list("state", "version")))
    assert found == [("blank", 2)] * 3
    kinds = in_database(
        lambda: list(EntryAct.objects.order_by("id").values_list("kind", flat=True))
    )
    assert kinds == ["paste", "undo"]


def test_one_value_fills_the_empty_cells_of_a_column(visit: Visit) -> None:
    page = open_sheet(visit)
    cell(page, SECOND).focus()
    type_column(page, ["6"])
    expect_saved(page, 1)
    page.get_by_role(
        "button", name=say("Fill the empty cells of %(column)s", column="ĐĐGtx 1")
    ).click()
    page.locator("#sheet-panel").get_by_label(say("Value")).fill("75")
    page.keyboard.press("Enter")
    expect_saved(page, 3)
    expect(cell(page)).to_have_value("7,5")
    acts = in_database(lambda: list(EntryAct.objects.values_list("kind", "state", "new")))
    assert acts == [("fill", "applied", 2)]
    expect(cell(page, SECOND)).to_have_value("6")


def test_the_history_of_a_cell_opens_beside_the_sheet_and_phrases_are_a_click_away(
    visit: Visit,
) -> None:
    in_database(lambda: phrases.add(text="Chăm học.", actor=cast.user(cast.CHI)))
    page = open_sheet(visit)
    cell(page).focus()
    type_column(page, ["6"])
    expect_saved(page, 1)
    cell(page).focus()
    page.get_by_role("link", name=say("History of this cell")).click()
    panel = page.locator("#sheet-panel")
    expect(panel).to_contain_text(cast.CHI.full_name)
    expect(panel.get_by_role("button", name=say("Close"))).to_be_focused()
    page.keyboard.press("Escape")
    comment = cell(page, column="Nhận xét")
    comment.focus()
    page.get_by_role("button", name="Chăm học.").click()
    expect(comment).to_have_value("Chăm học.")
