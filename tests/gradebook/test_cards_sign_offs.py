"""What home says of sheets and classes that are to be confirmed, or confirmed again."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from gradebook import cards_sign_offs
from tests import cast
from tests.gradebook import book
from tests.gradebook.closing import typed, unlock
from tests.gradebook.services.test_class_sign_offs import confirm, prepared
from tests.gradebook.services.test_sign_offs import fill, sign, take_back
from tests.gradebook.views.confirming import of_class, of_sheet, text

pytestmark = pytest.mark.django_db


def move_to_after_term_1(monkeypatch):
    real = timezone.now
    day = datetime.combine(
        cast.class_group().year.term1_ends_on + timedelta(days=3),
        datetime.min.time(),
        tzinfo=timezone.get_current_timezone(),
    )
    ahead = day - real()
    monkeypatch.setattr(timezone, "now", lambda: real() + ahead)


def test_a_term_that_is_over_asks_for_its_sheets(as_person, monkeypatch):
    fill()
    assert of_sheet() not in text(as_person(cast.CHI).get("/"))
    move_to_after_term_1(monkeypatch)
    assert of_sheet() in text(as_person(cast.CHI).get("/"))
    row = sign()
    assert of_sheet() not in text(as_person(cast.CHI).get("/"))
    take_back(row)
    assert of_sheet() in text(as_person(cast.CHI).get("/"))


def test_a_change_asks_again_at_once(as_person):
    prepared()
    confirm()
    unlock()
    typed(book.place(), "9", seen=1)
    page = text(as_person(cast.CHI).get("/"))
    assert of_sheet() in page
    assert "task-late" in page
    assert of_class() in text(as_person(cast.LAN).get("/"))


def test_a_class_that_is_ready_is_asked_for_and_one_that_waits_says_so(as_person, monkeypatch):
    prepared(but=["toan"])
    assert of_class() not in text(as_person(cast.LAN).get("/"))
    move_to_after_term_1(monkeypatch)
    assert of_class() in text(as_person(cast.LAN).get("/"))
    sign()
    page = text(as_person(cast.LAN).get("/"))
    assert of_class() in page
    confirm()
    assert of_class() not in text(as_person(cast.LAN).get("/"))


def test_delegates_are_not_asked(as_person, monkeypatch):
    fill()
    move_to_after_term_1(monkeypatch)
    assert of_sheet() not in text(as_person(cast.VAN).get("/"))


@pytest.mark.parametrize("more", [0, 20])
def test_queries_do_not_grow(more, as_person, exactly_queries):
    book.more_pupils(more)
    book.teach_everything(cast.CHI)
    for person, provider, count in [
        (cast.CHI, cards_sign_offs.sheets_to_confirm, 3),
        (cast.LAN, cards_sign_offs.classes_to_confirm, 6),
        (cast.SON, cards_sign_offs.classes_to_confirm, 1),
    ]:
        user = cast.user(person)
        with exactly_queries(count):
            list(provider(user))
