"""The commands of an operator, and what the queue does."""

import json
import re
import stat
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone
from psycopg import sql

from schoolbook import demo, tasks
from schoolbook.demo.data import SCHOOLS
from schoolbook.models import ActivationSlip, School, Session, User
from schoolbook.rules.permissions import Role
from schoolbook.selectors import duties
from tests import cast

ARGUMENTS = {
    "name": "Trường THCS Mới",
    "abbreviation": "thcsmoi",
    "level": "lower_secondary",
    "district": "xamoi",
    "address": "Xã Mới",
    "admin": "Hồ Thị Nga",
}


def run_open_school(**changes):
    call_command("open_school", **{**ARGUMENTS, **changes})


def activate(client, printed):
    """Use the address that a command printed, as the browser would."""
    code = re.search(r"#([0-9A-Z-]+)$", printed, re.MULTILINE)
    assert code
    chosen = "sông-dài-biển-rộng"
    sent = {"code": code[1], "new_password": chosen, "again": chosen}
    return client.post("/activate/complete/", sent)


@pytest.mark.django_db
def test_open_school_lets_the_first_administrator_in(client, capsys):
    run_open_school()
    printed = capsys.readouterr().out
    assert "ngaht.thcsmoi" in printed
    admin = User.objects.get(username="ngaht.thcsmoi")
    assert not admin.has_usable_password()
    assert duties.roles_today(admin) == {Role.ADMIN, Role.MEMBER}
    assert activate(client, printed).url == "/account/second-factor/"
    client.post("/sign-out/")
    sent = {"username": admin.username, "password": "sông-dài-biển-rộng"}
    assert client.post("/sign-in/", sent).status_code == 302
    history = School.history.get(id=admin.school_id)
    assert history.actor_name == "Hệ thống"
    assert history.request_id.startswith("command-")


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"abbreviation": "THCS Mới"}, {"name": " "}, {"admin": "…"}])
def test_open_school_refuses_with_a_sentence_and_leaves_nothing(changes):
    before = School.objects.count()
    with pytest.raises(CommandError) as caught:
        run_open_school(**changes)
    assert str(caught.value).strip()
    assert School.objects.count() == before


@pytest.mark.django_db
def test_issue_slip_lets_the_only_administrator_in_again(client, capsys):
    call_command("issue_slip", cast.AN.username)
    assert activate(client, capsys.readouterr().out).url == "/account/second-factor/"
    newest = ActivationSlip.history.latest("history_id")
    assert (newest.used_at is None, newest.history_user) == (False, cast.user(cast.AN))
    assert ActivationSlip.history.earliest("history_id").actor_name == "Hệ thống"


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["ai.do", cast.HAI.username])
def test_issue_slip_refuses_an_account_that_is_none_or_closed(username):
    with pytest.raises(CommandError):
        call_command("issue_slip", username)
    assert not ActivationSlip.objects.exists()


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
