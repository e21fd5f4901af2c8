"""News by e-mail: who is told of which step, and what is not in it."""

import pytest
from django.urls import reverse

from approvals.models import CorrectionRequest
from approvals.rules.workflow import Event
from approvals.services import news
from approvals.services import requests as service
from schoolbook.models import User
from schoolbook.rules.regulation import Witness
from schoolbook.services import mail
from tests import cast
from tests.approvals import requests
from tests.approvals.pages import change_meanwhile, close_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch, settings):
    """What was to be written: to whom by name, subject, text and address."""
    close_class()
    settings.SENDS_MAIL = True
    found = []

    def tell(user_ids, subject, text, path):
        people = User.objects.filter(pk__in=user_ids).order_by("id")
        found.append(([one.full_name for one in people], str(subject), text, path))

    monkeypatch.setattr(mail, "tell", tell)
    return found


def names(told):
    return [people for people, *_rest in told]


def test_each_step_is_told_to_whose_turn_it_is_and_its_end_to_who_asked(told):
    requests.regulated(correction_witnesses=(Witness.HOMEROOM_TEACHER,))
    row = requests.decided(requests.sent())
    requests.applied(requests.word(row, Witness.HOMEROOM_TEACHER, cast.LAN))
    assert names(told) == [
        [cast.THU.full_name],
        [cast.LAN.full_name],
        [cast.AN.full_name],
        [cast.CHI.full_name],
    ]


def test_without_witnesses_an_administrator_is_told_at_once(told):
    requests.decided(requests.sent())
    people = names(told)
    assert people[-1] == [cast.AN.full_name]


def test_a_refusal_and_an_expiry_are_told_to_who_asked(told, monkeypatch):
    requests.decided(requests.sent(), agreed=False)
    row = requests.sent()
    change_meanwhile(row, monkeypatch)
    assert requests.decided(row).state == "expired"
    assert names(told)[1::2] == [[cast.CHI.full_name], [cast.CHI.full_name]]


def test_what_one_takes_back_is_told_to_nobody(told):
    row = requests.sent()
    told.clear()
    service.withdraw(correction_id=row.pk, actor=row.requested_by)
    assert told == []


def test_news_hold_no_marks_and_no_pupils_names(told):
    requests.decided(requests.sent(), agreed=False)
    row = CorrectionRequest.objects.get()
    for _people, subject, text, path in told:
        assert path == reverse("approvals:correction", args=[row.pk])
        assert "Toán" in text
        for word in (row.student.full_name, "6,5", row.reason, "minh chứng"):
            assert word not in subject + text


def test_nobody_is_looked_for_where_no_mail_is_set_up(told, settings, exactly_queries):
    row = requests.sent()
    settings.SENDS_MAIL = False
    with exactly_queries(0):
        news.tell(row, Event.SUBMIT, actor=row.requested_by)
