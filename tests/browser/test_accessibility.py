"""What axe finds in the states that pages come to, and what a screen reader is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from schoolbook import demo, registry
from schoolbook.demo import Account
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit, sign_in
from tests.browser.test_school import box, newest_entry, save
from tests.browser.watch import Watch
from tests.browser.words import label, say
from tests.cast import AN, SONG_LAM


@pytest.mark.parametrize("width", [NARROW, WIDE])
class TestAxe:
    @pytest.fixture
    def site(self, shared_site: str) -> str:
        """These tests only look."""
        return shared_site

    def test_finds_nothing_on_a_form_that_was_refused_or_with_the_menu_open(
        self, visit: Visit, watch: Watch, school_path: str, width: int
    ) -> None:
        watch.expect(422)
        page = visit(AN, width=width)
        page.goto(school_path)
        box(page, "name").fill("")
        save(page)
        expect(box(page, "name")).to_have_attribute("aria-invalid", "true")
        page.get_by_role("banner").locator("summary").click()
        expect(page.get_by_role("button", name=say("Sign out"))).to_be_visible()
        assert violations(page) == []

    def test_finds_nothing_on_the_sign_in_page_of_a_demo_with_a_refused_password(
        self,
        visit: Visit,
        width: int,
        settings: Any,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        settings.MODE = "demo"
        monkeypatch.setattr(demo, "ACCOUNTS", tmp_path / "accounts.json")
        account = Account(AN.full_name, "admin", SONG_LAM.name, AN.username, "x")
        demo.save_accounts([account], demo.ACCOUNTS)
        page = visit(width=width)
        page.goto("/sign-in/")
        sign_in(page, AN, "sai-mat-khau")
        expect(page.get_by_role("group", name=say("You are not signed in yet"))).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text=SONG_LAM.name)).to_be_visible()
        assert violations(page) == []

    def test_finds_nothing_on_the_page_of_a_fault_of_ours(
        self, visit: Visit, watch: Watch, width: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        watch.expect(500)
        monkeypatch.setattr(registry.worklist, "cards", lambda _user: 1 / 0)
        page = visit(AN, width=width)
        answer = page.goto("/")
        assert answer is not None
        expect(page.get_by_role("main")).to_contain_text(answer.headers["x-request-id"])
        assert violations(page) == []


def test_axe_would_find_a_box_without_a_name(visit: Visit, school_path: str) -> None:
    page = visit(AN)
    page.goto(school_path)
    page.evaluate("document.querySelector('label').remove()")
    assert [line.split(":")[0] for line in violations(page)] == ["label"]


def test_a_history_entry_says_who_when_what_before_and_after_and_why(
    visit: Visit, school_path: str
) -> None:
    page = visit(AN)
    page.goto(school_path)
    expect(newest_entry(page)).to_contain_text(say("Recorded for the first time"))
    box(page, "address since 1 July 2025").fill("Số 7 đường Bến Đò, xã Hạ Lưu")
    box(page, "Reason").fill("Đánh lại số nhà")
    save(page)

    entry = newest_entry(page)
    expect(entry).to_contain_text("Đánh lại số nhà")
    moment = entry.get_by_role("time").inner_text()
    expect(entry).to_match_aria_snapshot(
        f"""
        - listitem:
          - strong: {AN.full_name}
          - time: "{moment}"
          - term: {label("address since 1 July 2025")}
          - definition:
            - deletion: "{say("Before:")} {SONG_LAM.address_since}"
            - insertion: "{say("After:")} Số 7 đường Bến Đò, xã Hạ Lưu"
          - paragraph: "{say("Reason:")} Đánh lại số nhà"
        """
    )


def test_landmarks_and_controls_have_names(visit: Visit, school_path: str) -> None:
    page = visit(AN, width=NARROW)
    page.goto(school_path)
    for role, name in [
        ("navigation", say("Main navigation")),
        ("complementary", say("History")),
        ("region", say("Name and addresses")),
        ("link", say("Schoolbook")),
        ("button", "English"),
        ("button", say("Save")),
        ("textbox", label("name")),
        ("textbox", label("abbreviation")),
        ("textbox", f"{label('address until 30 June 2025')} {say('(optional)')}"),
        ("textbox", label("address since 1 July 2025")),
        ("textbox", label("Reason")),
    ]:
        expect(page.get_by_role(role, name=name, exact=True)).to_have_count(1)  # type: ignore[arg-type]
    # The name of the person is not drawn on a narrow screen, and still said.
    expect(page.get_by_role("banner").locator("summary")).to_contain_text(AN.full_name)
    here = page.get_by_role("navigation").get_by_role("link", name=say("School"), exact=True)
    expect(here).to_have_attribute("aria-current", "page")


def test_each_mark_of_the_sheet_is_named_by_pupil_column_and_state(visit: Visit) -> None:
    page = visit(AN)
    page.goto("/gallery/")
    names = page.locator(".sheet td.mark input").evaluate_all(
        "inputs => inputs.map(input => input.ariaLabel)"
    )
    assert "Nguyễn Hoàng Bảo Anh, ĐĐGtx 2" in names
    assert f"Lê Thị Ngọc Ánh, ĐĐGtx 2: {say('Not accepted')}" in names
    assert len(set(names)) == len(names)
