"""From the sheet to the confirmed class in the browser, and what a change under it says everywhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gradebook.models import FrozenStanding, SignOff
from tests import cast
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.stage import in_database
from tests.browser.words import say
from tests.cast import BINH, CHI, LAN
from tests.gradebook import book
from tests.gradebook.closing import typed, unlock
from tests.gradebook.services.test_class_sign_offs import prepared


def prepare() -> tuple[int, int, int]:
    """A term of 6A with everything confirmed but Toán; the ids of the class, of Toán and of a pupil."""
    prepared(but=["toan"])
    return cast.class_group().pk, book.taught().pk, cast.pupil().pk


def change() -> None:
    """A mark of Toán is corrected in an hour for which it was unlocked."""
    unlock()
    answer = typed(book.place(), "5,5", seen=1)
    assert answer.status == "saved", answer


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_sheet_and_its_class_are_confirmed_and_a_change_asks_for_both_again(
    visit: Visit, width: int
) -> None:
    group, taught, pupil = in_database(prepare)
    chi = visit(CHI, width=width, java_script_enabled=width == WIDE)
    chi.goto(f"/sheets/subjects/{taught}/1/")
    chi.get_by_role("link", name=say("Confirm this sheet")).click()
    chi.get_by_role("button", name=say("Confirm this sheet")).click()
    expect(chi.get_by_role("main")).to_contain_text(
        say("The sheet is confirmed. It is closed from now on.")
    )
    chi.goto(f"/sheets/subjects/{taught}/1/")
    expect(chi.get_by_role("main")).to_contain_text(say("The sheet is confirmed."))
    expect(chi.get_by_role("main")).to_contain_text(CHI.full_name)
    expect(chi.locator(f"[name^='m-{pupil}-']")).to_have_count(0)
    lan = visit(LAN, width=width, java_script_enabled=width == WIDE)
    lan.goto("/")
    ready = lan.get_by_role("listitem").filter(has_text="6A").get_by_role("link")
    ready.filter(has_text=say("Look through and confirm")).click()
    lan.get_by_role("button", name=say("Confirm this class")).click()
    expect(lan.get_by_role("main")).to_contain_text(
        say("The class is confirmed. Levels and titles are kept.")
    )
    assert in_database(FrozenStanding.objects.count) == 3
    lan.get_by_role("link", name=say("How it came about")).first.click()
    expect(lan.get_by_role("main")).to_contain_text(say("What is worked out today is the same"))
    in_database(change)
    standing = SignOff.objects.filter(ended_at=None)
    assert in_database(standing.filter(sheet__class_subject=taught).exists) is False
    assert in_database(standing.filter(sheet__class_subject=None).exists) is False
    lan.goto("/")
    expect(lan.get_by_role("main")).to_contain_text(say("Open the confirmation"))
    chi.goto("/")
    chi.get_by_role("link", name=say("Confirm again")).click()
    expect(chi.get_by_role("main")).to_contain_text(say("See what changed"))
    pages = {person: visit(person, width=width) for person in (CHI, LAN, BINH)}
    sights = [
        (CHI, f"/sheets/subjects/{taught}/1/confirm/"),
        (CHI, f"/sheets/subjects/{taught}/1/"),
        (CHI, "/marks/?term=1"),
        (LAN, f"/classes/{group}/terms/1/confirm/"),
        (LAN, f"/classes/{group}/terms/1/confirm/students/{pupil}/term1/"),
        (LAN, f"/classes/{group}/marks/?term=1"),
        (LAN, f"/classes/{group}/summary/?period=term1"),
        (BINH, "/marks/confirmed/?term=1"),
        (BINH, f"/sheets/subjects/{taught}/1/confirm/"),
    ]
    found = {}
    for person, path in sights:
        pages[person].goto(path)
        sideways = pages[person].evaluate("document.documentElement.scrollWidth > innerWidth")
        found[person.username, path] = (sideways, violations(pages[person]))
    assert {path: one for path, one in found.items() if one != (False, [])} == {}
