"""Looks over the shoulder of every browser: what goes wrong there fails the test, whatever the test looks at."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

HTTP_ERROR = 400
# The browser writes this for each answer of 400 and above; those are judged by their number instead.
ANSWER_REPORT = re.compile("^Failed to load resource: the server responded with a status of")
HTMX_REPORT = re.compile(r"^Response Status Error Code (\d{3}) ")
# The browser itself gave up a request because the person went on to another page.
ABANDONED = "net::ERR_ABORTED"


class Watch:
    """Gathers console errors (violations of the policy are such), exceptions, failures and requests to elsewhere."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.problems: list[str] = []
        self.requests: list[Request] = []
        self.dismissed = False  # the body of the test failed already, and says more
        self._expected: set[int] = set()
        self._met: set[int] = set()

    def follow(self, context: BrowserContext) -> None:
        """Watch everything in this context from now on."""
        context.on("console", self._console)
        context.on("weberror", self._exception)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def expect(self, *statuses: int) -> None:
        """Allow, and demand, that the test meets answers of these numbers."""
        self._expected |= set(statuses)

    def verdict(self) -> list[str]:
        """All that was wrong."""
        missing = self._expected - self._met
        return [*self.problems, *(f"no answer was {status}" for status in sorted(missing))]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error" or ANSWER_REPORT.match(message.text):
            return
        report = HTMX_REPORT.match(message.text)
        if report and int(report[1]) in self._expected:
            return
        self.problems.append(f"console: {message.text}")

    def _exception(self, error: WebError) -> None:
        self.problems.append(f"exception: {error.error}")

    def _request(self, request: Request) -> None:
        self.requests.append(request)
        if not request.url.startswith(f"{self.origin}/"):
            self.problems.append(f"request to elsewhere: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != ABANDONED:
            self.problems.append(f"failed: {request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status in self._expected:
            self._met.add(response.status)
        elif response.status >= HTTP_ERROR:
            self.problems.append(f"answer {response.status}: {response.url}")
