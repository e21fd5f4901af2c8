"""The school's particulars, as its administrator changes them and others read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from schoolbook.models import Duty, Session, User
from schoolbook.rules.permissions import Role
from schoolbook.services import duties
from tests import cast
from tests.browser.conftest import Visit, sign_in
from tests.browser.stage import in_database
from tests.browser.watch import Watch
from tests.browser.words import label, say, say_count
from tests.cast import AN, CHI, SONG_LAM

NEW_NAME = "Trường THCS Sông Lam Hạ"
REASON = "Quyết định số 128/QĐ-UBND ngày 30/6/2025"

with_and_without_javascript = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with JavaScript", "without"]
)


def box(page: Page, name: str) -> Locator:
    """The box to type in, by the words of its label."""
    return page.get_by_role("textbox", name=label(name), exact=True)


def save(page: Page) -> None:
    """Press the button."""
    page.get_by_role("button", name=say("Save"), exact=True).click()


def newest_entry(page: Page) -> Locator:
    """The uppermost entry of the history."""
    history = page.get_by_role("complementary", name=say("History"))
    return history.get_by_role("list").get_by_role("listitem").first


@pytest.fixture
def open_school(visit: Visit, school_path: str) -> Callable[[bool], Page]:
    """An in front of the particulars."""

    def open_page(javascript: bool = True) -> Page:
        page = visit(AN, java_script_enabled=javascript)
        page.goto(school_path)
        return page

    return open_page


# Saving ----------------------------------------------------------------------------------------------


def test_saving_swaps_the_form_and_the_history_and_says_so(
    open_school: Callable[..., Page], watch: Watch
) -> None:
    page = open_school()
    page.evaluate("window.stayed = true")
    loaded = len(watch.requests)
    box(page, "name").fill(NEW_NAME)
    box(page, "Reason").fill(REASON)
    save(page)

    expect(page.get_by_role("status")).to_have_text(say("Saved"))
    expect(newest_entry(page)).to_contain_text(NEW_NAME)
    expect(box(page, "name")).to_have_value(NEW_NAME)
    expect(box(page, "Reason")).to_have_value("")
    assert page.evaluate("window.stayed")
    # A font may still arrive; of pages and fragments there is this one.
    sent = [one for one in watch.requests[loaded:] if one.resource_type in {"document", "xhr"}]
    assert [one.url for one in sent] == [f"{page.url}edit/"]
    assert in_database(cast.song_lam).name == NEW_NAME


def test_a_second_save_follows_on_the_first(open_school: Callable[..., Page]) -> None:
    page = open_school()
    for name in (NEW_NAME, SONG_LAM.name):
        box(page, "name").fill(name)
        box(page, "Reason").fill(REASON)
        save(page)
        expect(page.get_by_role("status")).to_have_text(say("Saved"))
        expect(newest_entry(page).get_by_role("insertion")).to_contain_text(name)
    assert in_database(cast.song_lam).version == 3


def test_saving_without_javascript_comes_back_with_a_message(
    open_school: Callable[..., Page], school_path: str
) -> None:
    page = open_school(javascript=False)
    box(page, "name").fill(NEW_NAME)
    box(page, "Reason").fill(REASON)
    save(page)

    expect(page).to_have_url(school_path)
    expect(page.get_by_role("main")).to_contain_text(
        say("The particulars of the school are saved.")
    )
    expect(newest_entry(page)).to_contain_text(NEW_NAME)
    expect(box(page, "name")).to_have_value(NEW_NAME)
    page.reload()
    expect(page.get_by_role("main")).not_to_contain_text(
        say("The particulars of the school are saved.")
    )


@with_and_without_javascript
def test_a_name_of_markup_is_shown_as_it_was_typed(
    open_school: Callable[..., Page], javascript: bool
) -> None:
    name = '<b onclick="alert(1)">Sông & "Lam"</b>'
    page = open_school(javascript)
    box(page, "name").fill(name)
    box(page, "Reason").fill(REASON)
    save(page)
    expect(newest_entry(page).get_by_role("insertion")).to_contain_text(name)
    expect(box(page, "name")).to_have_value(name)


# Refused ---------------------------------------------------------------------------------------------


# A field, what is typed there, the sentence it gets, and whether there is JavaScript.
Refusal = tuple[str, str, str, bool]
RULE = "Use 2 to 20 lower-case letters without diacritics, or digits, and no spaces."


@pytest.mark.parametrize(
    "refusal",
    [
        ("abbreviation", "THCS Số 1", RULE, True),
        ("abbreviation", "THCS Số 1", RULE, False),
        ("Reason", "", "This field is required.", True),
    ],
    ids=["abbreviation", "abbreviation without JavaScript", "reason"],
)
def test_what_cannot_be_saved_is_shown_again_with_the_sentence_at_the_field(
    open_school: Callable[..., Page], watch: Watch, refusal: Refusal
) -> None:
    name, typed, sentence, javascript = refusal
    watch.expect(422)
    page = open_school(javascript)
    good = {"name": NEW_NAME, "abbreviation": SONG_LAM.abbreviation, "Reason": REASON}
    for field, text in {**good, name: typed}.items():
        box(page, field).fill(text)
    save(page)

    refused = box(page, name)
    expect(refused).to_have_attribute("aria-invalid", "true")
    expect(refused).to_have_accessible_description(re.compile(re.escape(say(sentence))))
    for field, text in {**good, name: typed}.items():
        expect(box(page, field)).to_have_value(text)
    summary = page.get_by_role(
        "group",
        name=say_count(
            "Nothing was saved yet: please check %(count)s place.",
            "Nothing was saved yet: please check %(count)s places.",
            1,
        ),
    )
    if javascript:
        expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(refused).to_be_focused()
    assert in_database(cast.song_lam).name == SONG_LAM.name

    refused.fill(good[name])
    save(page)
    expect(newest_entry(page)).to_contain_text(NEW_NAME)


def test_a_page_that_lost_its_version_is_to_be_reloaded(
    open_school: Callable[..., Page], watch: Watch
) -> None:
    watch.expect(422)
    page = open_school()
    page.locator("input[name=version]").evaluate("input => { input.value = ''; }")
    box(page, "name").fill(NEW_NAME)
    box(page, "Reason").fill(REASON)
    save(page)
    words = say("This page is out of date: reload it before you save.")
    summary = page.get_by_role("group", name=words)
    expect(summary).to_be_focused()
    expect(summary.get_by_role("listitem")).to_have_count(0)
    expect(summary).not_to_contain_text(say("This field is required."))


def test_a_teacher_reads_and_is_told_who_may_change(visit: Visit, school_path: str) -> None:
    page = visit(CHI)
    page.goto(school_path)
    main = page.get_by_role("main")
    expect(main).to_contain_text(SONG_LAM.name)
    expect(main).to_contain_text(SONG_LAM.address_since)
    expect(main).to_contain_text(say("You can read this page but not change it"))
    expect(main.get_by_role("textbox")).to_have_count(0)
    expect(main.get_by_role("button")).to_have_count(0)
    expect(newest_entry(page)).to_contain_text(SONG_LAM.name)


# Nothing typed is lost -------------------------------------------------------------------------------


def test_a_session_that_ended_leaves_what_was_typed_and_says_what_to_do(
    open_school: Callable[..., Page], watch: Watch
) -> None:
    watch.expect(401)
    page = open_school()
    box(page, "name").fill(NEW_NAME)
    box(page, "Reason").fill(REASON)
    in_database(Session.objects.all().delete)
    save(page)

    expect(page.get_by_role("alert")).to_contain_text(say("You are signed out"))
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(box(page, "name")).to_have_value(NEW_NAME)
    expect(box(page, "Reason")).to_have_value(REASON)
    expect(page.get_by_role("button", name=say("Save"), exact=True)).to_be_enabled()
    assert in_database(cast.song_lam).name == SONG_LAM.name


def test_without_javascript_a_session_that_ended_leads_over_signing_in_back_to_the_form(
    open_school: Callable[..., Page], school_path: str
) -> None:
    page = open_school(javascript=False)
    box(page, "name").fill(NEW_NAME)
    box(page, "Reason").fill(REASON)
    in_database(Session.objects.all().delete)
    save(page)
    expect(page.get_by_role("main")).to_contain_text(
        say("You had been signed out, so what you sent last was not saved.")
    )
    sign_in(page, AN)
    expect(page).to_have_url(school_path)
    expect(box(page, "name")).to_be_visible()


def test_a_lost_connection_leaves_what_was_typed_and_a_second_try_saves_it(
    open_school: Callable[..., Page], watch: Watch
) -> None:
    page = open_school()
    box(page, "name").fill(NEW_NAME)
    box(page, "Reason").fill(REASON)
    page.context.set_offline(True)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text(say("No connection"))
    expect(box(page, "name")).to_have_value(NEW_NAME)
    assert all("ERR_INTERNET_DISCONNECTED" in one or "htmx" in one for one in watch.problems)
    watch.problems.clear()

    page.context.set_offline(False)
    save(page)
    expect(newest_entry(page)).to_contain_text(NEW_NAME)
    expect(page.get_by_role("alert")).to_have_count(0)


def take_the_duty_of_an() -> None:
    """From today she is no administrator any more, but Bình is one."""
    duties.charge(
        school=cast.song_lam(),
        user=cast.user(cast.BINH),
        role=Role.ADMIN,
        begins_on=cast.START,
        actor=User.objects.system(),
    )
    duty = Duty.objects.get(user=cast.user(AN), role=Role.ADMIN)
    duties.discharge(
        duty_id=duty.pk,
        last_day=cast.TODAY - timedelta(days=1),
        actor=User.objects.system(),
    )


def test_a_right_that_was_lost_meanwhile_is_told_and_leaves_what_was_typed(
    open_school: Callable[..., Page], watch: Watch
) -> None:
    watch.expect(403)
    page = open_school()
    box(page, "name").fill(NEW_NAME)
    box(page, "Reason").fill(REASON)
    in_database(take_the_duty_of_an)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text(say("You may not do this"))
    expect(box(page, "name")).to_have_value(NEW_NAME)


class Asked:
    """Counts how often the browser asks whether to leave, and stays."""

    def __init__(self, page: Page) -> None:
        self.times = 0
        page.on("dialog", self._stay)

    def _stay(self, dialog: Dialog) -> None:
        assert dialog.type == "beforeunload"
        self.times += 1
        dialog.dismiss()


def test_leaving_with_something_unsaved_asks_first(open_school: Callable[..., Page]) -> None:
    page = open_school()
    asked = Asked(page)
    box(page, "name").fill(NEW_NAME)
    with page.expect_event("dialog"):
        page.get_by_role("link", name=say("Home"), exact=True).click(no_wait_after=True)
    assert asked.times == 1
    expect(box(page, "name")).to_have_value(NEW_NAME)


def test_leaving_with_nothing_unsaved_asks_nothing(open_school: Callable[..., Page]) -> None:
    page = open_school()
    asked = Asked(page)
    box(page, "name").fill(NEW_NAME)
    box(page, "name").fill(SONG_LAM.name)
    page.reload()
    box(page, "name").fill(NEW_NAME)
    box(page, "Reason").fill(REASON)
    save(page)
    expect(page.get_by_role("status")).to_have_text(say("Saved"))
    page.get_by_role("link", name=say("Home"), exact=True).click()
    expect(page).to_have_url("/")
    assert asked.times == 0
