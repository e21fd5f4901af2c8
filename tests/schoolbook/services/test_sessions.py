"""R-220, ASVS 5.0 7.3, 7.4: how long a session lasts, by real time and on the server alone."""

import pytest
from django.test import Client

from schoolbook.models import Session, User
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Regulation
from schoolbook.services import duties, schools, sessions
from tests import cast

pytestmark = pytest.mark.django_db
OUT, IN = 302, 200


def status(client):
    return client.get("/account/").status_code


@pytest.mark.parametrize(
    ("person", "seconds", "expected"),
    [
        (cast.CHI, 30 * 60, IN),
        (cast.CHI, 30 * 60 + 1, OUT),
        (cast.BINH, 30 * 60, IN),
        (cast.AN, 10 * 60, IN),
        (cast.AN, 10 * 60 + 1, OUT),
        (cast.DUNG, 10 * 60 + 1, IN),  # no longer an administrator
    ],
)
def test_an_idle_session_ends_sooner_for_who_administers(
    clock, as_person, person, seconds, expected
):
    client = as_person(person)
    clock.forward(seconds=seconds - 0.5 if expected == IN else seconds)
    assert status(client) == expected


def test_both_limits_are_for_the_school_to_decide(clock, as_person):
    schools.decide(
        school_id=cast.song_lam().pk,
        parameters=Regulation(idle_minutes=45, idle_minutes_admin=6),
        in_force_from=cast.TODAY,
        decision_number="2/QĐ",
        decided_on=cast.TODAY,
        actor=User.objects.system(),
    )
    teacher, administrator = as_person(cast.CHI), as_person(cast.AN)
    clock.forward(minutes=7)
    assert (status(teacher), status(administrator)) == (IN, OUT)
    clock.forward(minutes=44)
    assert status(teacher) == IN
    clock.forward(minutes=46)
    assert status(teacher) == OUT


def test_a_session_in_use_goes_on_and_ends_after_twelve_hours_however_busy(clock, as_person):
    client = as_person(cast.CHI)
    for _request in range(12 * 3 - 1):
        clock.forward(minutes=20)
        assert status(client) == IN
    clock.forward(minutes=20, seconds=1)
    assert status(client) == OUT


def test_a_session_that_ended_is_gone_from_the_server_and_a_copied_cookie_opens_nothing(
    clock, as_person
):
    client = as_person(cast.CHI)
    stolen = Client()
    stolen.cookies["sid"] = client.cookies["sid"].value
    assert status(stolen) == IN
    clock.forward(minutes=31)
    assert status(client) == OUT
    assert not Session.objects.filter(user=cast.user(cast.CHI)).exists()
    assert status(stolen) == OUT


def test_who_was_signed_out_is_told_why(clock, as_person):
    client = as_person(cast.CHI)
    clock.forward(minutes=31)
    html = client.get("/", follow=True).content.decode()
    assert "notice-info" in html
    assert client.get("/", headers={"HX-Request": "true"}).status_code == 401


def test_being_seen_is_written_at_most_once_a_minute(clock, as_person, exactly_queries):
    client = as_person(cast.CHI)
    status(client)
    clock.forward(seconds=50)
    with exactly_queries(3):  # session, user with school, duties for the navigation
        client.get("/account/password/")
    clock.forward(seconds=11)
    with exactly_queries(6):  # the same, and one row between SAVEPOINT and RELEASE
        client.get("/account/password/")
    with exactly_queries(3):
        client.get("/account/password/")


def test_a_row_says_whose_it_is_from_where_since_and_until_when(client):
    agent = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36"}
    sent = {"username": cast.CHI.username, "password": cast.PASSWORD}
    client.post("/sign-in/", sent, headers=agent)
    row = Session.objects.get()
    assert (row.user, row.device) == (cast.user(cast.CHI), "Chrome · Windows")
    assert row.started_at
    assert (row.expire_date - row.started_at).total_seconds() == 12 * 3600
    assert client.session.get_session_cookie_age() == 12 * 3600


def test_a_role_that_is_lost_narrows_the_session_at_the_next_request(as_person, monkeypatch):
    client = as_person(cast.AN)
    assert client.get("/accounts/").status_code == 200
    duties.charge(
        school=cast.song_lam(),
        user=cast.user(cast.AN),
        role=Role.CLERK,
        begins_on=cast.START,
        actor=User.objects.system(),
    )
    monkeypatch.setattr(
        "schoolbook.selectors.duties.clock.today", lambda: cast.START.replace(year=2024)
    )
    assert client.get("/accounts/").status_code == 403
    assert client.get("/").status_code == 200


def test_ending_is_for_ones_own_sessions_only(as_person):
    mine, elsewhere = as_person(cast.CHI), as_person(cast.CHI)
    other = as_person(cast.BINH)
    theirs = Session.objects.get(user=cast.user(cast.BINH))
    assert theirs.public_id
    sessions.end(public_id=theirs.public_id, actor=cast.user(cast.CHI))
    assert status(other) == IN
    row = Session.objects.get(session_key=elsewhere.session.session_key)
    assert row.public_id
    sessions.end(public_id=row.public_id, actor=cast.user(cast.CHI))
    sessions.end(public_id=row.public_id, actor=cast.user(cast.CHI))
    assert (status(mine), status(elsewhere)) == (IN, OUT)
