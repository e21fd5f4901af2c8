"""The commands of an operator, and what the queue does."""

import json
import stat
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone
from psycopg import sql

from schoolbook import demo, tasks
from schoolbook.demo.data import SCHOOLS
from schoolbook.management.commands import open_school
from schoolbook.models import School, User
from schoolbook.rules.permissions import Role
from schoolbook.selectors import duties

ARGUMENTS = {
    "name": "Trường THCS Mới",
    "abbreviation": "thcsmoi",
    "level": "lower_secondary",
    "district": "xamoi",
    "address": "Xã Mới",
    "admin": "Hồ Thị Nga",
}


def run_open_school(monkeypatch, password, **changes):
    monkeypatch.setattr(open_school, "getpass", lambda _prompt: password)
    call_command("open_school", **{**ARGUMENTS, **changes})


@pytest.mark.django_db
def test_open_school_lets_the_first_administrator_in(monkeypatch, client, capsys):
    run_open_school(monkeypatch, "sông-dài-biển-rộng")
    assert "ngaht.thcsmoi" in capsys.readouterr().out
    admin = User.objects.get(username="ngaht.thcsmoi")
    assert duties.roles_today(admin) == {Role.ADMIN, Role.MEMBER}
    sent = {"username": admin.username, "password": "sông-dài-biển-rộng"}
    assert client.post("/sign-in/", sent).status_code == 302
    history = School.history.get(id=admin.school_id)
    assert history.actor_name == "Hệ thống"
    assert history.request_id.startswith("command-")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "changes"),
    [
        ("12345678", {}),
        ("ngan", {}),
        ("ho thi nga", {}),
        ("sông-dài-biển-rộng", {"abbreviation": "THCS Mới"}),
        ("sông-dài-biển-rộng", {"name": " "}),
    ],
)
def test_open_school_refuses_with_a_sentence_and_leaves_nothing(monkeypatch, password, changes):
    before = School.objects.count()
    with pytest.raises(CommandError) as caught:
        run_open_school(monkeypatch, password, **changes)
    assert str(caught.value).strip()
    assert School.objects.count() == before


def test_the_demo_fills_an_empty_database_once(committed, tmp_path, client):
    empty_the(committed)
    path = tmp_path / "accounts.json"
    call_command("load_demo", accounts=path, verbosity=0)
    assert School.objects.count() == len(SCHOOLS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    accounts = json.loads(path.read_text())
    assert {account["role"] for account in accounts} >= {"principal", "admin", "subject_teacher"}
    for account in accounts:
        sent = {"username": account["username"], "password": account["password"]}
        assert client.post("/sign-in/", sent).status_code == 302
    before = path.read_text()
    call_command("load_demo", accounts=path, verbosity=0)
    assert path.read_text() == before
    assert School.objects.count() == len(SCHOOLS)


def empty_the(committed):
    """Make the cast's schools go, which only the superuser can, and only without triggers."""
    ours = apps.get_app_config("schoolbook").get_models()
    with closing(psycopg.connect(committed.superuser_url())) as session, session.transaction():
        session.execute("SET session_replication_role = replica")
        for model in ours:
            table = sql.Identifier(model._meta.db_table)
            named = {field.name for field in model._meta.fields}
            keep = sql.SQL(" WHERE username <> 'system'" if "username" in named else "")
            session.execute(sql.SQL("DELETE FROM {}").format(table) + keep)


@pytest.mark.django_db
def test_a_production_database_gets_no_demo(tmp_path):
    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="production"):
        call_command("load_demo", accounts=tmp_path / "accounts.json")


def test_the_sign_in_page_offers_accounts_only_in_a_demo(tmp_path, monkeypatch, db, client):
    path = tmp_path / "accounts.json"
    demo.save_accounts([demo.Account("Cô Lý: hiệu trưởng", "x", "Trường", "ly.t", "p-1")], path)
    monkeypatch.setattr(demo, "ACCOUNTS", path)
    assert "Cô Lý" not in client.get("/sign-in/").content.decode()
    with override_settings(MODE="demo"):
        assert "Cô Lý" in client.get("/sign-in/").content.decode()


@pytest.mark.django_db
def test_the_queue_clears_sessions_that_are_over_and_no_others():
    now = timezone.now()
    for key, minutes in (("old", -1), ("new", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=now + timedelta(minutes=minutes)
        )
    assert tasks.clear_expired_sessions() == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert tasks.clear_expired_sessions() == 0
