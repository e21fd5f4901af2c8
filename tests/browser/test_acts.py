"""Marks from a file, from choosing it to taking them back, as a teacher does it, with JavaScript and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gradebook.models import Mark
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.stage import in_database
from tests.browser.watch import Watch
from tests.browser.words import say
from tests.cast import CHI, PUPILS
from tests.gradebook.services.acts.files import row, table

FILE = {
    "name": "bang-diem-6a.xlsx",
    "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "buffer": table(
        row(PUPILS[0], 8, "8,5", None, None, "V ốm"),
        row(PUPILS[1], 9, "05"),
        row("Người Lạ", 7, code="HS999"),
    ),
}


def entered() -> list[str]:
    """The marks that stand there."""
    return sorted(str(mark.score) for mark in Mark.objects.filter(score__isnull=False))


@pytest.mark.parametrize(
    ("width", "javascript"), [(WIDE, True), (NARROW, False)], ids=["wide", "narrow without"]
)
def test_marks_of_a_file_are_looked_at_written_and_taken_back(
    visit: Visit, watch: Watch, width: int, javascript: bool
) -> None:
    watch.expect(422)
    page = visit(CHI, width=width, java_script_enabled=javascript)
    page.goto("/acts/")
    page.get_by_role("link", name=say("Import marks")).click()
    page.get_by_role("button", name=say("Show what it would do")).click()
    expect(page.get_by_role("main")).to_contain_text(say("Choose a file."))
    if javascript:
        assert violations(page) == []
    page.locator("input[type=file]").set_input_files(FILE)  # type: ignore[arg-type]
    page.get_by_role("button", name=say("Show what it would do")).click()

    expect(page.get_by_role("main")).to_contain_text("HS999")
    if javascript:
        assert violations(page) == []
    write = say("Write %(new)s new and %(changed)s changed", new=4, changed=0)
    page.get_by_role("button", name=write).click()
    expect(page.get_by_role("main")).to_contain_text(
        say("Some cells or rows are refused. Correct them, or leave them out.")
    )
    assert in_database(entered) == []
    page.get_by_role("checkbox", name=say("Leave out what is refused")).check()
    page.get_by_role("button", name=write).click()
    expect(page.get_by_role("main")).to_contain_text(say("The marks are written."))
    assert in_database(entered) == ["8.0", "8.5", "9.0"]
    if javascript:
        assert violations(page) == []
    page.get_by_role("button", name=say("Undo all of it")).click()
    expect(page.get_by_role("main")).to_contain_text(
        say("It is undone: every cell holds again what it held before.")
    )
    assert in_database(entered) == []
