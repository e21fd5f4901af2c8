"""`make screenshots`: take the pictures of README.md anew, at the same hour of the same school year each time.

    python -m scripts.screenshots                        the pictures in docs/images
    python -m scripts.screenshots --all var/pages --width 360   every page in full, to look at

Servers and demo data are made for this run and gone afterwards.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock
from zoneinfo import ZoneInfo

import django
from playwright.sync_api import Browser, Page, sync_playwright

from schoolbook.embedded import Postgres, throwaway_home
from schoolbook.rules.permissions import Role
from tests.browser.server import serving
from tests.browser.stage import context_options, launch
from tests.browser.words import label, say

if TYPE_CHECKING:
    from schoolbook.demo import Account

CHECKOUT = Path(__file__).resolve().parent.parent
IMAGES = CHECKOUT / "docs" / "images"
DATABASE = "schoolbook"
WIDTH = 1280
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
OPENED = datetime(2026, 8, 3, 8, 5, tzinfo=HERE)
CHANGED = datetime(2026, 9, 7, 10, 42, tzinfo=HERE)
SHOWN = datetime(2026, 11, 20, 7, 15, tzinfo=HERE)
ADDRESS = "Số 12 đường Hoa Sữa, tổ dân phố 4, phường Sơn Hà, tỉnh Đông Giang"
REASON = "Quyết định số 128/QĐ-UBND ngày 04/9/2026 về đặt tên tổ dân phố"


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    """Let Django believe that it is this moment."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


@contextmanager
def demo_site() -> Iterator[tuple[str, list[Account]]]:
    """A demo on a database of its own; gives its origin and its accounts."""
    with throwaway_home() as home, Postgres(home, durable=False) as postgres:
        postgres.create_database(DATABASE)
        environment = {
            "DJANGO_SETTINGS_MODULE": "schoolbook.settings",
            "SCHOOLBOOK_MODE": "demo",
            "LOG_LEVEL": "ERROR",
        }
        os.environ.update(environment, DATABASE_URL=postgres.url("app", DATABASE))
        owner = {**os.environ, "DATABASE_URL": postgres.url("owner", DATABASE)}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(migrate, check=True, cwd=CHECKOUT, env=owner)
        django.setup()
        accounts = fill(home / "accounts.json")
        with clock(SHOWN), serving() as origin:
            yield origin, accounts


def holder(accounts: list[Account], role: Role) -> Account:
    """The first account with this duty."""
    return next(account for account in accounts if account.role == role)


def fill(path: Path) -> list[Account]:
    """Load the demo and let its first administrator change something; the accounts are kept in that file."""
    from django.db import connections  # noqa: PLC0415 - needs Django to be set up

    from schoolbook import demo  # noqa: PLC0415
    from schoolbook.models import User  # noqa: PLC0415
    from schoolbook.services import schools  # noqa: PLC0415

    demo.ACCOUNTS = path  # not those of a demo that may be running
    with clock(OPENED):
        accounts = demo.load()
    first = User.objects.get(username=holder(accounts, Role.ADMIN).username).school
    assert first is not None
    with clock(SHOWN):
        demo.tell(first.abbreviation)
    demo.save_accounts(accounts, path)
    admin = User.objects.get(username=holder(accounts, Role.ADMIN).username)
    school = admin.school
    assert school is not None
    present = {name: getattr(school, name) for name in schools.PARTICULARS}
    with clock(CHANGED):
        schools.edit(
            school_id=school.pk,
            version=school.version,
            particulars=schools.Particulars(**{**present, "address_since": ADDRESS}),
            reason=REASON,
            actor=admin,
        )
    connections.close_all()
    return accounts


def signed_in(browser: Browser, origin: str, account: Account, width: int) -> Page:
    """The home page of one of the accounts."""
    page = browser.new_context(**context_options(width, base_url=origin)).new_page()
    page.goto("/sign-in/")
    page.get_by_label(label("user name")).fill(account.username)
    page.get_by_label(say("Password"), exact=True).fill(account.password)
    page.get_by_role("button", name=say("Sign in"), exact=True).click()
    if account.totp_secret:
        # The page of the demo shows what the phone would.
        shown = page.get_by_text(re.compile(r"\b\d{6}\b")).first.inner_text()
        page.get_by_label(say("Code"), exact=True).fill("".join(re.findall(r"\b\d{6}\b", shown)))
        page.get_by_role("button", name=say("Continue"), exact=True).click()
    page.wait_for_url("/")
    return page


def take(page: Page, path: Path, *, whole: bool = False) -> None:
    """Take a picture when the fonts are there."""
    page.evaluate("document.fonts.ready.then(() => true)")
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=whole, animations="disabled", caret="hide")
    print(path)


def open_school(page: Page) -> None:
    """Follow the navigation to the particulars."""
    page.get_by_role("link", name=say("School"), exact=True).click()
    page.get_by_role("heading", name=say("School particulars"), level=1).wait_for()


def for_readme(browser: Browser, origin: str, accounts: list[Account], width: int) -> None:
    """The pictures of README.md."""
    page = signed_in(browser, origin, holder(accounts, Role.ADMIN), width)
    open_school(page)
    take(page, IMAGES / "school.png")
    teacher = signed_in(browser, origin, holder(accounts, Role.HOMEROOM_TEACHER), width)
    teacher.goto("/marks/?term=1")
    teacher.locator("main a[href^='/sheets/classes/']").first.click()
    teacher.get_by_role("link", name=say("Results of the class")).click()
    teacher.get_by_role("link", name=say("Term 1"), exact=True).click()
    take(teacher, IMAGES / "summary.png")
    teacher.goto("/marks/?term=1")
    teacher.locator("main a[href^='/sheets/subjects/']").first.click()
    teacher.locator("#sheet-form.is-live").wait_for()
    teacher.locator(".mark input").nth(9).focus()
    take(teacher, IMAGES / "sheet.png")


def for_looking(
    browser: Browser, origin: str, accounts: list[Account], width: int, folder: Path
) -> None:
    """Every page, in full."""
    stranger = browser.new_context(**context_options(width, base_url=origin)).new_page()
    stranger.goto("/sign-in/")
    take(stranger, folder / "sign-in.png", whole=True)
    admin = signed_in(browser, origin, holder(accounts, Role.ADMIN), width)
    take(admin, folder / "home.png", whole=True)
    open_school(admin)
    take(admin, folder / "school.png", whole=True)
    admin.get_by_role("textbox", name=label("Reason")).fill("")
    admin.get_by_role("button", name=say("Save"), exact=True).click()
    admin.locator("[aria-invalid=true]").first.wait_for()
    take(admin, folder / "school-refused.png", whole=True)
    for name, path in (("gallery", "/gallery/"), ("not-found", "/khong-co/")):
        page = admin.context.new_page()
        page.goto(path)
        take(page, folder / f"{name}.png", whole=True)
    teacher = signed_in(browser, origin, holder(accounts, Role.SUBJECT_TEACHER), width)
    open_school(teacher)
    take(teacher, folder / "school-read.png", whole=True)
    teacher.emulate_media(media="print")
    take(teacher, folder / "school-print.png", whole=True)


def main(arguments: Sequence[str]) -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description="Take pictures of the demo.")
    parser.add_argument("--all", metavar="FOLDER", type=Path, help="every page in full, there")
    parser.add_argument("--width", type=int, default=WIDTH, help="of the screen, in pixels")
    chosen = parser.parse_args(arguments)
    with demo_site() as (origin, accounts), sync_playwright() as playwright:
        browser = launch(playwright)
        if chosen.all:
            for_looking(browser, origin, accounts, chosen.width, chosen.all)
        else:
            for_readme(browser, origin, accounts, chosen.width)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
