"""R-223: the responsibility statement is accepted once a school year, and that stays."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import timezone

from schoolbook.models import Acceptance
from schoolbook.rules import statement
from schoolbook.services import statements
from tests import cast

pytestmark = pytest.mark.django_db


def on(day, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime.combine(date(*day), time(5), UTC))


def test_accepting_records_who_when_and_which_words():
    statements.accept(actor=cast.user(cast.CHI))
    row = Acceptance.history.get()
    assert row.history_user == cast.user(cast.CHI)
    assert (row.text_version, row.text_digest) == (statement.VERSION, statement.digest())
    assert row.accepted_at


def test_accepting_again_in_the_same_year_changes_nothing_and_a_new_year_asks_anew(monkeypatch):
    for day in ((2026, 8, 1), (2027, 7, 31), (2027, 8, 1)):
        on(day, monkeypatch)
        statements.accept(actor=cast.user(cast.CHI))
    years = Acceptance.objects.order_by("first_year").values_list("first_year", flat=True)
    assert list(years) == [2026, 2027]
    assert Acceptance.history.count() == 2
