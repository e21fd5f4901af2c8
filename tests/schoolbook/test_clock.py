"""Invariant 15: one school clock, whose hands only the owner of a demo's or a test's database can move."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from schoolbook import clock, database
from schoolbook.models import ClockOffset
from schoolbook.selectors import duties
from tests import cast, servers

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
MOMENT = datetime(2027, 3, 10, 23, 30, tzinfo=HERE)
SHORT = timedelta(seconds=20)


@pytest.fixture
def owner(committed):
    """Act as the owner of the database, and forget what was read of it before and after."""
    clock._kept.forget()

    def use(role):
        servers.use_database(committed.url(role))
        clock._kept.forget()

    use("owner")
    yield use
    clock._kept.forget()


def school_now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT school_now()")
        return cursor.fetchone()[0]


def test_the_clock_and_its_sql_twin_go_on_from_the_moment_it_was_moved_to(owner):
    clock.move_to(MOMENT, kind=ClockOffset.Kind.TEST)
    owner("app")
    with override_settings(CLOCK_MOVES=True):
        assert MOMENT <= clock.now() < MOMENT + SHORT
        assert clock.today() == MOMENT.date()
    assert MOMENT <= school_now() < MOMENT + SHORT


def test_where_it_cannot_be_moved_it_is_the_real_time_and_nothing_is_asked(owner):
    clock.move_to(MOMENT, kind=ClockOffset.Kind.TEST)
    with override_settings(CLOCK_MOVES=False):
        assert abs(clock.now() - timezone.now()) < SHORT


def test_unmoved_both_show_the_real_time(owner):
    with override_settings(CLOCK_MOVES=True):
        assert abs(clock.now() - timezone.now()) < SHORT
    assert abs(school_now() - timezone.now()) < SHORT


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO schoolbook_clockoffset VALUES (1, 'test', interval '1 day')",
        "UPDATE schoolbook_clockoffset SET \"offset\" = interval '1 day'",
        "DELETE FROM schoolbook_clockoffset",
    ],
)
def test_the_app_cannot_touch_it(committed, statement):
    with (
        psycopg.connect(committed.url("app")) as session,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        session.execute(statement)


def test_only_a_demo_or_a_test_can_be_so_marked_and_only_once(committed):
    for values in ((1, "production"), (2, "demo")):
        with (
            psycopg.connect(committed.url("owner")) as session,
            pytest.raises(psycopg.errors.CheckViolation),
        ):
            session.execute(
                "INSERT INTO schoolbook_clockoffset VALUES (%s, %s, interval '0')", values
            )


def test_a_school_in_earnest_does_not_start_on_such_a_database(owner, monkeypatch):
    monkeypatch.setattr(database.guard, "passed", True)  # this cluster is not a durable one
    with override_settings(PRODUCTION=True):
        database.check_at_start()
        clock.move_to(MOMENT, kind=ClockOffset.Kind.DEMO)
        with pytest.raises(ImproperlyConfigured, match="demo or a test"):
            database.check_at_start()


def test_rights_follow_the_school_clock(owner, as_person):
    clock.move_to(MOMENT.replace(year=2099, month=9), kind=ClockOffset.Kind.TEST)
    owner("app")
    with override_settings(CLOCK_MOVES=True):
        assert as_person(cast.GIANG).get("/").status_code == 200
        response = as_person(cast.SON).get(f"/schools/{cast.song_lam().pk}/")
        assert response.status_code == 200
        assert "admin" in duties.roles_today(cast.user(cast.GIANG))
        assert "inspector" not in duties.roles_today(cast.user(cast.SON))


def test_the_command_moves_the_clock_of_a_demo_only(owner):
    with override_settings(MODE="demo", CLOCK_MOVES=True):
        call_command("move_clock", "2027-03-10T23:30")
        assert MOMENT <= clock.now() < MOMENT + SHORT
        with pytest.raises(CommandError, match="is no moment"):
            call_command("move_clock", "hôm qua")
    with pytest.raises(CommandError, match="Only the clock of a demo"):
        call_command("move_clock", "2027-03-10T23:30")
