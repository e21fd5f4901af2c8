"""Teachers who type marks over HTTP and write down what they were told: the ledger that is compared at the end."""

from __future__ import annotations

import http.client
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client

from bench.ready import READY
from schoolbook.models import User
from schoolbook.services import drafts

assert READY
TIMEOUT = 20


@dataclass(frozen=True)
class Cell:
    """A cell of a sheet, as the address and the edit name it."""

    class_subject: int
    term: int
    student: int
    component: str
    number: int


@dataclass
class Told:
    """What the server has said of a cell: the newest version and value, and what was sent and not answered yet."""

    version: int = 0
    shown: str = ""
    in_flight: list[str] = field(default_factory=list)


@dataclass
class Ledger:
    """Everything that one teacher was told, and how often."""

    cells: dict[Cell, Told] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, tuple[Cell, str, int]] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)

    def count(self, what: str) -> None:
        """One more."""
        self.counts[what] = self.counts.get(what, 0) + 1


class Teacher:
    """One signed-in browser without a face."""

    def __init__(self, user: User, port: int, seed: int) -> None:
        self.user, self.port = user, port
        self.chance = random.Random(seed)  # noqa: S311 - the same teacher every time
        self.ledger = Ledger()
        client = Client(headers={"host": "localhost"})
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        self.session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.token = "".join(self.chance.choices("abcdefghijklmnopqrstuvwxyz", k=32))
        self._connection: http.client.HTTPConnection | None = None

    def key(self) -> str:
        """A key for an edit, the same in every run of the same seed."""
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def edit(self, cell: Cell, typed: str) -> dict[str, Any]:
        """An edit of a cell, against the version that this teacher was told last."""
        told = self.ledger.cells.setdefault(cell, Told())
        return {
            "key": self.key(),
            "student": cell.student,
            "component": cell.component,
            "number": cell.number,
            "typed": typed,
            "seen": told.version,
        }

    def send(self, class_subject: int, term: int, edits: list[dict[str, Any]]) -> bool:
        """Send a batch once; whether it was answered. What was answered goes into the ledger."""
        for edit in edits:
            self.ledger.sent.add(edit["key"])
        try:
            status, body = self.post(
                f"/sheets/subjects/{class_subject}/{term}/save/",
                {"account": drafts.account(self.user), "edits": edits},
            )
        except (OSError, http.client.HTTPException):
            self.close()
            self.ledger.count("no answer")
            return False
        if status != http.HTTPStatus.OK:
            self.ledger.count(f"status {status}")
            return False
        self.note(class_subject, term, edits, body["answers"])
        return True

    def note(
        self,
        class_subject: int,
        term: int,
        edits: Iterable[dict[str, Any]],
        answers: Iterable[dict[str, Any]],
    ) -> None:
        """Write down the answers."""
        for edit, answer in zip(edits, answers, strict=True):
            assert edit["key"] == answer["key"]
            cell = Cell(class_subject, term, edit["student"], edit["component"], edit["number"])
            self.ledger.count(answer["status"])
            told = self.ledger.cells.setdefault(cell, Told())
            if answer["status"] in {"saved", "repeated"}:
                self.ledger.acknowledged[edit["key"]] = (cell, answer["shown"], answer["version"])
            if answer["status"] != "refused":
                told.version = max(told.version, answer["version"])
                told.shown = answer["shown"]

    def post(self, path: str, data: dict[str, Any]) -> tuple[int, Any]:
        """One request; the status and the JSON of the answer."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={self.token}"
        self._connection.request(
            "POST",
            path,
            json.dumps(data),
            {
                "Host": "localhost",
                "Content-Type": "application/json",
                "Accept": "application/json",
                "Cookie": cookies,
                "X-CSRFToken": self.token,
                "Referer": "http://localhost/",
            },
        )
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.headers.get("Content-Type", "").startswith("application/json"):
            return answer.status, json.loads(body)
        return answer.status, body

    def close(self) -> None:
        """Drop the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
