"""Signing in and out."""

from urllib.parse import parse_qs, urlsplit

import pytest
from axes.models import AccessAttempt
from django.test import Client, override_settings

from schoolbook.models import Session, User
from schoolbook.services import people
from tests import cast

pytestmark = pytest.mark.django_db


def sign_in(client, person=cast.CHI, password=cast.PASSWORD, **extra):
    sent = {"username": person.username, "password": password, **extra}
    return client.post("/sign-in/", sent)


def test_the_right_password_opens_the_home_page(client):
    response = sign_in(client)
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/").status_code == 200


def test_capital_letters_and_spaces_in_the_user_name_do_not_matter(client):
    response = client.post("/sign-in/", {"username": "  ChiNM.SongLam ", "password": cast.PASSWORD})
    assert response.status_code == 302


def test_it_goes_on_to_the_page_that_was_asked_for_and_nowhere_else(client):
    asked = client.get(f"/schools/{cast.song_lam().pk}/")
    assert asked.url.startswith("/sign-in/?next=")
    inside = sign_in(client, next=f"/schools/{cast.song_lam().pk}/")
    assert inside.url == f"/schools/{cast.song_lam().pk}/"
    client.post("/sign-out/")
    assert sign_in(client, next="//example.org/").url == "/"


@pytest.mark.parametrize(
    ("person", "password"),
    [(cast.AN, "sai"), (cast.HAI, cast.PASSWORD), (cast.Person("ai.do", "", None), "sai")],
)
def test_every_failure_reads_the_same_and_keeps_the_name(client, person, password):
    response = sign_in(client, person, password)
    html = response.content.decode()
    assert response.status_code == 200
    assert "không khớp" in html
    assert f'value="{person.username}"' in html
    assert password not in html
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "typed",
    [
        {"username": "x" * 5000},
        {"username": "\x00"},
        {"password": "\x00"},
        {"password": "y" * 5000},
        {"username": "’; DROP TABLE schoolbook_user; --"},
        {"next": "javascript:alert(1)"},
        {"next": "\x00"},
    ],
)
def test_whatever_is_typed_is_answered_in_place(client, typed):
    sent = {"username": cast.AN.username, "password": "sai", **typed}
    response = client.post("/sign-in/", sent)
    assert response.status_code == 200


def test_signing_out_ends_the_session_on_the_server(client):
    sign_in(client)
    assert Session.objects.count() == 1
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/sign-in/"
    assert Session.objects.count() == 0
    assert client.get("/").status_code == 302


def test_signing_in_changes_the_session_so_that_nobody_can_fix_one(client):
    client.get("/sign-in/")
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_a_closed_account_is_out_at_the_next_request(as_person):
    client = as_person(cast.CHI)
    assert client.get("/").status_code == 200
    people.close_account(user_id=cast.user(cast.CHI).pk, actor=User.objects.system())
    assert client.get("/").status_code == 302


def test_a_fetch_without_a_session_gets_401_and_no_page(client):
    address = f"/schools/{cast.song_lam().pk}/edit/"
    for headers in ({"HX-Request": "true"}, {"Accept": "application/json"}):
        response = client.post(address, headers=headers)
        assert response.status_code == 401
        assert "<" not in response.content.decode()
    for accept in ("*/*", "text/*", "text/html,application/xhtml+xml"):
        assert client.get("/", headers={"Accept": accept}).status_code == 302
    assert client.get(f"/schools/{cast.song_lam().pk}/").status_code == 302


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("http://testserver/schools/7/", "/schools/7/"),
        ("http://elsewhere.example/schools/7/", "/"),
        ("", "/"),
    ],
)
def test_a_form_sent_without_a_session_leads_back_to_its_page_and_says_so(client, referer, page):
    sent = client.post("/schools/7/edit/", {"name": "x"}, headers={"Referer": referer})
    assert sent.status_code == 302
    assert parse_qs(urlsplit(sent.url).query)["next"] == [page]
    sign_in(client)
    assert "chưa được lưu" in client.get("/").content.decode()


def test_guessing_slows_one_account_at_one_address_and_nobody_else(client):
    for _attempt in range(10):
        response = sign_in(client, password="sai")
    assert response.status_code == 429
    assert sign_in(client).status_code == 429
    assert sign_in(client, cast.BINH).status_code == 302
    client.post("/sign-out/")
    elsewhere = client.post(
        "/sign-in/",
        {"username": cast.CHI.username, "password": cast.PASSWORD},
        REMOTE_ADDR="192.0.2.7",
    )
    assert elsewhere.status_code == 302
    assert AccessAttempt.objects.filter(username=cast.BINH.username).count() == 0


def from_behind_the_proxy(client, forwarded, password):
    sent = {"username": cast.AN.username, "password": password}
    return client.post("/sign-in/", sent, headers={"X-Forwarded-For": forwarded}).status_code


@override_settings(TRUST_PROXY=True)
def test_behind_a_proxy_a_guesser_shuts_out_the_own_address_and_no_other(client):
    # The browser may send what it likes; the proxy adds the address it sees at the end.
    for number in range(10):
        status = from_behind_the_proxy(client, f"10.0.0.{number}, 192.0.2.66", "sai")
    assert status == 429
    assert from_behind_the_proxy(client, "192.0.2.66", cast.PASSWORD) == 429
    assert from_behind_the_proxy(client, "192.0.2.66, 192.0.2.7", cast.PASSWORD) == 302


def test_without_a_trusted_proxy_nobody_chooses_an_address(client):
    for number in range(10):
        status = from_behind_the_proxy(client, f"192.0.2.{number}", "sai")
    assert status == 429


def test_a_form_without_its_token_is_refused_with_a_sentence():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/sign-in/", {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert "<html" in response.content.decode()
