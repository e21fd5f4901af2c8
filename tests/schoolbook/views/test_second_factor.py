"""R-220, T-10: after the password the second factor, and nothing before it; before acts of power once more."""

import pytest
from django.test import Client
from django.utils import timezone

from schoolbook import totp
from schoolbook.models import SecondFactor, Session
from schoolbook.rules.routes import ROUTES, Openness
from schoolbook.services import second_factor
from tests import cast
from tests.architecture import urls

pytestmark = pytest.mark.django_db
PROMPT = "second_factor-code"


def password_given(person=cast.AN, client=None, **extra):
    client = client or Client()
    sent = {"username": person.username, "password": cast.PASSWORD, **extra}
    assert client.post("/sign-in/", sent).status_code == 302
    return client


def without_second_factor(person):
    factor = SecondFactor.objects.get(user=cast.user(person), ended_at=None)
    second_factor.take_away(factor.user, actor=factor.user, reason="")


def test_after_the_password_the_code_and_then_the_page_that_was_asked_for():
    client = password_given()
    asked = client.get("/accounts/?filter=power")
    assert asked.url == "/second-factor/?next=/accounts/%3Ffilter%3Dpower"
    assert client.get(asked.url).status_code == 200
    key = client.session.session_key
    done = client.post("/second-factor/", {"code": cast.code(), "next": "/accounts/"})
    assert (done.status_code, done.url) == (302, "/accounts/")
    assert client.session.session_key != key
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/accounts/").status_code == 200


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_before_the_code_no_page_of_the_school_answers(name):
    client = password_given()
    open_to = {Openness.ANYBODY, Openness.HALF_SIGNED_IN}
    if open_to & set(ROUTES[name].methods.values()):
        return
    address = urls.address(name, cast.song_lam())
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = client.generic(method, address)
        assert answer.status_code == 302
        assert answer.url.startswith("/second-factor/")
        answer = client.generic(method, address, headers={"HX-Request": "true"})
        assert answer.status_code == 401
        assert "<" not in answer.content.decode()


def test_who_is_halfway_in_is_shown_nothing_of_the_school():
    html = password_given().get("/khong-co/").content.decode()
    assert cast.SONG_LAM.name not in html
    assert cast.AN.full_name not in html


@pytest.mark.parametrize(
    "onward", ["//evil.example/", "https://evil.example/", "javascript:x", "\x00"]
)
def test_the_way_on_leads_nowhere_else(onward):
    client = password_given()
    assert client.post("/second-factor/", {"code": cast.code(), "next": onward}).url == "/"


@pytest.mark.parametrize("code", ["", "000000", "x" * 5000, "\x00", "🙂", "01-0000-0000-0000"])
def test_a_wrong_code_is_answered_in_place_and_opens_nothing(code):
    client = password_given()
    answer = client.post("/second-factor/", {"code": code})
    assert answer.status_code == 422
    assert client.get("/").status_code == 302


def test_who_has_no_second_factor_and_no_power_is_not_asked():
    assert password_given(cast.CHI).get("/").status_code == 200


def test_signing_out_halfway_is_possible():
    client = password_given()
    assert client.post("/sign-out/").url == "/sign-in/"
    assert Session.objects.count() == 0


def test_power_without_a_second_factor_is_led_to_set_one_up_and_sleeps_until_then():
    without_second_factor(cast.AN)
    client = Client()
    sent = {"username": cast.AN.username, "password": cast.PASSWORD}
    assert client.post("/sign-in/", sent).headers["Location"] == "/account/second-factor/"
    assert client.get("/accounts/").headers["Location"] == "/account/second-factor/"
    assert client.get(f"/schools/{cast.song_lam().pk}/").status_code == 200
    edit = f"/schools/{cast.song_lam().pk}/edit/"
    assert client.post(edit, {}).status_code == 403
    assert 'href="/accounts/"' not in client.get("/").content.decode()
    assert 'href="/account/second-factor/"' in client.get("/").content.decode()


def set_up(client, method="totp", password=cast.PASSWORD):
    client.get("/account/second-factor/")
    secret = client.session["totp"]
    code = totp.code_of(secret, totp.step_of(timezone.now().timestamp()))
    sent = {"method": method, "code": code, "password": password}
    return client.post("/account/second-factor/", sent)


@pytest.mark.parametrize(("method", "count"), [("totp", 10), ("printed", 30)])
def test_setting_one_up_shows_the_sheet_once_and_wakes_the_rights(method, count):
    without_second_factor(cast.AN)
    client = Client()
    client.post("/sign-in/", {"username": cast.AN.username, "password": cast.PASSWORD})
    answer = set_up(client, method)
    assert answer.status_code == 200
    assert answer.content.decode().count("<li><code>") == count
    assert "totp" not in client.session
    assert client.get("/accounts/").status_code == 200
    assert "<li><code>" not in client.get("/account/second-factor/").content.decode()


def test_setting_one_up_asks_for_the_password(as_person):
    client = as_person(cast.CHI)
    for wrong in ("", "sai"):
        assert set_up(client, password=wrong).status_code == 422
    assert not SecondFactor.objects.filter(user=cast.user(cast.CHI)).exists()
    assert set_up(client).status_code == 200


def test_changing_it_or_printing_anew_asks_for_a_fresh_one(as_person, clock):
    client = as_person(cast.BINH)
    clock.forward(minutes=11)
    for sent in ({"method": "renew"}, {"method": "printed"}):
        answer = client.post("/account/second-factor/", sent)
        assert answer.status_code == 422
        assert PROMPT in answer.content.decode()
    answer = client.post("/account/second-factor/", {"method": "renew", PROMPT: cast.code()})
    assert answer.content.decode().count("<li><code>") == 10


def test_whatever_is_sent_to_set_up_is_answered_in_place(as_person):
    client = as_person(cast.CHI)
    for sent in ({}, {"method": "x"}, {"method": "renew"}, {"method": "\x00", "code": "\x00"}):
        assert client.post("/account/second-factor/", sent).status_code == 422


def test_an_act_of_power_asks_in_place_and_keeps_what_was_typed(as_person, clock):
    client = as_person(cast.AN)
    clock.forward(minutes=9, seconds=59)
    address = f"/accounts/{cast.user(cast.CHI).pk}/deactivate/"
    client.get("/")
    clock.forward(seconds=2)
    asked = client.post(address, {"reason": "nghỉ hưu <1>"})
    html = asked.content.decode()
    assert asked.status_code == 422
    assert 'name="reason" value="nghỉ hưu &lt;1&gt;"' in html
    assert cast.user(cast.CHI).is_active
    wrong = client.post(address, {"reason": "nghỉ hưu", PROMPT: "000000"})
    assert wrong.status_code == 422
    assert 'name="reason" value="nghỉ hưu"' in wrong.content.decode()
    done = client.post(address, {"reason": "nghỉ hưu", PROMPT: cast.code()})
    assert done.status_code == 302
    assert not cast.user(cast.CHI).is_active
    # and for the next minutes it is not asked again
    again = client.post(address.replace("deactivate", "reactivate"), {"reason": "nhầm"})
    assert again.status_code == 302


def test_a_stranger_to_the_act_is_refused_and_not_asked_for_a_code(as_person, clock):
    client = as_person(cast.BINH)
    clock.forward(minutes=11)
    address = f"/accounts/{cast.user(cast.CHI).pk}/deactivate/"
    assert client.post(address, {"reason": "x"}).status_code == 403
