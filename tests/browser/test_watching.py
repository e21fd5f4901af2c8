"""Watching over books in the browser: from the board to a sheet, and its pages as they look with figures in them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gradebook.models import BookRemark
from tests import cast
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.stage import in_database
from tests.browser.words import say
from tests.cast import CHI, THU
from tests.gradebook import book
from tests.gradebook.closing import lock


def prepare() -> tuple[int, int, int]:
    """Toán in 6A entered, changed and locked; the ids of the subject, of the class, and of the subject there."""
    book.fill(book.place(), cast.user(CHI), dict.fromkeys(book.pupils(), book.TERM_OF_MARKS))
    changes = {("regular", number): "9" for number in (1, 2, 3)}
    book.fill(book.place(), cast.user(CHI), dict.fromkeys(book.pupils(), changes))
    lock(term=1)
    maths = book.taught()
    return maths.subject_id, maths.class_group_id, maths.pk


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_vice_principal_goes_from_the_board_to_a_sheet_and_writes_a_remark(
    visit: Visit, width: int
) -> None:
    subject, group, taught = in_database(prepare)
    page = visit(THU, width=width)
    for path in (
        "/progress/?term=1",
        "/progress/teachers/?term=1",
        f"/progress/spread/?subject={subject}&term=1&test=final:1",
        f"/progress/spread/?subject={subject}&term=1&class_group={group}",
        "/progress/anomalies/",
        "/progress/remarks/",
        f"/classes/{group}/remarks/",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert violations(page) == [], path
    page.goto("/progress/?term=1")
    page.get_by_role("link", name="100%").first.click()
    assert page.url.endswith(f"/sheets/subjects/{taught}/1/")
    page.goto(f"/classes/{group}/remarks/2026-09/")
    page.get_by_role("textbox", name=say("Remark")).fill("Vào điểm đúng hạn.")
    page.get_by_role("button", name=say("Save the remark")).click()
    expect(page.get_by_role("main")).to_contain_text("Vào điểm đúng hạn.")
    assert in_database(BookRemark.objects.get).version == 1
