"""What one's own requests ask of somebody on the home page."""

import pytest
from django.urls import reverse
from django.utils import translation

from approvals.cards_filing import own_requests
from approvals.services import requests as service
from tests import cast
from tests.approvals import requests
from tests.gradebook import book
from tests.gradebook.closing import lock, typed, unlock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def closed():
    cells = {**book.TERM_OF_MARKS, ("final", 1): "6,5"}
    book.fill(book.place(), cast.user(cast.CHI), {cast.pupil(cast.PUPILS[0]): cells})
    lock()


def cards(person=cast.CHI):
    with translation.override("en"):
        return list(own_requests(cast.user(person)))


def test_a_draft_that_was_not_sent_is_a_thing_to_do():
    row = requests.drafted()
    (card,) = cards()
    assert card.title == "1 request for a correction is not sent yet"
    assert (card.href, card.tone) == (reverse("approvals:draft", args=[row.pk]), "due")
    assert cast.PUPILS[0] in card.text
    assert cards(cast.THU) == []


def test_a_request_that_was_refused_says_why():
    row = requests.decided(requests.sent(), agreed=False)
    (card,) = cards()
    assert card.title.startswith("Your request was refused")
    assert card.text == "Chưa đủ minh chứng"
    assert card.href == reverse("approvals:correction", args=[row.pk])


def test_what_is_sent_or_taken_back_is_no_news():
    row = requests.sent()
    assert cards() == []
    service.withdraw(correction_id=row.pk, actor=cast.user(cast.CHI))
    assert cards() == []


def test_an_applied_correction_is_news_for_some_days(clock):
    requests.applied(requests.decided(requests.sent()))
    (card,) = cards()
    assert (card.title.split(":")[0], card.tone) == ("Your correction is made", "done")
    clock.forward(days=15)
    assert cards() == []


def test_an_expired_request_says_why_and_offers_to_ask_again(as_person):
    row = requests.sent()
    unlock()
    typed(book.place(), "7", seen=1)
    (card,) = cards()
    assert card.title.startswith("Your request has expired")
    assert "ĐĐGck" in card.text
    assert (card.tone, f"again={row.pk}" in card.href) == ("due", True)
    lock()
    assert 'value="9"' in as_person(cast.CHI).get(card.href).content.decode()


def test_the_cards_cost_one_query_and_three_with_news(exactly_queries):
    user = cast.user(cast.CHI)
    with exactly_queries(1):
        list(own_requests(user))
    requests.decided(requests.sent(), agreed=False)
    requests.drafted(typed={"midterm:1": "7"})
    with exactly_queries(3):
        list(own_requests(user))


def test_the_newest_five_are_told_one_by_one():
    for number in range(1, 5):
        requests.decided(requests.sent(typed={f"regular:{number}": "9"}), agreed=False)
    for cell in ("midterm:1", "final:1"):
        requests.decided(requests.sent(typed={cell: "9"}), agreed=False)
    assert len(cards()) == 5
