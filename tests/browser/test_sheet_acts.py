"""Pasting and filling in the browser, against answers as the addresses of acts give them."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.test_sheet import SECOND, cell, expect_saved, open_sheet, type_column
from tests.browser.words import say


class Acts:
    """Stands for the addresses of acts over many cells, and remembers what was asked."""

    def __init__(self, page: Page) -> None:
        self.asked: list[dict[str, Any]] = []
        self.versions = 0
        page.route("**/paste/", self._preview)
        page.route("**/acts/1/*/", self._settle)

    def _preview(self, route: Route) -> None:
        sent: Any = route.request.post_data_json
        self.asked.append(sent)
        bad = [one for one in sent["cells"] if one["typed"] == "101"]
        cells = [
            {
                **one,
                "verdict": "refused" if one in bad else "new",
                "before": "",
                "after": one["typed"],
                "sentence": "Ngoài thang điểm." if one in bad else "",
            }
            for one in sent["cells"]
        ]
        counts = {"new": len(cells) - len(bad), "changed": 0, "same": 0, "refused": len(bad)}
        route.fulfill(json={"act": 1, **counts, "cells": cells, "apply": "/acts/1/apply/"})

    def _settle(self, route: Route) -> None:
        undoing = route.request.url.endswith("/undo/")
        self.versions += 1
        answers = [
            {
                **one,
                "key": "",
                "status": "saved",
                "shown": "" if undoing else one["typed"],
                "version": self.versions,
                "sentence": "",
                "author": "",
                "at": "",
            }
            for one in self.asked[-1]["cells"]
            if one["typed"] != "101"
        ]
        told = {"answers": answers, "results": {}, "missing": 7, "undo": "/acts/1/undo/"}
        route.fulfill(json=told)


PASTE = """([input, text]) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def test_a_block_is_looked_at_before_it_is_saved_and_taken_back_as_one_act(visit: Visit) -> None:
    page = open_sheet(visit)
    acts = Acts(page)
    cell(page).focus()
    page.evaluate(PASTE, [cell(page).element_handle(), "7\t8\r\n101\t9\r\n"])
    panel = page.locator("#sheet-panel")
    expect(panel.get_by_role("row").filter(has_text="101")).to_contain_text("Ngoài thang điểm.")
    expect(panel.locator("[data-count=new]")).to_have_text("3")
    expect(cell(page)).to_have_value("")
    assert [one["typed"] for one in acts.asked[0]["cells"]] == ["7", "8", "101", "9"]
    page.keyboard.press("Enter")  # the button has the focus
    expect_saved(page, 3)
    expect(cell(page, SECOND, "ĐĐGtx 2")).to_have_value("9")
    expect(cell(page)).to_be_focused()
    page.keyboard.press("Control+z")
    expect(cell(page, SECOND, "ĐĐGtx 2")).to_have_value("")


def test_one_value_fills_the_empty_cells_of_a_column(visit: Visit) -> None:
    page = open_sheet(visit)
    cell(page, SECOND).focus()
    type_column(page, ["6"])
    expect_saved(page, 1)
    acts = Acts(page)
    page.get_by_role(
        "button", name=say("Fill the empty cells of %(column)s", column="ĐĐGtx 1")
    ).click()
    page.locator("#sheet-panel").get_by_label(say("Value")).fill("75")
    page.keyboard.press("Enter")
    expect_saved(page, 3)
    assert acts.asked[0]["kind"] == "fill"
    assert {one["typed"] for one in acts.asked[0]["cells"]} == {"7,5"}
    expect(cell(page, SECOND)).to_have_value("6")
