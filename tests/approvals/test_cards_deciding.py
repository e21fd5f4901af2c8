"""Home: what requests ask of those who decide, witness and apply them."""

import pytest
from django.utils import translation

from approvals import cards_deciding
from schoolbook.rules.regulation import Witness
from tests import cast
from tests.approvals import requests
from tests.approvals.pages import close_class

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def closed(db):
    close_class()
    with translation.override("en"):
        yield


def cards(person):
    return list(cards_deciding.waiting_corrections(cast.user(person)))


def test_who_decides_hears_how_many_wait_and_since_when(clock):
    requests.sent(pupil=cast.PUPILS[1])
    clock.forward(days=2)
    requests.sent()
    [card] = cards(cast.THU)
    assert card.title == "2 requests for corrections wait for your decision"
    assert (card.due, card.tone) == ("the oldest for 2 days", "due")
    assert card.href == "/corrections/#to-decide"
    clock.forward(days=1)
    assert cards(cast.THU)[0].tone == "late"
    assert not [*cards(cast.BINH), *cards(cast.AN), *cards(cast.CHI), *cards(cast.KHANH)]


def test_a_witness_and_then_an_administrator_hear_of_their_turn():
    requests.regulated(correction_witnesses=(Witness.HOMEROOM_TEACHER,))
    row = requests.decided(requests.sent())
    [card] = cards(cast.LAN)
    assert card.title == "1 correction waits for you as a witness"
    assert not cards(cast.AN)
    requests.word(row, Witness.HOMEROOM_TEACHER, cast.LAN)
    assert not cards(cast.LAN)
    [card] = cards(cast.AN)
    assert card.title == "1 approved correction is to be applied"
    requests.applied(row)
    assert not cards(cast.AN)


def test_how_long_something_waits_counts_from_the_step_before(clock):
    row = requests.sent()
    clock.forward(days=5)
    requests.decided(row)
    [card] = cards(cast.AN)
    assert (card.due, card.tone) == ("since today", "due")


@pytest.mark.parametrize("more", [0, 2])
def test_cards_take_as_many_queries_however_much_waits(exactly_queries, more):
    thu, an = cast.user(cast.THU), cast.user(cast.AN)
    for name in cast.PUPILS[: 1 + more]:
        requests.sent(pupil=name)
    for person in (thu, an):
        with exactly_queries(6):  # two for what one may do, and four
            list(cards_deciding.waiting_corrections(person))
