"""The thread in which Playwright and its Chromium live.

Playwright's synchronous API keeps an asyncio loop running in the thread that started it, and Django refuses to touch
the database in such a thread. In the main thread that would break every other test of the same process, so Playwright
gets a thread of its own: the bodies of the browser tests run there, fixtures stay where they always are, and a test
that needs a row asks for it with `in_database`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.db import connections
from playwright.sync_api import Browser, Playwright, sync_playwright

P = ParamSpec("P")
T = TypeVar("T")

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Nothing but the pages under test may use the network.
ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


class Stage:
    """One Chromium, with a new profile, and the thread that may speak to it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "browser")
        self._playwright: Playwright = self.run(lambda: sync_playwright().start())
        self.browser: Browser = self.run(lambda: launch(self._playwright))

    def run(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do something in the browser's thread, and wait for it."""
        return self._thread.submit(act, *args, **kwargs).result()

    def close(self) -> None:
        """End the browser and its thread."""
        self.run(self.browser.close)
        self.run(self._playwright.stop)
        self._thread.shutdown()


def launch(playwright: Playwright) -> Browser:
    """Start the Chromium of this machine."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise RuntimeError("Chromium is missing: install it (on Debian: apt-get install chromium).")
    # Chromium's sandbox does not work for root.
    return playwright.chromium.launch(
        executable_path=found, args=ARGUMENTS, chromium_sandbox=os.geteuid() != 0
    )


def in_database(question: Callable[[], T]) -> T:
    """Use the ORM from the body of a browser test: in another thread, whose connection ends with it."""

    def answer() -> T:
        try:
            return question()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1, "database") as thread:
        return thread.submit(answer).result()


def context_options(width: int, **options: Any) -> dict[str, Any]:
    """What every browser of these tests is: Vietnamese, in Viet Nam, and without animations."""
    return {
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "reduced_motion": "reduce",
        "viewport": {"width": width, "height": 800},
        **options,
    }
