"""Marks as others look at them, in the browser: from home to the word on the results, and the pages as they look."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gradebook.models import ResultCheck
from tests import cast
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.stage import in_database
from tests.browser.words import say
from tests.cast import BINH, CHI, LAN
from tests.gradebook import book


def prepare() -> tuple[int, int, int]:
    """A term of Toán in 6A; the ids of the class, of the subject and of a pupil."""
    who = dict.fromkeys(book.pupils(), book.TERM_OF_MARKS)
    book.fill(book.place(), cast.user(CHI), who)
    book.fill(book.place(), cast.user(CHI), {cast.pupil(): {("final", 1): "6,5"}})
    book.fill(book.class_place(), cast.user(LAN), {cast.pupil(): {("conduct", 1): "Tốt"}})
    return cast.class_group().pk, book.taught().pk, cast.pupil().pk


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_teacher_goes_from_an_average_to_its_working_and_confirms_and_no_page_is_cut_off(
    visit: Visit, width: int
) -> None:
    group, taught, pupil = in_database(prepare)
    page = visit(CHI, width=width, java_script_enabled=width == WIDE)
    page.goto("/marks/?term=1")
    page.get_by_role("link", name=say("Whole year")).first.click()
    page.get_by_role("link", name="7,5").click()
    expect(page.get_by_role("main")).to_contain_text("÷ 9")
    page.goto(f"/class-subjects/{taught}/marks/")
    page.get_by_role("button", name=say("I have looked through these results")).click()
    expect(page.get_by_role("main")).to_contain_text(say("looked through"))
    assert in_database(ResultCheck.objects.get).figures == 3
    here, found = f"/classes/{group}/", {}
    sights = [
        (CHI, "/marks/"),
        (LAN, f"{here}marks/?term=1"),
        (CHI, f"/class-subjects/{taught}/marks/"),
        (LAN, f"{here}summary/?period=term1"),
        (LAN, f"{here}students/{pupil}/marks/"),
        (LAN, f"{here}slips/?period=term1"),
        (LAN, f"{here}students/{pupil}/slip/?period=year"),
        (LAN, f"{here}students/{pupil}/levels/term1/"),
        (BINH, "/marks/history/"),
        (CHI, f"/class-subjects/{taught}/terms/1/students/{pupil}/final/1/history/"),
    ]
    pages = {person: visit(person, width=width) for person in (CHI, LAN, BINH)}
    for person, path in sights:
        pages[person].goto(path)
        sideways = pages[person].evaluate("document.documentElement.scrollWidth > innerWidth")
        found[path] = (sideways, violations(pages[person]))
    assert {path: one for path, one in found.items() if one != (False, [])} == {}
