"""A lock in the browser: met, asked about, decided, carried out, typed past, and closed again by itself."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from gradebook.models import LockAct, Mark, WindowPlan
from gradebook.selectors import windows as plans
from gradebook.services import windows
from tests import cast
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.stage import in_database
from tests.browser.test_every_page import TOO_FAR_RIGHT
from tests.browser.test_sheet import FIRST, SECOND, cell, expect_saved, go, open_sheet, type_column
from tests.browser.words import say
from tests.conftest import Committed
from tests.gradebook.closing import lock, unlock

FINAL = "ĐĐGck"


def let_time_pass(committed: Committed, by: timedelta) -> None:
    """Move the school clock of the database, as only its owner can."""
    with psycopg.connect(committed.url("owner")) as connection:
        connection.execute(
            'INSERT INTO schoolbook_clockoffset (id, kind, "offset") VALUES (1, %s, %s)',
            ("test", by),
        )


def ask_for_the_cell(page: Page) -> None:
    """From the closed cell to the form, which knows the cell, and on."""
    cell(page, column=FINAL).focus()
    expect(page.locator("#cell-line")).to_contain_text("12/QĐ")
    page.get_by_role("link", name=say("Ask for an unlock of this cell")).click()
    expect(page.get_by_label(say("Pupil"))).to_have_value(
        str(in_database(lambda: cast.pupil(FIRST).pk))
    )
    page.get_by_label(say("Reason")).fill("Nhập thiếu điểm của em Ánh")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name=say("Send the request")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        f"Toán · 6A · HKI · {FINAL} · {FIRST}"
    )


def test_a_teacher_gets_one_cell_unlocked_for_some_hours(
    visit: Visit, committed: Committed
) -> None:
    in_database(lambda: lock(component="final"))
    teacher = open_sheet(visit)
    expect(cell(teacher, column=FINAL)).to_have_attribute("readonly", "")
    ask_for_the_cell(teacher)

    principal = visit(cast.BINH)
    principal.goto("/")
    principal.get_by_role("link", name=say("Decide")).first.click()
    principal.locator("section", has=principal.locator("#to-decide")).get_by_role(
        "link", name=FIRST
    ).click()
    principal.get_by_label(say("Agree")).check()
    principal.get_by_label(say("Number of the decision")).fill("15/QĐ")
    principal.get_by_role("button", name=say("Record the decision")).click()
    expect(principal.get_by_text("15/QĐ")).to_be_visible()

    admin = visit(cast.AN)
    admin.goto(in_database(lambda: f"/locks/{LockAct.objects.latest('id').pk}/"))
    admin.get_by_role("button", name=say("Carry it out")).click()
    expect(admin.get_by_text(cast.AN.full_name).last).to_be_visible()

    go(teacher)
    expect(cell(teacher, SECOND, FINAL)).to_have_attribute("readonly", "")
    cell(teacher, column=FINAL).focus()
    type_column(teacher, ["85"])
    expect_saved(teacher, 1)
    assert in_database(lambda: str(Mark.objects.get().score)) == "8.5"

    let_time_pass(committed, timedelta(hours=3))
    go(teacher)
    expect(cell(teacher, column=FINAL)).to_have_attribute("readonly", "")
    expect(cell(teacher, column=FINAL)).to_have_value("8,5")
    cell(teacher, column=FINAL).focus()
    expect(teacher.locator("#cell-line")).to_contain_text("12/QĐ")


def test_what_is_typed_when_the_unlock_ends_is_refused_and_stays(
    visit: Visit, committed: Committed
) -> None:
    in_database(lambda: (lock(component="final"), unlock(component="final")))
    page = open_sheet(visit)
    let_time_pass(committed, timedelta(hours=2))
    cell(page, column=FINAL).focus()
    type_column(page, ["9"])
    expect(cell(page, column=FINAL)).to_have_attribute("aria-invalid", "true")
    expect(cell(page, column=FINAL)).to_have_value("9")
    cell(page, column=FINAL).focus()
    expect(page.locator("#cell-line")).to_contain_text("12/QĐ")
    assert in_database(Mark.objects.count) == 0


def school_with_locks() -> None:
    """Something on every page: a decided plan, a draft, a lock, an unlock and a request."""
    year = cast.class_group().year
    for _each in range(2):
        if plan := plans.in_force(year):
            lines = plans.lines_of(plan)[:-1]
            windows.save_draft(year_id=year.pk, lines=lines, version=0, actor=cast.user(cast.THU))
            break
        plan = windows.save_draft(
            year_id=year.pk, lines=plans.proposed(year), version=0, actor=cast.user(cast.THU)
        )
        windows.decide(
            plan_id=plan.pk,
            version=plans.mark(plan),
            actor=cast.user(cast.BINH),
            verified_at=timezone.now(),
            decision_number="7/QĐ",
        )
    lock("marks", term=1, book="subject")
    lock(class_group_id=cast.class_group("6B").pk)
    unlock(class_group_id=cast.class_group().pk)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_pages_of_windows_and_locks_hold_on_any_screen(visit: Visit, width: int) -> None:
    in_database(school_with_locks)
    year = in_database(lambda: cast.class_group().year_id)
    plan = in_database(lambda: WindowPlan.objects.get(state="draft").pk)
    act = in_database(lambda: LockAct.objects.earliest("id").pk)
    principal, teacher = visit(cast.BINH, width=width), visit(cast.CHI, width=width)
    sights = [
        (principal, "/windows/"),
        (principal, f"/windows/years/{year}/draft/"),
        (principal, f"/windows/{plan}/decide/"),
        (principal, "/locks/"),
        (principal, f"/locks/{act}/"),
        (principal, "/locks/ask/"),
        (teacher, "/windows/"),
        (teacher, "/locks/"),
        (teacher, "/locks/ask/"),
    ]
    wrong = []
    for page, path in sights:
        page.goto(path)
        wrong += [f"{path}: {one}" for one in page.evaluate(TOO_FAR_RIGHT) + violations(page)]
    assert wrong == []
