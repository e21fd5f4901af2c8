"""Two people change the same thing: both values are shown, and the second one chooses."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from schoolbook.models import User
from schoolbook.rules.permissions import Role
from schoolbook.services import duties
from tests import cast
from tests.browser.conftest import Visit
from tests.browser.stage import in_database
from tests.browser.test_school import Asked, box, newest_entry, save
from tests.browser.watch import Watch
from tests.browser.words import label, say
from tests.cast import AN, BINH, START

THEIRS, MINE = "Trường THCS Bình đặt", "Trường THCS An đặt"


@dataclass(frozen=True)
class Collision:
    """Bình has saved his name of the school; An, who opened the page before, is told so."""

    page: Page
    panel: Locator


def collide(visit: Visit, watch: Watch, school_path: str, *, javascript: bool = True) -> Collision:
    """Let it happen."""
    watch.expect(409)
    in_database(make_binh_an_administrator)
    an = visit(AN, java_script_enabled=javascript)
    an.goto(school_path)
    binh = visit(BINH, java_script_enabled=javascript)
    binh.goto(school_path)
    for page, name in ((binh, THEIRS), (an, MINE)):
        box(page, "name").fill(name)
        box(page, "Reason").fill(f"Theo ý của người đặt tên {name}")
        save(page)
        if page is binh:
            expect(newest_entry(binh)).to_contain_text(THEIRS)
    title = say("%(author)s saved a change while you were editing", author=BINH.full_name)
    panel = an.get_by_role("region", name=title)
    expect(panel).to_be_visible()
    return Collision(an, panel)


def make_binh_an_administrator() -> None:
    """An cannot be in conflict with herself."""
    duties.charge(
        school=cast.song_lam(),
        user=cast.user(BINH),
        role=Role.ADMIN,
        begins_on=START,
        actor=User.objects.system(),
    )


def test_both_values_are_shown_with_who_and_when(
    visit: Visit, watch: Watch, school_path: str
) -> None:
    collision = collide(visit, watch, school_path)
    panel = collision.panel
    today = timezone.localdate().strftime("%d/%m/%Y")
    expect(panel).to_contain_text(re.compile(rf"\d\d:\d\d {today}"))
    expect(panel.get_by_role("heading", name=label("name"), exact=True)).to_be_visible()
    expect(panel.get_by_role("definition")).to_have_text([THEIRS, MINE])
    expect(panel).to_be_focused()
    # What is typed stays in the form, and nothing of it is saved.
    expect(box(collision.page, "name")).to_have_value(MINE)
    assert in_database(cast.song_lam).name == THEIRS


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_mine_can_be_saved_over_theirs_and_the_history_holds_both(
    visit: Visit, watch: Watch, school_path: str, javascript: bool
) -> None:
    collision = collide(visit, watch, school_path, javascript=javascript)
    collision.panel.get_by_role("button", name=say("Save my version")).click()

    entry = newest_entry(collision.page)
    expect(entry).to_contain_text(AN.full_name)
    expect(entry.get_by_role("deletion")).to_contain_text(THEIRS)
    expect(entry.get_by_role("insertion")).to_contain_text(MINE)
    expect(collision.panel).to_have_count(0)
    if javascript:  # the button that was pressed is gone
        expect(collision.page.get_by_role("button", name=say("Save"), exact=True)).to_be_focused()
    assert in_database(cast.song_lam).name == MINE


def test_theirs_can_be_kept_without_further_questions(
    visit: Visit, watch: Watch, school_path: str
) -> None:
    collision = collide(visit, watch, school_path)
    asked = Asked(collision.page)
    collision.panel.get_by_role("link", name=say("Keep the saved version")).click()

    expect(collision.page).to_have_url(school_path)
    expect(box(collision.page, "name")).to_have_value(THEIRS)
    expect(collision.panel).to_have_count(0)
    assert asked.times == 0
    assert in_database(cast.song_lam).version == 2


def test_a_conflict_that_is_left_undecided_asks_before_it_is_lost(
    visit: Visit, watch: Watch, school_path: str
) -> None:
    page = collide(visit, watch, school_path).page
    asked = Asked(page)
    with page.expect_event("dialog"):
        page.get_by_role("link", name=say("Home"), exact=True).click(no_wait_after=True)
    assert asked.times == 1
    expect(box(page, "name")).to_have_value(MINE)


def test_what_both_typed_alike_is_no_conflict(visit: Visit, watch: Watch, school_path: str) -> None:
    in_database(make_binh_an_administrator)
    pages = [visit(AN), visit(BINH)]
    for page in pages:
        page.goto(school_path)
    for page in pages:
        box(page, "name").fill(THEIRS)
        box(page, "Reason").fill("Cùng một quyết định")
        save(page)
        expect(page.get_by_role("status")).to_have_text(say("Saved"))
    assert in_database(cast.song_lam).version == 2
