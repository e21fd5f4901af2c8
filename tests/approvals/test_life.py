"""The life of a request through the services: from the locked cell to the corrected one."""

from decimal import Decimal

import pytest

from approvals.models import CorrectionRequest
from gradebook.models import Dispensation, Mark, SubjectResult
from tests import cast
from tests.approvals import requests
from tests.gradebook import book
from tests.gradebook.closing import lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed():
    """Toán of 6A with a mark of 6,5 at the end of the term, locked."""
    cells = {**book.TERM_OF_MARKS, ("final", 1): "6,5"}
    book.fill(book.place(), cast.user(cast.CHI), {cast.pupil(cast.PUPILS[0]): cells})
    lock()


def test_a_locked_mark_is_corrected_by_a_request_that_somebody_else_approved(closed):
    row = requests.applied(requests.decided(requests.sent()))
    mark = Mark.objects.get(component="final")
    assert (row.state, mark.score, mark.version) == ("applied", Decimal("9.0"), 2)
    newest = Mark.history.filter(id=mark.pk).latest("history_id")
    leave = Dispensation.objects.get(pk=newest.dispensation_id)
    assert (leave.correction, leave.approved_by, leave.old) == (row.pk, cast.user(cast.THU), "6,5")
    assert newest.actor_name == cast.AN.full_name
    assert SubjectResult.history.filter(history_user=cast.user(cast.AN)).exists()


def test_applying_twice_is_applying_once(closed):
    row = requests.applied(requests.decided(requests.sent()))
    assert requests.applied(row).applied_at == row.applied_at
    assert Mark.objects.get(component="final").version == 2
    assert CorrectionRequest.objects.get().state == "applied"
