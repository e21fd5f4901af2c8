"""What is asked of PostgreSQL: durable commits, and three roles with no more than they need."""

from contextlib import closing
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import override_settings

from schoolbook import database
from schoolbook.embedded import Postgres, throwaway_home

PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def privileges_of(role, postgres):
    """The privileges a role really has on each table, as PostgreSQL tells it."""
    with closing(psycopg.connect(postgres.superuser_url("schoolbook_template"))) as session:
        rows = session.execute(
            "SELECT c.relname, p.name FROM pg_class c, unnest(%s::text[]) AS p(name)"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(%s, c.oid, p.name)",
            [list(PRIVILEGES), role],
        ).fetchall()
    found: dict[str, set[str]] = {}
    for table, privilege in rows:
        found.setdefault(table, set()).add(privilege)
    return found


def test_the_app_reads_adds_and_changes_and_deletes_only_what_is_nobodys_fact(postgres):
    app = privileges_of("schoolbook_app", postgres)
    assert {table for table, has in app.items() if "DELETE" in has} == database.TRANSIENT
    assert not any({"TRUNCATE", "REFERENCES", "TRIGGER"} & has for has in app.values())
    for table, has in app.items():
        if "historical" in table:
            assert has == {"SELECT"}, table  # and INSERT column by column
    assert app["schoolbook_school"] == {"SELECT", "INSERT", "UPDATE"}
    assert app["django_migrations"] == {"SELECT"}


def test_the_reader_changes_nothing_and_sees_no_password_and_no_session(postgres):
    reader = privileges_of("schoolbook_reader", postgres)
    assert reader == {"django_migrations": {"SELECT"}}  # the others column by column
    url = postgres.url("reader", "schoolbook_template")
    with closing(psycopg.connect(url, autocommit=True)) as session:
        assert session.execute("SELECT name FROM schoolbook_school").fetchall()
        assert session.execute("SELECT username FROM schoolbook_user").fetchall()
        for secret in (
            "SELECT password FROM schoolbook_user",
            "SELECT session_data FROM schoolbook_session",
            "SELECT code_hash FROM schoolbook_activationslip",
            "SELECT secret FROM schoolbook_secondfactor",
            "SELECT code_hash FROM schoolbook_recoverycode",
            "SELECT username FROM axes_accessattempt",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(secret)


def test_the_tables_belong_to_the_owner(postgres):
    with closing(psycopg.connect(postgres.superuser_url("schoolbook_template"))) as session:
        owners = session.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    assert owners == [("schoolbook_owner",)]


def test_migrations_run_as_nobody_but_the_owner():
    assert database.role_prefix("schoolbook_owner") == "schoolbook"
    with pytest.raises(ImproperlyConfigured, match="_owner"):
        database.role_prefix("schoolbook_app")


@pytest.mark.django_db
def test_a_migration_as_the_app_is_refused_before_it_starts():
    with pytest.raises(ImproperlyConfigured, match="schoolbook_app"):
        database.refuse_another_role()


@pytest.mark.django_db
def test_production_refuses_a_server_that_may_lose_acknowledged_marks():
    with override_settings(PRODUCTION=True), pytest.raises(ImproperlyConfigured) as caught:
        database.DurabilityGuard()(connection=connection)
    for setting in database.DURABLE:  # the tests' own server is hasty in all three
        assert setting in str(caught.value)
    database.DurabilityGuard()(connection=connection)  # outside of production it may be


def test_a_durable_server_passes_and_is_asked_once():
    with throwaway_home() as home, Postgres(home, durable=True) as durable:
        guard = database.DurabilityGuard()
        with closing(psycopg.connect(durable.superuser_url())) as session:
            counting: Any = CountingConnection(session)
            with override_settings(PRODUCTION=True):
                guard(connection=counting)
                guard(connection=counting)
            assert counting.cursors == 1
            session.execute("SET synchronous_commit = off")
            with (
                override_settings(PRODUCTION=True),
                pytest.raises(ImproperlyConfigured, match="synchronous_commit"),
            ):
                database.DurabilityGuard()(connection=counting)


class CountingConnection:
    """Enough of Django's connection for the guard, around a plain one."""

    def __init__(self, session):
        self.session, self.cursors = session, 0

    def cursor(self):
        self.cursors += 1
        return self.session.cursor()
