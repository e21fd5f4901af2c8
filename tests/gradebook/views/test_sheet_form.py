"""The sheet without JavaScript: a form that loses nothing, also when the session was over."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from gradebook.models import Mark
from schoolbook.services import drafts
from tests import cast
from tests.gradebook.sheets import address, edit, send

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
FIELD = re.compile(r'<input name="(m-[^"]+)"[^>]* value="([^"]*)">')
TEXT = re.compile(r'<textarea rows="1" name="(m-[^"]+)"[^>]*>([^<]*)</textarea>')
FORM = re.compile(r'<form[^>]*id="sheet-form".*?</form>', re.DOTALL)


def fields(answer):
    """Everything that the form on the page would send."""
    [form] = FORM.findall(answer.content.decode())
    found = {
        name: value for pattern in (HIDDEN, FIELD, TEXT) for name, value in pattern.findall(form)
    }
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def cell(pupil=cast.PUPILS[0], column="regular-1"):
    return f"m-{cast.pupil(pupil).pk}-{column}"


def opened(client, **typed):
    return {**fields(client.get(address())), cell(): "85", **typed}


def post(client, sent):
    return client.post(address(save=True), sent)


def test_what_was_typed_is_saved_and_the_page_says_how_much(as_person):
    client = as_person(cast.CHI)
    answer = post(client, opened(client, **{cell(column="comment-1"): "Tiến bộ\r\nrõ rệt"}))
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert 'value="8,5"' in page
    assert sorted(mark.text for mark in Mark.objects.all()) == ["", "Tiến bộ\nrõ rệt"]


def test_only_cells_that_were_changed_are_edits(as_person):
    client = as_person(cast.CHI)
    sent = opened(client)
    post(client, sent)
    send(as_person(cast.VAN), edit("6", pupil=cast.PUPILS[1]), account=cast.VAN)
    again = {**sent, cell(pupil=cast.PUPILS[2]): "9"}
    assert post(client, again).status_code == 302
    assert {mark.student.full_name: mark.version for mark in Mark.objects.all()} == dict.fromkeys(
        cast.PUPILS, 1
    )


def test_the_same_form_sent_twice_writes_once(as_person):
    client = as_person(cast.CHI)
    sent = opened(client)
    assert [post(client, sent).status_code for _ in range(2)] == [302, 302]
    assert Mark.history.count() == 1


def test_a_refused_cell_comes_back_with_its_text_and_reason_and_the_others_are_saved(as_person):
    client = as_person(cast.CHI)
    answer = post(client, opened(client, **{cell(pupil=cast.PUPILS[1]): "101"}))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert fields(answer)[cell(pupil=cast.PUPILS[1])] == "101"
    assert 'data-state="refused"' in html
    assert f'id="e-{cell(pupil=cast.PUPILS[1])[2:]}"' in html
    assert fields(answer)[cell()] == "8,5"
    assert Mark.objects.count() == 1


@pytest.mark.parametrize("choice", ["mine", "theirs", None])
def test_a_conflict_shows_both_and_one_chooses(as_person, choice):
    client = as_person(cast.CHI)
    sent = opened(client)
    send(as_person(cast.VAN), edit("6"), account=cast.VAN)
    answer = post(client, sent)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert cast.VAN.full_name in html
    assert f'id="theirs-{cell()[2:]}" value="theirs"' in html
    again = fields(answer)
    assert again[cell()] == "85"
    if choice:
        again[f"k{cell()[1:]}"] = "1" if choice == "mine" else "theirs"
    assert post(client, again).status_code == (302 if choice else 409)
    assert str(Mark.objects.get().score) == ("8.5" if choice == "mine" else "6.0")


def test_a_form_of_somebody_else_or_of_no_page_of_ours_saves_nothing(as_person):
    client = as_person(cast.CHI)
    sent = opened(client)
    for slip in ("", "x", drafts.slip_of(cast.user(cast.VAN), address())):
        assert post(client, {**sent, "page": slip}).status_code == 302
    assert not Mark.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": "\x00,regular-x,regular-99999"},
        {"m-1-regular-1\x00": "8"},
        {"m-99999999999999999999-regular-1": "8"},
        {"m-999999999999999999-regular-1": "8", "s-999999999999999999": "999999999999"},
        {"m-1-nothing-1": "8"},
        {"m-1-comment-1": "\x00" * 10},
        {"k-1-regular-1": "99999999999"},
    ],
)
def test_a_form_that_was_tampered_with_is_answered(as_person, wrong):
    client = as_person(cast.CHI)
    assert post(client, {**opened(client), **wrong}).status_code in {302, 409, 422}


class TestSignedOut:
    """The session was over when the form was sent."""

    def sent_signed_out(self, as_person):
        sent = opened(as_person(cast.CHI))
        client = Client()
        answer = post(client, sent)
        assert answer.status_code == 302
        assert answer["Location"] == f"/sign-in/?next={address()}"
        return client

    def sign_in(self, client, person):
        answer = client.post(
            "/sign-in/",
            {"username": person.username, "password": cast.PASSWORD, "next": address()},
        )
        assert answer["Location"] == address()

    def test_the_same_person_sees_it_again_and_saves_it(self, as_person):
        client = self.sent_signed_out(as_person)
        assert not Mark.objects.exists()
        self.sign_in(client, cast.CHI)
        page = client.get(address())
        assert fields(page)[cell()] == "85"
        assert 'data-state="unsaved"' in page.content.decode()
        assert post(client, fields(page)).status_code == 302
        assert str(Mark.objects.get().score) == "8.5"
        assert 'data-state="unsaved"' not in client.get(address()).content.decode()

    def test_the_new_session_lasts_as_long_as_any(self, as_person):
        client = self.sent_signed_out(as_person)
        assert client.session.get_expiry_age() == drafts.KEPT_MINUTES * 60
        self.sign_in(client, cast.CHI)
        assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE

    def test_it_waits_for_its_own_sheet(self, as_person):
        client = self.sent_signed_out(as_person)
        self.sign_in(client, cast.CHI)
        assert 'data-state="unsaved"' not in client.get(address(2)).content.decode()
        assert fields(client.get(address()))[cell()] == "85"

    def test_another_account_sees_nothing_of_it_and_it_is_gone(self, as_person):
        client = self.sent_signed_out(as_person)
        self.sign_in(client, cast.VAN)
        assert fields(client.get(address()))[cell()] == ""
        assert drafts.KEPT not in client.session

    def test_it_is_kept_for_some_minutes_only(self, as_person, monkeypatch):
        client = self.sent_signed_out(as_person)
        self.sign_in(client, cast.CHI)
        monkeypatch.setattr(drafts, "KEPT_MINUTES", -1)
        assert fields(client.get(address()))[cell()] == ""

    @pytest.mark.parametrize("slip", ["", "forged:slip"])
    def test_a_stranger_leaves_nothing_behind(self, as_person, slip):
        client = Client()
        post(client, {"page": slip, "m-1-regular-1": "8" * 1000})
        assert drafts.KEPT not in client.session

    def test_what_is_too_long_is_not_kept(self, as_person, monkeypatch):
        monkeypatch.setattr(drafts, "LONGEST", 10)
        client = Client()
        post(client, opened(as_person(cast.CHI)))
        assert drafts.KEPT not in client.session
