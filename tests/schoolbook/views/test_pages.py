"""Home, language, probes, gallery and what is shown when something goes wrong."""

import pytest
from django.test import Client, override_settings

from schoolbook import registry
from schoolbook.selectors import system
from schoolbook.views import errors
from schoolbook.views import home as home_view
from tests import cast

pytestmark = pytest.mark.django_db


def test_home_greets_the_person_and_names_the_school(as_person):
    html = as_person(cast.CHI).get("/").content.decode()
    assert cast.CHI.full_name in html
    assert cast.SONG_LAM.name in html


def test_home_shows_what_is_due_late_things_first(as_person, monkeypatch):
    worklist = registry.Worklist()
    cards = [
        registry.Card("Việc thường", "…", "/x/", "Xem"),
        registry.Card("Việc trễ", "…", "/y/", "Làm ngay", tone="late", due="hôm qua"),
    ]
    worklist.add("test", lambda _user: cards)
    monkeypatch.setattr(home_view, "worklist", worklist)
    html = as_person(cast.CHI).get("/").content.decode()
    assert 0 < html.index("Việc trễ") < html.index("Việc thường")


@pytest.mark.parametrize("cards", [0, 30])
def test_home_takes_the_same_queries_however_much_is_due(
    as_person, monkeypatch, exactly_queries, cards
):
    worklist = registry.Worklist()
    worklist.add("test", lambda _user: [registry.Card("Việc", "…", "/", "Xem")] * cards)
    monkeypatch.setattr(home_view, "worklist", worklist)
    client = as_person(cast.CHI)
    with exactly_queries(3):  # session, user with school, duties for the navigation
        client.get("/")


def test_pages_are_vietnamese_whatever_the_browser_prefers_until_somebody_chooses(client):
    page = client.get("/sign-in/", headers={"Accept-Language": "en"})
    assert '<html lang="vi"' in page.content.decode()
    assert page.headers["Content-Language"] == "vi"
    answer = client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert answer.url == "/sign-in/"
    assert '<html lang="en"' in client.get("/sign-in/").content.decode()
    client.post("/language/", {"language": "xx"})
    assert '<html lang="en"' in client.get("/sign-in/").content.decode()


def test_health_asks_nobody_and_ready_asks_everybody(client, valkey, exactly_queries):
    with exactly_queries(0):
        assert client.get("/health/").json() == {"status": "up"}
    with override_settings(REDIS_URL=valkey.url):
        answer = client.get("/ready/")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": True, "migrations": True, "queue": True}


def test_ready_names_the_part_that_does_not_answer(client, valkey, monkeypatch):
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        answer = client.get("/ready/")
    assert answer.status_code == 503
    assert answer.json()["queue"] is False
    assert answer.json()["database"] is True
    monkeypatch.setattr(system, "_all_migrated", lambda: False)
    with override_settings(REDIS_URL=valkey.url):
        answer = client.get("/ready/")
    assert (answer.status_code, answer.json()["migrations"]) == (503, False)


def test_probes_answer_on_any_host_name_and_pages_do_not(client):
    assert client.get("/health/", HTTP_HOST="10.0.0.7").status_code == 200
    refused = client.get("/sign-in/", HTTP_HOST="evil.example")
    assert refused.status_code == 400
    assert "<html" in refused.content.decode()


def test_the_gallery_is_shown_in_a_demo_and_is_no_page_elsewhere(as_person):
    assert as_person(cast.CHI).get("/gallery/").status_code == 200
    with override_settings(MODE="production"):
        assert as_person(cast.CHI).get("/gallery/").status_code == 404


def test_an_address_that_does_not_exist_says_so_kindly(as_person, client):
    for visitor in (as_person(cast.CHI), client):
        response = visitor.get("/khong-co/")
        assert response.status_code == 404
        assert "<html" in response.content.decode()


def test_an_unexpected_error_shows_a_number_and_nothing_else(as_person, monkeypatch):
    def broken(_user):
        raise RuntimeError("mật khẩu của cô An")

    worklist = registry.Worklist()
    worklist.add("broken", broken)
    monkeypatch.setattr(home_view, "worklist", worklist)
    client = as_person(cast.AN)
    client.raise_request_exception = False
    response = client.get("/")
    html = response.content.decode()
    assert response.status_code == 500
    assert response.headers["X-Request-ID"] in html
    assert "mật khẩu của cô An" not in html
    assert "RuntimeError" not in html


def test_even_without_templates_an_error_says_something(as_person, monkeypatch):
    monkeypatch.setattr(errors, "get_template", lambda _name: 1 / 0)
    response = errors.server_error(None)  # type: ignore[arg-type]
    assert response.status_code == 500
    assert "lỗi" in response.content.decode()


def test_a_refused_form_of_a_stranger_does_not_show_who_is_signed_in():
    response = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert response.status_code == 403
