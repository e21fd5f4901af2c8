"""R-022, R-024: the home page asks the homeroom teacher for the list, in time and afterwards."""

from datetime import date

import pytest

from schoolbook import cards_classes, clock
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "tone"),
    [(date(2026, 9, 13), "due"), (date(2026, 9, 14), "late"), (date(2027, 5, 29), "late")],
)
def test_the_list_is_due_until_the_end_of_week_2_and_late_afterwards(monkeypatch, day, tone):
    monkeypatch.setattr(clock, "today", lambda: day)
    (card,) = cards_classes.lists(cast.user(cast.LAN))
    assert (card.tone, card.href) == (tone, f"/classes/{cast.class_group().pk}/")
    assert "6A" in str(card.title)
    assert "13/09/2026" in str(card.due)


@pytest.mark.parametrize("person", [cast.AN, cast.BINH, cast.CHI, cast.QUYEN])
def test_nobody_else_is_asked(person):
    assert list(cards_classes.lists(cast.user(person))) == []


def test_it_stands_on_the_home_page(as_person):
    address = f"/classes/{cast.class_group().pk}/"
    assert address in as_person(cast.LAN).get("/").content.decode()
    assert address not in as_person(cast.AN).get("/").content.decode()
