"""Signing in without leaving the page: what scripts are told, and what they are not."""

from __future__ import annotations

import pytest
from django.test import Client

from schoolbook.services import drafts
from tests import cast

pytestmark = pytest.mark.django_db
SCRIPT = {"accept": "application/json"}


def sign_in(client, person, password=cast.PASSWORD):
    fields = {"username": person.username, "password": password}
    return client.post("/sign-in/", fields, headers=SCRIPT)


def test_the_right_password_is_answered_with_what_the_page_needs():
    client = Client()
    told = sign_in(client, cast.CHI).json()
    assert told["account"] == drafts.account(cast.user(cast.CHI))
    assert told["second_factor"] is False
    assert client.get("/session/", headers=SCRIPT).json()["account"] == told["account"]


def test_the_new_token_holds_in_the_new_session():
    client = Client(enforce_csrf_checks=True)
    first = client.get("/session/", headers=SCRIPT)
    assert first.status_code == 401
    token = first.json()["csrf"]
    fields = {"username": cast.CHI.username, "password": cast.PASSWORD}
    told = client.post("/sign-in/", fields, headers={**SCRIPT, "x-csrftoken": token}).json()
    old = client.post("/sign-out/", headers={"x-csrftoken": token})
    assert old.status_code == 403
    new = client.post("/sign-out/", headers={"x-csrftoken": told["csrf"]})
    assert new.status_code == 302


def test_a_wrong_password_is_a_sentence():
    answer = sign_in(Client(), cast.CHI, "sai-mat-khau")
    assert answer.status_code == 422
    assert answer.json()["sentence"]


def test_the_second_factor_is_asked_for_in_place_too():
    client = Client()
    assert sign_in(client, cast.BINH).json()["second_factor"] is True
    assert client.get("/session/", headers=SCRIPT).status_code == 401
    wrong = client.post("/second-factor/", {"code": "000000"}, headers=SCRIPT)
    assert wrong.status_code == 422
    right = client.post("/second-factor/", {"code": cast.code()}, headers=SCRIPT)
    assert right.json()["second_factor"] is False
    state = client.get("/session/", headers=SCRIPT)
    assert state.json()["account"] == drafts.account(cast.user(cast.BINH))


def test_a_person_who_follows_a_link_still_gets_pages():
    client = Client()
    fields = {"username": cast.CHI.username, "password": cast.PASSWORD}
    assert client.post("/sign-in/", fields).status_code == 302
