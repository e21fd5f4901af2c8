"""What every answer tells the browser: over every URL, signed in and not, and over error pages."""

import re

import pytest
from django.test import Client, override_settings

from schoolbook.rules.routes import ROUTES
from tests import cast
from tests.architecture import urls

PRODUCTION = {
    "SECURE_HSTS_SECONDS": 31536000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SESSION_COOKIE_NAME": "__Host-sid",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "LANGUAGE_COOKIE_NAME": "__Host-language",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "LANGUAGE_COOKIE_SECURE": True,
}
PATHS = [*sorted(ROUTES), "/khong-co/", "/static/khong-co.css"]


def visits(name):
    """The answers at one address, to a stranger and to somebody signed in."""
    path = name if name.startswith("/") else urls.address(name, cast.song_lam())
    signed_in = Client()
    signed_in.force_login(cast.user(cast.AN), "django.contrib.auth.backends.ModelBackend")
    for client in (Client(), signed_in):
        for method in ("GET", "POST"):
            yield client.generic(method, path, secure=True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", PATHS)
def test_every_answer_carries_the_whole_policy(name):
    with override_settings(**PRODUCTION):
        answers = list(visits(name))
    for answer in answers:
        policy = {
            words[0]: words[1:]
            for words in map(str.split, answer.headers["Content-Security-Policy"].split(";"))
        }
        assert policy == {
            "default-src": ["'self'"],
            "base-uri": ["'none'"],
            "form-action": ["'self'"],
            "frame-ancestors": ["'none'"],
            "object-src": ["'none'"],
        }
        assert re.fullmatch(
            r"max-age=31536000; includeSubDomains", answer.headers["Strict-Transport-Security"]
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]
        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])


@pytest.mark.django_db
@pytest.mark.parametrize("name", PATHS)
def test_every_cookie_is_bound_to_this_host_and_hidden_from_scripts(name):
    with override_settings(**PRODUCTION):
        cookies = [morsel for answer in visits(name) for morsel in answer.cookies.values()]
    for cookie in cookies:
        assert cookie.key.startswith("__Host-"), cookie.key
        assert cookie["secure"], cookie.key
        assert cookie["httponly"] or not cookie.value, cookie.key  # or it is being removed
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie["path"] == "/", cookie.key
        assert not cookie["domain"], cookie.key


@pytest.mark.django_db
def test_signing_in_choosing_a_language_and_a_form_set_all_three_cookies():
    client = Client()
    with override_settings(**PRODUCTION):
        client.get("/sign-in/", secure=True)
        client.post("/language/", {"language": "en"}, secure=True)
        client.post(
            "/sign-in/",
            {"username": cast.AN.username, "password": cast.PASSWORD},
            secure=True,
        )
    assert set(client.cookies) == {"__Host-csrf", "__Host-language", "__Host-sid"}


@pytest.mark.django_db
def test_files_with_a_digest_in_their_name_may_be_kept_for_good():
    page = Client().get("/sign-in/").content.decode()
    (first, *_rest) = re.findall(r'href="(/static/[^"]+\.css)"', page)
    answer = Client().get(first)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Content-Security-Policy" in answer.headers
    answer.close()
