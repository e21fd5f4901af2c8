"""Rows that only the app role could have written past the services; and requests in every state."""

from __future__ import annotations

from schoolbook.rules.regulation import Witness
from tests import cast
from tests.approvals import requests
from tests.gradebook import book
from tests.gradebook.closing import lock

WITNESSES = (Witness.ADMIN, Witness.HOMEROOM_TEACHER)


def closed_sheet() -> None:
    """Toán of 6A with marks of everybody, locked."""
    who = dict.fromkeys((cast.pupil(name) for name in cast.PUPILS), book.TERM_OF_MARKS)
    book.fill(book.place(), cast.user(cast.CHI), who)
    lock()


def in_every_state() -> dict[str, int]:
    """The ids of requests of Chi's about other cells of the first pupil, by state; two witnesses are asked for."""
    closed_sheet()
    requests.regulated(correction_witnesses=WITNESSES)
    cells = iter(["regular:1", "regular:2", "regular:3", "regular:4", "midterm:1"])
    submitted = requests.sent(typed={next(cells): "9"})
    refused = requests.decided(requests.sent(typed={next(cells): "9"}), agreed=False)
    approved = requests.decided(requests.sent(typed={next(cells): "9"}))
    witnessed = requests.witnessed(requests.decided(requests.sent(typed={next(cells): "9"})))
    last = requests.witnessed(requests.decided(requests.sent(typed={next(cells): "9"})))
    draft = requests.with_evidence(requests.drafted({"final:1": "9"}))
    rows = (draft, submitted, refused, approved, witnessed, requests.applied(last))
    return {row.state: row.pk for row in rows}
