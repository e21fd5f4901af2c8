"""Invariants 4 and 16: history cannot be changed, and nothing that has one changes without it."""

from contextlib import closing
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from psycopg import sql
from simple_history.models import HistoricalChanges
from simple_history.utils import get_history_model_for_model

from schoolbook import audit
from schoolbook.database import APPEND_ONLY, FOR_THE_OWNER, TRANSIENT, WORK
from schoolbook.models import School, SlipKind, User
from schoolbook.models.triggers import REFUSED
from schoolbook.services import slips, statements
from tests import cast, servers
from tests.schoolbook.fillers import FILLERS, MORE_OF_HISTORY

HISTORIES: list[Any] = sorted(
    (model for model in apps.get_models() if issubclass(model, HistoricalChanges)),
    key=lambda model: model.__name__,
)
FACTS = [model.instance_type for model in HISTORIES]
WORKING: list[Any] = [model for model in apps.get_models() if model._meta.db_table in WORK]
IGNORE = "SET pgtrigger.ignore = '{\"%s\"}'"


def names(models):
    return [model._meta.label for model in models]


def test_every_model_of_our_own_has_a_history():
    ours = {
        model
        for app in ("schoolbook", "gradebook", "approvals")
        for model in apps.get_app_config(app).get_models()
        if not issubclass(model, HistoricalChanges)
        and model._meta.db_table not in TRANSIENT | FOR_THE_OWNER | APPEND_ONLY | WORK
    }
    assert ours == set(FACTS)


def refused(url, statement, *before):
    """The error code with which PostgreSQL refuses a statement, in a transaction of its own."""
    with closing(psycopg.connect(url)) as session, pytest.raises(psycopg.Error) as caught:
        in_one_transaction(session, *before, statement)
    return caught.value.sqlstate


def in_one_transaction(session, *statements):
    with session.transaction():
        for statement in statements:
            session.execute(statement)


def fill_the_rest(url):
    """Rows and their history, written past the services as only the superuser can."""
    tables = {model._meta.model_name: sql.Identifier(model._meta.db_table) for model in FACTS}
    with closing(psycopg.connect(url)) as session, session.transaction():
        session.execute("SET session_replication_role = replica")
        for name, rest in FILLERS.items():
            statement = sql.SQL("INSERT INTO {" + name + "} " + rest).format(**tables)
            session.execute(statement)
            copy_to_history(session, name, tables[name])


def copy_to_history(session, name, table):
    model = next(fact for fact in FACTS if fact._meta.model_name == name)
    history = get_history_model_for_model(model)
    columns = sql.SQL(", ").join(sql.Identifier(f.column) for f in history.tracked_fields)
    more, values = MORE_OF_HISTORY.get(name, ("", ""))
    session.execute(
        sql.SQL(
            "INSERT INTO {history} ({more}{columns}, history_date, history_type,"
            " history_user_id, actor_name, request_id)"
            " SELECT {values}{columns}, now(), '+', 1, 'x', '' FROM {table}"
        ).format(
            more=sql.SQL(more),
            values=sql.SQL(values),
            history=sql.Identifier(history._meta.db_table),
            columns=columns,
            table=table,
        )
    )


@pytest.fixture(scope="module")
def own_database(postgres, worker_id, django_db_setup, django_db_blocker):
    """A database in which nothing below may succeed, so that one is enough for all of it.

    A trigger that fires for each row needs one in every table: the tables that the cast leaves empty get it here.
    """
    name = f"audit_{worker_id}"
    postgres.clone_database("schoolbook_template", name)
    fill_the_rest(postgres.superuser_url(name))
    with django_db_blocker.unblock():
        servers.use_database(postgres.url("app", name))
        statements.accept(actor=cast.user(cast.CHI))
        slips.issue_as_operator(
            username=cast.CHI.username, kind=SlipKind.BOTH, actor=User.objects.system()
        )
        servers.use_database(postgres.url("app", f"schoolbook_{worker_id}"))
    yield (
        lambda role: (
            postgres.superuser_url(name) if role == "superuser" else postgres.url(role, name)
        )
    )
    postgres.drop_database(name)


USUAL = {
    "append_only",
    "equals_history",
    "no_delete",
    "no_new_key",
    "no_truncate",
    "same_school",
    "stamp",
}
CHANGES = ["UPDATE {table} SET id = id", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"]
INSUFFICIENT_PRIVILEGE = "42501"


@pytest.mark.parametrize("model", HISTORIES, ids=names(HISTORIES))
@pytest.mark.parametrize("change", CHANGES)
def test_the_app_may_not_touch_history(own_database, model, change):
    statement = change.format(table=model._meta.db_table)
    assert refused(own_database("app"), statement) == INSUFFICIENT_PRIVILEGE
    assert refused(own_database("reader"), statement) in {INSUFFICIENT_PRIVILEGE, "25006"}


@pytest.mark.parametrize("model", HISTORIES, ids=names(HISTORIES))
@pytest.mark.parametrize("role", ["owner", "superuser"])
@pytest.mark.parametrize("change", CHANGES)
def test_triggers_refuse_it_even_to_those_who_own_it(own_database, model, role, change):
    statement = change.format(table=model._meta.db_table)
    assert refused(own_database(role), statement) == REFUSED


@pytest.mark.parametrize("model", FACTS, ids=names(FACTS))
@pytest.mark.parametrize("change", CHANGES[1:])
def test_facts_are_ended_and_never_deleted(own_database, model, change):
    statement = change.format(table=model._meta.db_table)
    assert refused(own_database("app"), statement) == INSUFFICIENT_PRIVILEGE
    assert refused(own_database("superuser"), statement) == REFUSED


@pytest.mark.parametrize("role", ["app", "owner", "superuser"])
def test_a_raw_update_cannot_commit(own_database, role):
    change = "UPDATE schoolbook_school SET name = 'Tên lén sửa'"
    assert refused(own_database(role), change) == REFUSED
    assert refused(own_database(role), change, "SET CONSTRAINTS ALL IMMEDIATE") == REFUSED


@pytest.mark.parametrize("role", ["app", "superuser"])
def test_a_row_without_history_cannot_commit(own_database, role):
    statement = (
        "INSERT INTO schoolbook_school (level, district, name, abbreviation, address_before,"
        " address_since, version) VALUES ('primary', 'xa', 'Ma', 'ma', '', 'x', 1)"
    )
    assert refused(own_database(role), statement) == REFUSED


def test_a_history_row_that_says_something_else_cannot_commit(own_database):
    forged = (
        "INSERT INTO schoolbook_historicalschool (id, level, district, name, abbreviation,"
        " address_before, address_since, version, history_date, history_type, history_user_id,"
        " actor_name, request_id) SELECT id, level, district, 'Tên khác', abbreviation,"
        " address_before, address_since, version, now(), '~', 1, 'x', '' FROM schoolbook_school"
    )
    assert refused(own_database("app"), forged) == REFUSED


@pytest.mark.parametrize("model", FACTS, ids=names(FACTS))
def test_a_row_keeps_its_key_so_that_none_vanishes_under_another(own_database, model):
    statement = f"UPDATE {model._meta.db_table} SET id = id + 1000000"  # noqa: S608
    for role in ("app", "superuser"):
        assert refused(own_database(role), statement) == REFUSED


COPY = (
    "INSERT INTO schoolbook_historicalschool ({columns}, {extra}) SELECT {columns}, {value}"
    " FROM schoolbook_historicalschool LIMIT 1"
)


def copied(extra, value, without):
    history = get_history_model_for_model(School)
    columns = [f.column for f in history._meta.local_concrete_fields if f.column not in without]
    return COPY.format(columns=", ".join(columns), extra=extra, value=value)


@pytest.mark.parametrize("number", [-5, 0, 9223372036854775000])
def test_the_app_does_not_choose_a_place_in_history(own_database, number):
    statement = copied("history_id", number, {"history_id"})
    assert refused(own_database("app"), statement) == INSUFFICIENT_PRIVILEGE


def test_a_history_row_is_dated_by_the_server_whatever_is_sent(committed):
    statement = copied("history_date", "'2020-01-01'", {"history_id", "history_date"})
    with closing(psycopg.connect(committed.url("app"))) as session:
        in_one_transaction(session, statement)
        newest = session.execute(
            "SELECT history_date > now() - interval '1 minute' FROM schoolbook_historicalschool"
            " ORDER BY history_id DESC LIMIT 1"
        ).fetchone()
    assert newest == (True,)


def renamed(name):
    return (
        f"UPDATE schoolbook_school SET name = '{name}', version = version + 1 WHERE id = 1",  # noqa: S608
        "INSERT INTO schoolbook_historicalschool (id, level, district, name, abbreviation,"
        " address_before, address_since, version, history_date, history_type, history_user_id,"
        " actor_name, request_id) SELECT id, level, district, name, abbreviation, address_before,"
        " address_since, version, now(), '~', 1, 'x', '' FROM schoolbook_school WHERE id = 1",
    )


def test_a_transaction_that_looks_at_the_past_cannot_leave_it_as_the_newest_history(committed):
    url = committed.url("app")
    with (
        closing(psycopg.connect(url, autocommit=True)) as slow,
        closing(psycopg.connect(url)) as fast,
    ):
        slow.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        slow.execute("SELECT name FROM schoolbook_school")
        in_one_transaction(fast, *renamed("Tên mới"))
        slow.execute(renamed("x")[1])
        with pytest.raises(psycopg.errors.SerializationFailure):
            slow.execute("COMMIT")


def test_the_comparison_waits_for_whoever_is_changing_the_row(committed):
    url = committed.url("app")
    with (
        closing(psycopg.connect(url, autocommit=True)) as slow,
        closing(psycopg.connect(url)) as fast,
    ):
        for statement in renamed("Tên mới"):
            fast.execute(statement)  # not committed yet
        slow.execute("BEGIN")
        slow.execute("SET LOCAL lock_timeout = '50ms'")
        slow.execute(renamed("x")[1])
        with pytest.raises(psycopg.errors.LockNotAvailable):
            slow.execute("COMMIT")


def test_the_setting_of_the_trigger_library_switches_nothing_off(own_database):
    with psycopg.connect(own_database("app")) as session:
        triggers = [
            name
            for (name,) in session.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
            ).fetchall()
        ]
    fenced = [
        model for model in FACTS if any(rule.name == "same_school" for rule in model._meta.triggers)
    ]
    more = {
        rule.name
        for model in [*FACTS, *HISTORIES]
        for rule in model._meta.triggers
        if rule.name not in USUAL
    }
    assert more == {
        "link_act",
        "finished",
        "only_while_drafted",
        "new_sheet_waits",
        "closed_to_new",
        "follows_workflow",
        "only_in_draft",
        "open_as_its_request",
        "witnesses_approved",
        "closed_to_change",
        "stays_in_place",
    }
    counted = sum(len(model._meta.triggers) for model in [*FACTS, *HISTORIES])
    working = sum(len(model._meta.triggers) for model in WORKING)
    assert len(triggers) == counted + working + 2 * len(APPEND_ONLY)
    assert counted >= 8 * len(FACTS) + len(fenced)
    ignore_all = f"SET pgtrigger.ignore = '{{{','.join(triggers)}}}'"
    change = "UPDATE schoolbook_school SET name = 'Tên lén sửa'"
    assert refused(own_database("app"), change, ignore_all) == REFUSED
    history = "DELETE FROM schoolbook_historicalschool"
    assert refused(own_database("owner"), history, ignore_all) == REFUSED


def test_no_trigger_function_asks_a_setting_and_each_pins_its_search_path(own_database):
    with psycopg.connect(own_database("app")) as session:
        functions = session.execute(
            "SELECT p.proname, p.prosrc, p.proconfig FROM pg_trigger t"
            " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
        ).fetchall()
    assert functions
    for name, source, config in functions:
        assert "current_setting" not in source.lower(), name
        assert "ignore" not in source.lower(), name
        assert config[0] == "search_path=pg_catalog, public, pg_temp", name
        assert config[1:] in ([], ["TimeZone=UTC"]), name


def test_the_app_cannot_put_a_temporary_table_in_front_of_the_real_one(own_database):
    statement = "CREATE TEMPORARY TABLE schoolbook_historicalschool (id bigint)"
    assert refused(own_database("app"), statement) == INSUFFICIENT_PRIVILEGE


def test_the_orm_cannot_commit_a_bulk_update_either(committed):
    with pytest.raises(Exception, match="differs from its newest history row"):
        School.objects.update(name="Tên lén sửa")
    assert cast.song_lam().name == cast.SONG_LAM.name


@transaction.atomic
def rename_twice(school, *, recorded):
    for name in ("Tên một", "Tên hai"):
        school.name = name
        school.save(update_fields=["name"])
        if name in recorded:
            audit.record([school], actor=cast.user(cast.AN))


def test_nothing_of_a_transaction_stays_when_its_history_fails(committed):
    school = cast.song_lam()
    with pytest.raises(Exception, match="differs"):
        rename_twice(school, recorded=["Tên một"])
    assert cast.song_lam().name == cast.SONG_LAM.name
    assert School.history.filter(id=school.pk).count() == 1


def test_two_changes_in_one_transaction_commit_when_the_newest_row_is_right(committed):
    school = cast.song_lam()
    rename_twice(school, recorded=["Tên một", "Tên hai"])
    assert cast.song_lam().name == "Tên hai"
    assert School.history.filter(id=school.pk).count() == 3


def test_history_outside_a_transaction_is_a_programming_error(committed):
    assert not connection.in_atomic_block
    with pytest.raises(TransactionManagementError):
        audit.record([cast.song_lam()], actor=cast.user(cast.AN))


@pytest.mark.django_db
@pytest.mark.parametrize("model", HISTORIES, ids=names(HISTORIES))
def test_a_history_row_always_names_its_actor(model):
    row = model._meta.get_field("history_user")
    assert not row.null
    assert not model._meta.get_field("actor_name").null
    assert get_history_model_for_model(model.instance_type) is model


@pytest.mark.django_db
def test_the_name_of_the_actor_stays_as_it_was():
    system_row = School.history.filter(id=cast.song_lam().pk).get()
    assert system_row.actor_name == "Hệ thống"
    assert system_row.history_user.username == "system"


def test_recording_nothing_asks_nothing(db, exactly_queries):
    with exactly_queries(0):
        audit.record([], actor=None)  # type: ignore[arg-type]
