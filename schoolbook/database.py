"""What Schoolbook asks of the PostgreSQL server: durable commits, and three roles with no more than they need.

* The *owner* runs migrations and owns every table.
* The *app* is what the web and the workers sign in as. It reads and writes, but cannot change or remove history.
* The *reader* looks and touches nothing; it sees no session and no password hash.

The role names share a prefix: `schoolbook_owner`, `schoolbook_app`, `schoolbook_reader`.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from psycopg import sql
from simple_history.models import HistoricalChanges

log = structlog.get_logger(__name__)

DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
OWNER, APP, READER = "_owner", "_app", "_reader"
# What only the owner writes: kinds of rows and rights, and how far the clock of a demo was moved.
FOR_THE_OWNER = {"django_content_type", "auth_permission", "schoolbook_clockoffset"}
# Technical tables that must be emptied and hold no fact of the school: signed-in browsers, counts of wrong passwords.
TRANSIENT = {"schoolbook_session", "axes_accessattempt", "axes_accessattemptexpiration"}
# Technical tables whose rows change and stay: how far the long work is that somebody asked for. No history.
WORK = {"schoolbook_job"}
# Chains that show tampering: rows are added, also by triggers, and never changed.
APPEND_ONLY = {"schoolbook_actlink", "schoolbook_gathering", "schoolbook_gatheredhead"}
# What a reader has no business in, by table: None is all of it.
HIDDEN_FROM_READER: dict[str, set[str] | None] = {
    "schoolbook_session": None,
    "axes_accessattempt": None,
    "axes_accessattemptexpiration": None,
    "axes_accessfailurelog": None,
    "axes_accesslog": None,
    "schoolbook_user": {"password"},
    "schoolbook_activationslip": {"code_hash"},
    "schoolbook_secondfactor": {"secret", "last_step"},
    "schoolbook_recoverycode": {"code_hash"},
}


# Durability ----------------------------------------------------------------------------------------


def require_durable(wrapper: BaseDatabaseWrapper) -> None:
    """Raise ImproperlyConfigured when this server may lose a commit that it has acknowledged.

    `synchronous_commit` may also be `local`, `remote_write` or `remote_apply`: each waits for the disk.
    """
    with wrapper.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off'", [list(DURABLE)]
        )
        off = sorted(name for (name,) in cursor.fetchall())
    if off:
        raise ImproperlyConfigured(
            f"PostgreSQL runs with {', '.join(off)} off and may lose marks that it has "
            "acknowledged. Turn them on in postgresql.conf and restart it."
        )


class DurabilityGuard:
    """Checks the first connection of a process that runs in production, and every one until it passes."""

    def __init__(self) -> None:
        self.passed = False

    def __call__(self, connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
        """Receive Django's `connection_created`."""
        if self.passed or not settings.PRODUCTION:
            return
        require_durable(connection)
        self.passed = True


guard = DurabilityGuard()


def check_at_start() -> None:
    """Connect once, so that an unsafe server, or a demo's, stops the process now and not at the first mark.

    A server that cannot be reached yet is no reason to stop: `/ready/` says so until it answers.
    """
    if not settings.PRODUCTION:
        return
    from schoolbook import clock  # noqa: PLC0415 - models are not there when this module is loaded

    try:
        connection.ensure_connection()
        clock.refuse_in_earnest()
    except OperationalError:
        log.warning("database_not_reachable_at_start")
    finally:
        connection.close()


# Roles ---------------------------------------------------------------------------------------------


def role_prefix(owner: str) -> str:
    """The common part of the three role names, from the name of the owner.

    Raises ImproperlyConfigured when migrations run as somebody else.
    """
    if not owner.endswith(OWNER):
        raise ImproperlyConfigured(
            f"Migrations must run as the owner role, whose name ends in “{OWNER}”, not as “{owner}”."
        )
    return owner.removesuffix(OWNER)


def privileges(model: type[Model]) -> str:
    """What the app may do with the table of a model, as SQL words."""
    table = model._meta.db_table
    if issubclass(model, HistoricalChanges):
        # The order of history is the database's to give: the app may not choose a number.
        columns = {str(field.column) for field in model._meta.local_concrete_fields}
        given = ", ".join(f'"{column}"' for column in sorted(columns - {"history_id"}))
        return f"SELECT, INSERT ({given})"
    if table in FOR_THE_OWNER:
        return "SELECT"
    if table in TRANSIENT:
        return "SELECT, INSERT, UPDATE, DELETE"
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE"


def grant(using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Give the app and the reader exactly what they need; run by the owner after each migration."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user")
        prefix = role_prefix(cursor.fetchone()[0])
        app, reader = sql.Identifier(prefix + APP), sql.Identifier(prefix + READER)

        def run(statement: str, **names: sql.Composable) -> None:
            cursor.execute(sql.SQL(statement).format(app=app, reader=reader, **names))

        for kind in ("TABLES", "SEQUENCES"):
            run(f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {{app}}, {{reader}}")
        run("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}")
        run("GRANT SELECT ON django_migrations TO {app}, {reader}")
        for model in apps.get_models(include_auto_created=True):
            if model._meta.proxy or not model._meta.managed:
                continue
            table = sql.Identifier(model._meta.db_table)
            run(f"GRANT {privileges(model)} ON {{table}} TO {{app}}", table=table)
            hidden = HIDDEN_FROM_READER.get(model._meta.db_table, set())
            if hidden is None:
                continue
            columns = {str(field.column) for field in model._meta.local_concrete_fields} - hidden
            listed = [sql.Identifier(column) for column in sorted(columns)]
            run(
                "GRANT SELECT ({columns}) ON {table} TO {reader}",
                table=table,
                columns=sql.Composed(listed).join(", "),
            )


def refuse_another_role(using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Stop a migration before it starts when it would leave tables that belong to the wrong role."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user")
        role_prefix(cursor.fetchone()[0])
