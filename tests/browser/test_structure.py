"""The pages of staff, assignments and the year in a browser: they fit a phone, axe finds nothing, the forms work."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import cast
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.stage import in_database
from tests.browser.words import say


def addresses() -> list[str]:
    """Every page of the area, with examples of the cast."""
    group, school = cast.class_group(), cast.song_lam()
    chi = cast.user(cast.CHI).pk
    maths = group.class_subjects.get(subject__code="toan").pk
    return [
        "/staff/",
        f"/staff/{chi}/",
        f"/staff/{chi}/duty/",
        f"/duties/{cast.user(cast.THU).duties.get().pk}/end/",
        "/departments/",
        f"/departments/{school.departments.order_by('id')[0].pk}/",
        "/admin-boards/",
        "/admin-boards/appoint/",
        "/assignments/",
        "/assignments/classes/",
        f"/assignments/classes/{group.pk}/",
        f"/assignments/subjects/{maths}/",
        "/setup/",
        "/setup/start-year/",
        "/years/",
        f"/years/{group.year_id}/",
        "/years/open/",
        "/subjects/",
        f"/classes/{group.pk}/subjects/",
        f"/classes/{group.pk}/subjects/copy/",
        f"/schools/{school.pk}/regulation/",
        f"/schools/{school.pk}/regulation/decide/",
    ]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_page_fits_the_screen_and_axe_finds_nothing(visit: Visit, width: int) -> None:
    page = visit(cast.AN, width=width)
    wrong = {}
    for address in in_database(addresses):
        page.goto(address)
        sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if found := [*violations(page), *(["scrolls sideways"] if sideways else [])]:
            wrong[address] = found
    assert wrong == {}


def test_a_subject_is_handed_over_with_the_keyboard(visit: Visit) -> None:
    page = visit(cast.AN)
    group = in_database(cast.class_group)
    page.goto(f"/assignments/classes/{group.pk}/")
    row = page.get_by_role("row").filter(has_text="Toán")
    row.get_by_role("link", name=say("Change")).press("Enter")
    teacher = page.get_by_role("combobox")
    teacher.focus()
    teacher.select_option(label=f"{cast.MINH.full_name} ({cast.MINH.username})")
    page.get_by_role("button", name=say("Save"), exact=True).press("Enter")
    expect(page.get_by_role("row").filter(has_text="Toán")).to_contain_text(cast.MINH.full_name)
    expect(page.get_by_role("complementary")).to_contain_text(cast.CHI.full_name)
