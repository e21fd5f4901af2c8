"""R-002, R-220: from the code of a slip to an own password, over HTTP."""

import pytest
from django.test import Client

from schoolbook.models import ActivationSlip, SecondFactor, Session, User
from schoolbook.services import slips
from tests import cast

pytestmark = pytest.mark.django_db
NEW = "thuyền ra khơi xa"


def slip(person=cast.CHI, kind="password"):
    return slips.issue_as_operator(
        username=person.username, kind=kind, actor=User.objects.system()
    ).code


def complete(client, code, **changes):
    return client.post(
        "/activate/complete/", {"code": code, "new_password": NEW, "again": NEW, **changes}
    )


def test_the_code_opens_the_choice_and_the_choice_signs_in(client):
    code = slip()
    assert client.get("/activate/").status_code == 200
    chosen = client.post("/activate/", {"code": code.lower().replace("-", " ")})
    html = chosen.content.decode()
    assert chosen.status_code == 200
    assert cast.CHI.username in html
    assert cast.CHI.full_name in html
    assert 'name="new_password"' in html
    assert complete(client, code).url == "/"
    assert client.get("/").status_code == 200
    client.post("/sign-out/")
    sent = {"username": cast.CHI.username, "password": NEW}
    assert client.post("/sign-in/", sent).status_code == 302


def test_a_used_slip_opens_nothing(client):
    code = slip()
    complete(client, code)
    stranger = Client()
    assert stranger.post("/activate/", {"code": code}).status_code == 422
    assert complete(stranger, code, new_password=NEW + "!", again=NEW + "!").status_code == 422
    assert "_auth_user_id" not in stranger.session


@pytest.mark.parametrize(
    "changes",
    [
        {"again": "khác"},
        {"new_password": "12345678", "again": "12345678"},
        {"new_password": "nguyenmaichi", "again": "nguyenmaichi"},
        {"new_password": "", "again": ""},
        {"new_password": "x" * 257, "again": "x" * 257},
        {"new_password": "\x00" * 9, "again": "\x00" * 9},
    ],
)
def test_a_refused_password_is_told_in_place_and_the_slip_stays_good(client, changes):
    code = slip()
    answer = complete(client, code, **changes)
    assert answer.status_code == 422
    assert code in answer.content.decode()
    assert (
        changes["new_password"] not in answer.content.decode()
        if changes.get("new_password")
        else True
    )
    assert complete(client, code).status_code == 302


@pytest.mark.parametrize("code", ["", "x", "\x00", "7" * 28, "y" * 5000])
def test_whatever_is_typed_as_a_code_is_answered_in_place(client, code):
    slip()
    assert client.post("/activate/", {"code": code}).status_code == 422
    assert complete(client, code).status_code == 422
    assert "_auth_user_id" not in client.session


def test_using_a_slip_ends_every_session_of_the_person(as_person, client):
    before = as_person(cast.CHI)
    complete(client, slip())
    assert before.get("/").status_code == 302
    assert Session.objects.filter(user=cast.user(cast.CHI)).count() == 1


def test_a_new_password_does_not_open_the_second_factor(client):
    complete(client, slip(cast.AN))
    assert client.get("/accounts/").url.startswith("/second-factor/")


def test_a_slip_for_a_lost_phone_asks_for_the_password_and_leads_to_a_new_one(client):
    code = slip(cast.AN, "second_factor")
    assert 'name="password"' in client.post("/activate/", {"code": code}).content.decode()
    for wrong in ("", "sai"):
        assert (
            client.post("/activate/complete/", {"code": code, "password": wrong}).status_code == 422
        )
    assert SecondFactor.objects.filter(user=cast.user(cast.AN), ended_at=None).exists()
    done = client.post("/activate/complete/", {"code": code, "password": cast.PASSWORD})
    assert done.url == "/account/second-factor/"
    assert not SecondFactor.objects.filter(user=cast.user(cast.AN), ended_at=None).exists()


def test_guessing_the_password_with_a_slip_is_slowed_like_signing_in(client):
    code = slip(cast.AN, "second_factor")
    for _guess in range(10):
        answer = client.post("/activate/complete/", {"code": code, "password": "sai"})
    assert answer.status_code == 429
    answer = client.post("/activate/complete/", {"code": code, "password": cast.PASSWORD})
    assert answer.status_code == 429
    assert ActivationSlip.objects.get().used_at is None
