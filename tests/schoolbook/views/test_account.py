"""One's own account: password, sessions, statement, and what the home page reminds of."""

import pytest
from django.test import Client
from django.urls import reverse

from schoolbook.models import Acceptance, Session
from tests import cast

pytestmark = pytest.mark.django_db
NEW = "thuyền ra khơi xa"


def change(client, **changes):
    sent = {"password": cast.PASSWORD, "new_password": NEW, "again": NEW, **changes}
    return client.post("/account/password/", sent)


def test_changing_the_password_keeps_only_this_session(as_person):
    here, elsewhere = as_person(cast.CHI), as_person(cast.CHI)
    assert change(here).url == "/account/"
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert Session.objects.filter(user=cast.user(cast.CHI)).count() == 1
    assert cast.user(cast.CHI).check_password(NEW)


def test_the_session_of_who_changed_keeps_its_second_factor(as_person):
    client = as_person(cast.AN)
    change(client)
    assert client.get("/accounts/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "sai"}, "password"),
        ({"password": ""}, "password"),
        ({"new_password": "songlam2026", "again": "songlam2026"}, "new_password"),
        ({"again": "khác hẳn"}, "again"),
        ({"new_password": "\x00", "again": "\x00"}, "new_password"),
    ],
)
def test_a_refused_change_is_told_at_its_field_and_changes_nothing(as_person, changes, field):
    answer = change(as_person(cast.CHI), **changes)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert cast.user(cast.CHI).check_password(cast.PASSWORD)


def test_guessing_the_old_password_at_a_screen_left_open_is_slowed(as_person):
    client = as_person(cast.CHI)
    for _guess in range(10):
        answer = change(client, password="sai")
    assert answer.status_code == 429
    assert change(client).status_code == 429
    assert cast.user(cast.CHI).check_password(cast.PASSWORD)


def test_the_page_lists_where_one_is_signed_in_and_marks_this_place(as_person):
    client, other = as_person(cast.CHI), as_person(cast.CHI)
    as_person(cast.BINH)
    html = client.get("/account/").content.decode()
    other_id = Session.objects.get(session_key=other.session.session_key).public_id
    own_id = Session.objects.get(session_key=client.session.session_key).public_id
    assert html.count("/account/sessions/") == 2  # all others, and the other one
    assert str(other_id) in html
    assert str(own_id) not in html
    assert other.session.session_key not in html
    client.post(reverse("schoolbook:end_session", kwargs={"public_id": other_id}))
    assert other.get("/").status_code == 302
    assert client.get("/").status_code == 200


def test_all_others_end_and_nobody_elses(as_person):
    client, other, stranger = as_person(cast.CHI), as_person(cast.CHI), as_person(cast.BINH)
    client.post("/account/sessions/end/")
    assert [c.get("/").status_code for c in (client, other, stranger)] == [200, 302, 200]


@pytest.mark.parametrize("others", [0, 8])
def test_the_page_takes_the_same_queries_however_many_sessions(as_person, exactly_queries, others):
    client = as_person(cast.CHI)
    for _other in range(others):
        as_person(cast.CHI)
    with exactly_queries(6):  # session, user, own state, sessions, duties for the navigation
        client.get("/account/")


def test_the_statement_is_put_on_the_home_page_until_it_is_accepted_and_blocks_nothing(as_person):
    client = as_person(cast.CHI)
    link = 'href="/account/statement/"'
    assert link in client.get("/").content.decode()
    assert client.get(f"/schools/{cast.song_lam().pk}/").status_code == 200
    assert "Hiệu trưởng" in client.get("/account/statement/").content.decode()
    assert not Acceptance.objects.exists()
    assert client.post("/account/statement/").url == "/"
    assert link not in client.get("/").content.decode()
    assert Acceptance.objects.get().user == cast.user(cast.CHI)


def test_an_old_password_is_only_reminded_of(clock):
    card = '<a class="btn btn-secondary" href="/account/password/">'
    for days, reminded in ((179, False), (2, True)):
        clock.forward(days=days)
        client = Client()
        client.force_login(cast.user(cast.CHI), "django.contrib.auth.backends.ModelBackend")
        assert (card in client.get("/").content.decode()) is reminded
    assert change(client).status_code == 302
    assert card not in client.get("/").content.decode()


def test_the_home_page_takes_a_fixed_number_of_queries_for_all_its_cards(
    as_person, exactly_queries
):
    client = as_person(cast.AN)
    # session, user; own state, regulation; rights, once for all; slips; classes; set-up; gathered heads, acts, sheets,
    # what is new; locks, two; windows: year, subjects, classes, lines; corrections: those of one's own, those open
    with exactly_queries(21):
        client.get("/")


def test_an_address_for_e_mail_is_chosen_and_ended(as_person):
    client = as_person(cast.CHI)
    assert 'href="/account/address/"' in client.get("/account/").content.decode()
    assert client.get("/account/address/").status_code == 200
    assert client.post("/account/address/", {"email": "chi@example.edu.vn"}).url == "/account/"
    assert "chi@example.edu.vn" in client.get("/account/").content.decode()
    assert 'value="chi@example.edu.vn"' in client.get("/account/address/").content.decode()
    assert "chi@example.edu.vn" not in as_person(cast.AN).get("/account/").content.decode()
    client.post("/account/address/", {"email": ""})
    assert cast.user(cast.CHI).email == ""


@pytest.mark.parametrize("typed", ["x", "x@", "\x00", "a@b.vn\x00", "a" * 300 + "@b.vn"])
def test_an_address_that_is_none_is_told_in_place(as_person, typed):
    answer = as_person(cast.CHI).post("/account/address/", {"email": typed})
    assert answer.status_code == 422
    assert 'id="id_email_error"' in answer.content.decode()
    assert cast.user(cast.CHI).email == ""
