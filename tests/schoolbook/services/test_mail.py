"""E-mail: sent where it is set up, to whom has an address, and never in the way of anything."""

import smtplib

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy
from kombu.exceptions import OperationalError

from schoolbook import tasks
from schoolbook.celery import app
from schoolbook.errors import Invalid
from schoolbook.models import User
from schoolbook.services import mail, people
from tests import cast

pytestmark = pytest.mark.django_db
NEWS = {
    "subject": "Có giấy đề nghị chờ duyệt",
    "text": "Mời thầy cô xem.",
    "path": "/corrections/7/",
}


@pytest.fixture
def set_up(settings):
    settings.SENDS_MAIL = True
    settings.SITE_URL = "https://so.example.edu.vn"
    settings.DEFAULT_FROM_EMAIL = "so@example.edu.vn"


@pytest.fixture
def queue(monkeypatch):
    """What was put into the queue."""
    put = []
    monkeypatch.setattr(app, "send_task", lambda name, **more: put.append((name, more)))
    return put


def give_address(*people):
    for person in people:
        mail.choose_address(address=f"{person.username}@example.edu.vn", actor=cast.user(person))


def ids(*people):
    return [cast.user(person).pk for person in people]


@pytest.mark.usefixtures("set_up")
def test_each_gets_a_message_of_their_own_with_a_link():
    give_address(cast.BINH, cast.THU, cast.CHI)
    assert tasks.send_mail(ids(cast.THU, cast.BINH, cast.LAN), **NEWS) == 2
    first, second = outbox.outbox
    assert (first.to, second.to) == (
        ["binhtv.songlam@example.edu.vn"],
        ["thuvt.songlam@example.edu.vn"],
    )
    assert first.from_email == "so@example.edu.vn"
    assert first.subject == NEWS["subject"]
    assert "https://so.example.edu.vn/corrections/7/" in first.body
    assert first.extra_headers["Auto-Submitted"] == "auto-generated"
    assert not first.cc
    assert not first.bcc


def test_where_it_is_not_set_up_nothing_is_sent_or_queued(
    settings, queue, django_capture_on_commit_callbacks
):
    assert not settings.SENDS_MAIL
    give_address(cast.BINH)
    with django_capture_on_commit_callbacks(execute=True) as waiting:
        mail.tell(ids(cast.BINH), **NEWS)
    assert (waiting, queue) == ([], [])
    assert tasks.send_mail(ids(cast.BINH), **NEWS) == 0
    assert outbox.outbox == []


@pytest.mark.usefixtures("set_up")
def test_it_is_queued_in_vietnamese_when_the_act_has_committed(
    queue, django_capture_on_commit_callbacks
):
    with translation.override("en"), django_capture_on_commit_callbacks(execute=True):
        mail.tell([3, 1, 3], gettext_lazy("Your account"), "x", "/account/")
        assert queue == []
    ((name, sent),) = queue
    assert name == tasks.send_mail.name
    assert sent["args"] == [[1, 3]]
    assert sent["kwargs"] == {"subject": "Tài khoản của thầy cô", "text": "x", "path": "/account/"}
    assert sent["retry"] is False


@pytest.mark.usefixtures("set_up")
def test_an_act_that_is_undone_tells_nobody(queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as waiting, transaction.atomic():
        mail.tell([1], **NEWS)
        transaction.set_rollback(True)
    assert queue == []
    assert waiting == []


@pytest.mark.usefixtures("set_up")
@pytest.mark.parametrize("error", [OperationalError("away"), ConnectionRefusedError()])
def test_a_queue_that_is_away_stops_no_act(
    error, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def away(*_given, **_more):
        raise error

    monkeypatch.setattr(app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        mail.tell([1], **NEWS)
    assert caplog.records[-1].msg["event"] == "mail_not_queued"


class Away(EmailBackend):
    """A mail server that is away."""

    def open(self):
        """It does not answer."""
        raise TimeoutError


class Picky(EmailBackend):
    """A mail server that does not know everybody."""

    def send_messages(self, messages):
        """Refuse the principal."""
        if any("binhtv" in address for one in messages for address in one.to):
            raise smtplib.SMTPRecipientsRefused({})
        return super().send_messages(messages)


@pytest.mark.usefixtures("set_up")
@pytest.mark.parametrize(
    ("backend", "arrive", "event"),
    [(Away, 0, "mail_server_away"), (Picky, 1, "mail_not_sent")],
)
def test_what_a_mail_server_refuses_stops_neither_the_others_nor_the_worker(
    backend, arrive, event, settings, caplog
):
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"
    give_address(cast.BINH, cast.THU)
    assert tasks.send_mail(ids(cast.BINH, cast.THU), **NEWS) == arrive
    assert [record.msg["event"] for record in caplog.records if record.name == mail.__name__] == [
        event
    ]
    assert "binhtv" not in caplog.text


@pytest.mark.usefixtures("set_up")
def test_a_closed_account_gets_no_mail():
    give_address(cast.BINH)
    people.close_account(user_id=cast.user(cast.BINH).pk, actor=User.objects.system())
    assert tasks.send_mail(ids(cast.BINH), **NEWS) == 0


@pytest.mark.usefixtures("set_up")
def test_a_title_cannot_add_lines_to_the_head_of_a_message():
    give_address(cast.BINH)
    tasks.send_mail(ids(cast.BINH), **{**NEWS, "subject": "x\r\nBcc: y@example.org"})
    assert outbox.outbox[0].subject == "x Bcc: y@example.org"
    assert outbox.outbox[0].recipients() == ["binhtv.songlam@example.edu.vn"]


def test_an_address_is_chosen_by_its_owner_with_history():
    give_address(cast.CHI)
    give_address(cast.CHI)  # the same again
    kept = User.history.filter(id=cast.user(cast.CHI).pk).order_by("history_id")
    assert [row.email for row in kept][-2:] == ["", "chinm.songlam@example.edu.vn"]
    assert kept.last().actor_name == cast.CHI.full_name
    for nonsense in ("x", "x@y z", "a" * 250 + "@b.vn", "a@b.vn\nBcc: c@d.vn"):
        with pytest.raises(Invalid) as caught:
            mail.choose_address(address=nonsense, actor=cast.user(cast.CHI))
        assert set(caught.value.errors) == {"email"}
    mail.choose_address(address="", actor=cast.user(cast.CHI))
    assert cast.user(cast.CHI).email == ""
