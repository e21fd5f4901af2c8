"""What pages cost, and whether the watch over them is awake."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import Visit, sign_in
from tests.browser.watch import Watch
from tests.cast import AN

FIRST_VISIT, LATER_PAGE = 150_000, 30_000  # bytes over the wire, headers included


@pytest.fixture
def site(shared_site: str) -> str:
    """These tests only look."""
    return shared_site


class Meter:
    """Counts what the browser receives, as it came over the wire."""

    def __init__(self, page: Page) -> None:
        self.received = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.requestWillBeSent", self._redirected)

    def read(self) -> int:
        """The bytes since it was read last."""
        read, self.received = self.received, 0
        return read

    def _finished(self, event: dict[str, float]) -> None:
        self.received += int(event["encodedDataLength"])

    def _redirected(self, event: dict[str, dict[str, float]]) -> None:
        if "redirectResponse" in event:
            self.received += int(event["redirectResponse"]["encodedDataLength"])


def test_first_visit_and_later_pages_are_light(visit: Visit, school_path: str) -> None:
    page = visit()
    meter = Meter(page)
    page.goto("/")
    sign_in(page, AN)
    expect(page).to_have_url("/")
    settle(page)
    assert 20_000 < meter.read() <= FIRST_VISIT

    for path in (school_path, "/"):
        page.goto(path)
        settle(page)
        assert 0 < meter.read() <= LATER_PAGE


def settle(page: Page) -> None:
    """Wait for the fonts too."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => true)")


def test_styles_and_scripts_travel_compressed_and_are_kept_for_good(
    visit: Visit, watch: Watch
) -> None:
    page = visit(AN)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks what it is given
    page.goto("/gallery/")
    text = [one for one in answers if one.request.resource_type in {"stylesheet", "script"}]
    assert len(text) >= 8
    assert {one.header_value("content-encoding") for one in text} == {"br"}
    assert all("immutable" in (one.header_value("cache-control") or "") for one in text)


MISHAPS = {
    "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')": "inline style",
    "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))": (
        "inline script"
    ),
    "setTimeout(() => { throw new Error('hỏng') })": "exception: hỏng",
    "console.error('kêu cứu')": "console: kêu cứu",
    "fetch('/khong-co/').then(answer => answer.text())": "answer 404",
    "fetch('http://127.0.0.2:9/').catch(() => 0)": "http://127.0.0.2:9/",
}


def test_the_watch_sees_every_kind_of_mishap(visit: Visit, watch: Watch) -> None:
    page = visit(AN)
    page.goto("/")
    for script in MISHAPS:
        page.evaluate(f"async () => {{ await {script} }}")
    page.context.close()  # all that happened has been told by then
    problems = "\n".join(watch.problems)
    watch.problems.clear()
    assert [words for words in MISHAPS.values() if words not in problems] == [], problems


def test_the_watch_misses_an_answer_that_was_announced(watch: Watch) -> None:
    watch.expect(409)
    assert watch.verdict() == ["no answer was 409"]
    watch._expected.clear()
