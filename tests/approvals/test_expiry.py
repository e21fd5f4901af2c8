"""What a request is about changed meanwhile: it expires at once, and says what was there and what is (R-120)."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.models import CorrectionLine, CorrectionRequest
from approvals.services import requests as filing
from gradebook.models import Mark
from gradebook.services import marks
from gradebook.services.marks import Edit
from schoolbook.errors import Invalid
from schoolbook.rules.regulation import Witness
from tests import cast
from tests.approvals import requests
from tests.gradebook import book
from tests.gradebook.closing import lock, typed, unlock

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed():
    """Toán of 6A with marks of two pupils, locked."""
    who = {cast.pupil(name): book.TERM_OF_MARKS for name in cast.PUPILS[:2]}
    book.fill(book.place(), cast.user(cast.CHI), who)
    lock()


def state(row):
    return CorrectionRequest.objects.get(pk=row.pk).state


def later(text="7", cell=("final", 1), **more):
    """The same cell is typed in while the sheet is unlocked."""
    unlock()
    answer = typed(book.place(), text, cell, seen=1, **more)
    assert answer.version == 2, answer.sentence


@pytest.mark.parametrize("until", ["submitted", "approved", "witnessed"])
def test_a_request_expires_in_the_moment_in_which_its_cell_is_written(closed, until):
    if until == "approved":
        requests.regulated(correction_witnesses=(Witness.ADMIN,))
    row = requests.sent()
    if until != "submitted":
        row = requests.decided(row)
    assert row.state == until
    later()
    found = CorrectionRequest.objects.get()
    assert found.state == "expired"
    assert "8" in found.ending
    assert "7" in found.ending
    assert found.ended_at
    newest = CorrectionRequest.history.filter(id=row.pk).latest("history_id")
    assert (newest.actor_name, newest.history_change_reason) == (cast.CHI.full_name, found.ending)
    assert not CorrectionLine.objects.filter(is_open=True).exists()


def test_one_of_several_cells_is_enough_for_the_whole_request(closed):
    row = requests.sent(typed={"final:1": "9", "midterm:1": "9", "regular:2": "9"})
    later(cell=("regular", 2))
    assert state(row) == "expired"
    lock()
    again = requests.sent(typed={"final:1": "9", "regular:2": "9"})
    assert again.pk != row.pk


def test_other_cells_pupils_and_sheets_leave_it_open(closed):
    row = requests.sent()
    later(cell=("midterm", 1))
    later(pupil=cast.PUPILS[1])
    typed(book.place(term=2), "5")
    typed(book.class_place(), "Tốt", ("conduct", 1), person=cast.LAN)
    assert state(row) == "submitted"


def test_drafts_and_ended_requests_stay_what_they_are(closed):
    ended = requests.decided(requests.sent(), agreed=False)
    draft = requests.drafted()
    later()
    assert (state(ended), state(draft)) == ("refused", "draft")


def test_a_draft_of_a_cell_that_changed_is_not_sent_before_it_is_looked_at_again(closed):
    draft = requests.with_evidence(requests.drafted())
    later()
    lock()
    with pytest.raises(Invalid) as caught:
        filing.submit(correction_id=draft.pk, actor=cast.user(cast.CHI))
    assert "đã thay đổi" in str(caught.value.errors["__all__"])
    assert requests.drafted().pk == draft.pk
    row = filing.submit(correction_id=draft.pk, actor=cast.user(cast.CHI))
    assert (row.state, [line.old for line in row.lines.all()]) == ("submitted", ["7"])


def test_what_was_typed_back_has_changed_all_the_same(closed):
    row = requests.sent()
    unlock()
    typed(book.place(), "7", seen=1)
    typed(book.place(), "8", seen=2)
    assert state(row) == "expired"


def test_an_applied_correction_does_not_expire_itself_and_leaves_others_open(closed):
    first = requests.sent()
    other = requests.sent(typed={"midterm:1": "9"})
    requests.applied(requests.decided(first))
    assert (state(first), state(other)) == ("applied", "submitted")
    requests.applied(requests.decided(other))
    assert state(other) == "applied"


def test_a_cell_that_changed_past_the_news_expires_the_request_when_somebody_turns_to_it(
    closed, monkeypatch
):
    monkeypatch.setattr("gradebook.signals.cells_written.send", lambda *_any, **_more: None)
    row = requests.sent()
    later()
    assert state(row) == "submitted"
    assert requests.decided(row).state == "expired"
    assert CorrectionRequest.objects.get().decided_by is None


def test_a_save_whose_requests_cannot_expire_saves_nothing(closed, monkeypatch):
    def fails(*_any, **_more):
        raise RuntimeError

    requests.sent()
    unlock()
    monkeypatch.setattr("approvals.services.expiring.expired", fails)
    with pytest.raises(RuntimeError):
        typed(book.place(), "7", seen=1)
    assert Mark.objects.get(component="final", student=cast.pupil()).version == 1


def test_a_save_asks_once_for_open_requests_however_many_cells_it_writes(closed):
    unlock()
    numbers = []
    for count in (1, 2):
        edits = [
            Edit(uuid4(), cast.pupil(name).pk, "regular", 1 + count, "5", 1)
            for name in cast.PUPILS[:count]
        ]
        with CaptureQueriesContext(connection) as seen:
            marks.save(place=book.place(), edits=edits, actor=cast.user(cast.CHI))
        asked = [one for one in seen.captured_queries if "approvals_" in one["sql"]]
        numbers.append(len(asked))
    assert numbers == [1, 1]
