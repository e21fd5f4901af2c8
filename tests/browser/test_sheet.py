"""The sheet in the browser: a column by keyboard, and everything that may happen meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from playwright.sync_api import Dialog, Locator, Page, expect

from gradebook.models import Mark
from gradebook.selectors.books import Place
from gradebook.services import marks
from schoolbook.models import Session
from tests import cast
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit, session
from tests.browser.server import Machine
from tests.browser.stage import in_database
from tests.browser.watch import Watch
from tests.browser.words import say, say_count
from tests.cast import CHI, VAN, Person
from tests.conftest import Committed
from tests.gradebook.people import fill_class
from tests.gradebook.sheets import address, maths

# As the book orders them: by given name.
FIRST, SECOND, THIRD = "Lê Thị Ánh", "Nguyễn Gia Bảo", "Đỗ Minh Châu"
SAVED, WAITING = ("%(count)s saved", "%(count)s waiting")
TYPED = json.loads((Path(__file__).parents[1] / "gradebook" / "typed.json").read_text())


def open_sheet(visit: Visit, person: Person = CHI, term: int = 1, **options: Any) -> Page:
    """The sheet of Toán in 6A, in a browser of its own."""
    page = visit(person, **options)
    go(page, term)
    return page


def go(page: Page, term: int = 1) -> None:
    """Open the sheet there, and wait until it answers keys."""
    page.goto(in_database(lambda: address(term)))
    if page.locator("#sheet-form").count() and page.evaluate("document.querySelector('script')"):
        expect(page.locator("html[data-sheet=ready]")).to_have_count(1)


def cell(page: Page, pupil: str = FIRST, column: str = "ĐĐGtx 1") -> Locator:
    """A cell by what a screen reader calls it."""
    return page.get_by_role("textbox", name=f"{pupil} {column}", exact=True)


def first(page: Page) -> Locator:
    """The first cell of the first column."""
    return page.locator("#sheet tbody input:not([type=hidden])").first


def status(page: Page) -> Locator:
    return page.locator("#sheet-status")


def expect_saved(page: Page, count: int) -> None:
    expect(status(page)).to_contain_text(say_count(SAVED, SAVED, count))
    expect(page.locator("[data-state=waiting]")).to_have_count(0)


def in_book() -> list[str]:
    """The marks of the book in the order of its cells' ids."""
    return in_database(lambda: [str(mark.score) for mark in Mark.objects.order_by("id")])


def type_column(page: Page, values: list[str]) -> None:
    for value in values:
        page.keyboard.type(value)
        page.keyboard.press("Enter")


def test_a_column_of_45_marks_is_typed_with_the_keyboard_alone(visit: Visit) -> None:
    in_database(fill_class)
    page = open_sheet(visit)
    first(page).focus()
    values = [str(35 + place) for place in range(45)]
    type_column(page, values)
    expect_saved(page, 45)
    expect(first(page)).to_have_value("3,5")
    assert sorted(in_book()) == sorted(f"{value[0]}.{value[1]}" for value in values)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Home")
    expect(first(page)).to_be_focused()
    for key, place in (("Tab", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("Home", 0)):
        page.keyboard.press(key)
        expect(
            page.locator("#sheet tbody tr").first.locator(".mark input").nth(place)
        ).to_be_focused()


def test_what_is_refused_stays_and_escape_and_undo_take_back(visit: Visit) -> None:
    page = open_sheet(visit)
    cell(page).focus()
    page.keyboard.type("101")
    page.keyboard.press("Enter")
    expect(cell(page)).to_have_value("101")
    expect(cell(page)).to_have_attribute("aria-invalid", "true")
    cell(page).focus()
    expect(page.locator("#cell-line")).to_contain_text("101")
    page.keyboard.press("Escape")
    expect(cell(page)).to_have_value("")
    page.keyboard.type("85")
    page.keyboard.press("Enter")
    expect_saved(page, 1)
    page.keyboard.press("Control+z")
    expect(cell(page)).to_have_value("")
    expect_saved(page, 1)
    assert in_book() == ["None"]


def test_figures_and_what_is_missing_follow_the_marks(visit: Visit) -> None:
    page = open_sheet(visit)
    cell(page).focus()
    for _column in range(6):
        page.keyboard.type("8")
        page.keyboard.press("ArrowRight")
    expect_saved(page, 6)
    row = page.get_by_role("row").filter(has_text=FIRST)
    expect(row.locator("[data-period=term1]")).to_have_text("8")
    left = say_count("%(count)s mark missing", "%(count)s marks missing", 12)
    expect(page.locator("#sheet-missing")).to_have_text(left)


def test_the_line_drops_and_comes_back(visit: Visit, watch: Watch) -> None:
    page = open_sheet(visit)
    cell(page).focus()
    page.context.set_offline(True)
    type_column(page, ["7", "8", "9"])
    expect(status(page)).to_contain_text(
        say(
            "The server cannot be reached. What you type is kept here and sent as soon as it can be."
        )
    )
    expect(status(page)).to_contain_text(say_count(WAITING, WAITING, 3))
    page.context.set_offline(False)
    expect_saved(page, 3)
    assert sorted(in_book()) == ["7.0", "8.0", "9.0"]
    watch.problems.clear()


KEPT = "() => Object.keys(localStorage).filter(key => key.startsWith('schoolbook.cell')).length"
# The comment is encrypted first, which takes a moment.
WAIT_FOR_BOTH = f"""async () => {{
    while (({KEPT})() < 2) await new Promise(resolve => setTimeout(resolve, 20));
}}"""


def test_a_tab_that_was_closed_loses_nothing_and_keeps_no_name(visit: Visit, watch: Watch) -> None:
    page = open_sheet(visit)
    context = page.context
    context.set_offline(True)
    cell(page).focus()
    type_column(page, ["75"])
    comment = cell(page, column="Nhận xét")
    comment.fill("Em cố gắng nhiều")
    comment.blur()
    page.evaluate(WAIT_FOR_BOTH)
    stored = page.evaluate("JSON.stringify({...localStorage})")
    for secret in (FIRST, CHI.username, "cố gắng"):
        assert secret not in stored
    assert "7,5" in stored
    page.close()
    context.set_offline(False)
    again = context.new_page()
    go(again)
    expect_saved(again, 2)
    expect(cell(again)).to_have_value("7,5")
    assert in_database(lambda: Mark.objects.get(component="comment").text) == "Em cố gắng nhiều"
    assert again.evaluate(KEPT) == 0
    watch.problems.clear()


def test_another_account_sees_and_sends_nothing_of_the_first_ones_queue(
    visit: Visit, watch: Watch
) -> None:
    page = open_sheet(visit)
    context = page.context
    context.set_offline(True)
    cell(page).focus()
    type_column(page, ["75"])
    page.close()
    context.set_offline(False)
    become(context, VAN)
    other = context.new_page()
    go(other)
    expect(cell(other)).to_have_value("")
    expect(other.locator("[data-state=waiting]")).to_have_count(0)
    assert in_book() == []
    other.close()
    become(context, CHI)
    again = context.new_page()
    go(again)
    expect_saved(again, 1)
    watch.problems.clear()


def become(context: Any, person: Person) -> None:
    """Let this browser be signed in as somebody else."""
    [cookie] = [one for one in context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
    context.add_cookies([{**cookie, "value": in_database(lambda: session(person))}])


def test_the_session_ends_in_mid_typing_and_is_renewed_in_place(visit: Visit, watch: Watch) -> None:
    watch.expect(401)
    page = open_sheet(visit)
    cell(page).focus()
    in_database(lambda: Session.objects.all().delete())
    type_column(page, ["6", "7"])
    panel = page.locator("#sheet-panel")
    expect(panel.get_by_role("heading")).to_have_text(say("Sign in again to go on"))
    assert in_book() == []
    page.keyboard.type("75")  # goes into its cell: the panel took no focus
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F6")
    page.keyboard.type(CHI.username)
    page.keyboard.press("Tab")
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(panel).to_be_hidden()
    expect_saved(page, 3)
    expect(cell(page)).to_have_value("6")
    # The page goes on with the token of the new session.
    cell(page, column="ĐĐGgk").fill("9")
    cell(page, column="ĐĐGgk").press("Enter")
    expect_saved(page, 4)
    assert sorted(in_book()) == ["6.0", "7.0", "7.5", "9.0"]


def test_two_people_and_one_cell_show_both_values_and_one_chooses(visit: Visit) -> None:
    page = open_sheet(visit)
    in_database(lambda: save_as(VAN, "6"))
    cell(page).focus()
    type_column(page, ["85"])
    panel = page.locator("#sheet-panel")
    expect(panel).to_contain_text(VAN.full_name)
    expect(panel.get_by_role("definition")).to_have_text(["6", "8,5"])
    expect(cell(page)).to_have_value("8,5")
    assert in_book() == ["6.0"]
    panel.get_by_role("button", name=say("Keep mine")).click()
    expect(panel).to_be_hidden()
    expect_saved(page, 1)
    assert in_book() == ["8.5"]


def save_as(person: Person, typed: str) -> None:
    from uuid import uuid4  # noqa: PLC0415

    edit = marks.Edit(uuid4(), cast.pupil(FIRST).pk, "regular", 1, typed, 0)
    place = Place(1, class_subject_id=maths().pk)
    marks.save(place=place, edits=[edit], actor=cast.user(person))


def test_without_javascript_the_sheet_is_a_form_that_keeps_what_it_refuses(
    visit: Visit, watch: Watch
) -> None:
    watch.expect(422)
    page = visit(CHI, java_script_enabled=False)
    page.goto(in_database(address))
    cell(page).fill("85")
    cell(page, SECOND).fill("101")
    page.get_by_role("button", name=say("Save"), exact=True).click()
    expect(cell(page)).to_have_value("8,5")
    expect(cell(page, SECOND)).to_have_value("101")
    cell(page, SECOND).fill("10")
    page.get_by_role("button", name=say("Save"), exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(
        say_count("%(count)s cell is saved.", "%(count)s cells are saved.", 1)
    )
    assert sorted(in_book()) == ["10.0", "8.5"]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_axe_finds_nothing_in_any_state_and_nothing_is_cut_off(
    visit: Visit, watch: Watch, width: int
) -> None:
    watch.expect(401)
    page = open_sheet(visit, width=width)
    in_database(lambda: save_as(VAN, "6"))
    cell(page).focus()
    type_column(page, ["85", "101"])
    expect(page.locator("#sheet-panel")).to_be_visible()
    sideways = "document.documentElement.scrollWidth > innerWidth"
    assert (violations(page), page.evaluate(sideways)) == ([], False)
    page.get_by_role("button", name=say("Decide later")).click()
    page.get_by_role(
        "button", name=say("Fill the empty cells of %(column)s", column="ĐĐGck")
    ).click()
    assert (violations(page), page.evaluate(sideways)) == ([], False)
    in_database(lambda: Session.objects.all().delete())
    cell(page, THIRD).fill("7")
    cell(page, THIRD).press("Enter")
    expect(page.locator("#sheet-panel").get_by_role("heading")).to_have_text(
        say("Sign in again to go on")
    )
    assert (violations(page), page.evaluate(sideways)) == ([], False)


def test_the_browser_reads_what_is_typed_as_the_server_does(visit: Visit) -> None:
    page = open_sheet(visit)
    module = staticfiles_storage.url("js/sheet/typed.js")
    found = page.evaluate(
        """async ([module, examples]) => {
            const { read } = await import(module);
            return examples.map(({ typed, kind, levels = [], test = true }) =>
                read(typed, { kind, levels, isTest: test }).shown ?? null);
        }""",
        [module, TYPED],
    )
    assert found == [example["shown"] for example in TYPED]


def test_signing_out_with_unsaved_cells_asks_first(visit: Visit, watch: Watch) -> None:
    page = open_sheet(visit)
    page.context.set_offline(True)
    cell(page).focus()
    type_column(page, ["7"])
    questions: list[str] = []

    def stay(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator("details.menu summary").click()
    with page.expect_event("dialog"):
        page.get_by_role("button", name=say("Sign out")).click()
    assert questions == [say("%(count)s cells are not saved yet. Sign out all the same?", count=1)]
    page.context.set_offline(False)
    expect_saved(page, 1)
    watch.problems.clear()


def test_a_browser_that_keeps_nothing_says_so_and_saves_all_the_same(visit: Visit) -> None:
    page = visit(CHI)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })"
    )
    go(page)
    words = say("This browser keeps nothing: leave this page open until everything is saved.")
    expect(status(page)).to_contain_text(words)
    cell(page).focus()
    type_column(page, ["7"])
    expect_saved(page, 1)


def test_another_account_in_another_tab_takes_nothing_of_this_one(
    visit: Visit, watch: Watch
) -> None:
    watch.expect(409)
    page = open_sheet(visit)
    become(page.context, VAN)
    cell(page).focus()
    type_column(page, ["7"])
    expect(page.locator("#sheet-panel")).to_be_visible()
    assert in_book() == []
    become(page.context, CHI)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect_saved(page, 1)
    assert in_database(lambda: Mark.history.get().actor_name) == CHI.full_name


class TestServer:
    """The server goes down and comes back."""

    @pytest.fixture
    def machine(self, committed: Committed, static_files: None) -> Iterator[Machine]:
        machine = Machine()
        yield machine
        machine.stop()

    @pytest.fixture
    def site(self, machine: Machine) -> str:
        return machine.origin

    def test_what_is_typed_meanwhile_is_saved_once(
        self, visit: Visit, watch: Watch, machine: Machine
    ) -> None:
        page = open_sheet(visit)
        cell(page).focus()
        type_column(page, ["5"])
        expect_saved(page, 1)
        in_database(machine.stop)
        type_column(page, ["6", "7"])
        expect(status(page)).to_contain_text(say_count(WAITING, WAITING, 2))
        in_database(machine.start)
        expect_saved(page, 3)
        assert sorted(in_book()) == ["5.0", "6.0", "7.0"]
        assert in_database(Mark.history.count) == 3
        watch.problems.clear()
