"""An import from choosing the file to undoing it, as an administrator does it, with JavaScript and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from schoolbook.models import Student
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.stage import in_database
from tests.browser.watch import Watch
from tests.browser.words import say
from tests.cast import AN
from tests.schoolbook.services.imports.sheets import BAO, NEW, STUDENTS, table

FILE = {
    "name": "danh-sach.xlsx",
    "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "buffer": table(STUDENTS, NEW, [*BAO[:4], "6B"], ["HS101", *NEW[1:4], "9Z"]),
}


def entered() -> bool:
    """Whether the new pupil of the file is there."""
    return Student.objects.filter(code=NEW[0]).exists()


@pytest.mark.parametrize(
    ("width", "javascript"), [(WIDE, True), (NARROW, False)], ids=["wide", "narrow without"]
)
def test_a_file_is_looked_at_written_and_taken_back(
    visit: Visit, watch: Watch, width: int, javascript: bool
) -> None:
    watch.expect(422)
    page = visit(AN, width=width, java_script_enabled=javascript)
    page.goto("/imports/new/students/")
    page.get_by_role("button", name=say("Show what it would do")).click()
    expect(page.get_by_role("main")).to_contain_text(say("Choose a file."))
    page.locator("input[type=file]").set_input_files(FILE)  # type: ignore[arg-type]
    page.get_by_role("button", name=say("Show what it would do")).click()

    expect(page.get_by_role("main")).to_contain_text("“9Z”")
    if javascript:
        assert violations(page) == []
    write = say("Write %(new)s new and %(changed)s changed", new=1, changed=1)
    page.get_by_role("button", name=write).click()
    expect(page.get_by_role("main")).to_contain_text(
        say("Some rows are refused. Correct the file, or leave these rows out.")
    )
    assert not in_database(entered)
    page.get_by_role("checkbox", name=say("Leave the refused rows out")).check()
    page.get_by_role("button", name=write).click()
    expect(page.get_by_role("main")).to_contain_text(say("The import is applied."))
    assert in_database(entered)
    page.get_by_role("button", name=say("Undo the import")).click()
    expect(page.get_by_role("main")).to_contain_text(say("The import is undone."))
    assert not in_database(entered)
