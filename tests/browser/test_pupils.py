"""Classes and pupils in the browser: what a homeroom teacher does in the first weeks, and the pages as they look."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from schoolbook.models import ClassListConfirmation
from tests import cast
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.stage import in_database
from tests.browser.words import label, say
from tests.cast import CHI, LAN, QUYEN


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_homeroom_teacher_comes_from_home_adds_a_pupil_and_confirms_the_list(
    visit: Visit, javascript: bool
) -> None:
    page = visit(LAN, java_script_enabled=javascript)
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name=say("Open the list")).click()
    expect(page.get_by_role("rowheader", name="Lê Thị Ánh")).to_be_visible()
    page.get_by_role("link", name=say("Add a pupil")).click()
    page.get_by_label(label("pupil code"), exact=True).fill("HS100")
    page.get_by_label(label("full name"), exact=True).fill("Phan Thị Đào")
    page.get_by_label(label("sex"), exact=True).select_option("female")
    page.get_by_label(say("Date of birth"), exact=True).fill("2015-05-05")
    page.get_by_role("button", name=say("Add to class %(class)s", **{"class": "6A"})).click()
    row = page.get_by_role("row").filter(has_text="Phan Thị Đào")
    expect(row).to_contain_text("05/05/2015")
    page.get_by_role("button", name=say("Confirm the list")).click()
    expect(page.get_by_role("main")).to_contain_text(say("The list of the class is confirmed."))
    expect(page.get_by_role("button", name=say("Confirm the list"))).to_have_count(0)
    assert in_database(ClassListConfirmation.objects.get).pupils == 4


@pytest.mark.parametrize("width", [NARROW, WIDE])
class TestPages:
    @pytest.fixture
    def site(self, shared_site: str) -> str:
        """These tests only look."""
        return shared_site

    def test_nothing_is_cut_off_and_axe_finds_nothing(self, visit: Visit, width: int) -> None:
        group, pupil = in_database(cast.class_group).pk, in_database(cast.pupil).pk
        sights = [
            (QUYEN, "/classes/"),
            (LAN, f"/classes/{group}/"),
            (LAN, f"/classes/{group}/students/add/"),
            (QUYEN, "/students/"),
            (QUYEN, f"/students/{pupil}/"),
            (CHI, f"/students/{pupil}/"),
            (QUYEN, f"/students/{pupil}/move/"),
            (QUYEN, f"/students/{pupil}/exemptions/add/"),
        ]
        pages = {person: visit(person, width=width) for person in (QUYEN, LAN, CHI)}
        found = {}
        for person, path in sights:
            page = pages[person]
            page.goto(path)
            sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            if (wrong := violations(page)) or sideways:
                found[path] = (wrong, sideways)
        assert found == {}
