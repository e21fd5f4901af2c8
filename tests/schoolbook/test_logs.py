"""Logs say what happened and hold nothing personal."""

import io
import json
import logging

import pytest
from django.test import Client

from schoolbook import registry
from schoolbook.views import home as home_view
from tests import cast


@pytest.fixture
def log_lines():
    """Every line that the handler of the product would print, parsed."""
    handler = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    handler.setStream(before)


def personal():
    return [
        cast.PASSWORD,
        "mật-khẩu-gõ-sai",
        *(text for p in (cast.AN, cast.CHI, cast.KHANH) for text in (p.username, p.full_name)),
        *(name.rsplit(" ", 1)[-1] for name in (cast.SONG_LAM.name,)),
    ]


@pytest.mark.django_db
def test_a_day_at_school_leaves_lines_with_ids_and_nothing_personal(log_lines, monkeypatch):
    client = Client(raise_request_exception=False)
    client.post("/sign-in/", {"username": cast.AN.username, "password": "mật-khẩu-gõ-sai"})
    client.post("/sign-in/", {"username": cast.CHI.username, "password": cast.PASSWORD})
    user = cast.user(cast.CHI)
    client.get(f"/schools/{user.school_id}/?q={cast.KHANH.full_name}")
    client.get(f"/khong-co/{cast.KHANH.full_name}/")
    client.get("/", HTTP_HOST="an.example")
    worklist = registry.Worklist()
    worklist.add("broken", lambda asked: [][int(asked.full_name)])
    monkeypatch.setattr(home_view, "worklist", worklist)
    broken = client.get("/")
    lines = log_lines()
    text = json.dumps(lines, ensure_ascii=False)
    for secret in personal():
        assert secret not in text
    requests = [line for line in lines if line["event"] == "request"]
    assert [line["status"] for line in requests] == [200, 302, 200, 404, 400, 500]
    assert requests[2]["view"] == "schoolbook:school"
    assert requests[2]["user_id"] == user.pk
    assert all(len(line["request_id"]) == 32 for line in requests)
    assert "an.example" not in text
    assert any(line["event"] == "django.security.DisallowedHost" for line in lines)
    failure = next(line for line in lines if line.get("error") == "builtins.ValueError")
    assert failure["request_id"] == broken.headers["X-Request-ID"]
    assert any("test_logs.py" in place for place in failure["places"])
    assert str(client.session.session_key) not in text


def test_a_database_error_is_logged_without_the_row_that_it_quotes(log_lines):
    error = ValueError("Key (name)=(Lê Thị An) already exists.")
    logging.getLogger("django.request").error("Internal Server Error: %s", "/x/An/", exc_info=error)
    (line,) = log_lines()
    assert line["event"] == "Internal Server Error: %s"
    assert line["error"] == "builtins.ValueError"
    text = json.dumps(line, ensure_ascii=False)
    assert "Lê Thị An" not in text
    assert "/x/An/" not in text
    assert "already exists" not in text
