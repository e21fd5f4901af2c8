"""Whether the triggers and functions in the database are those of the migrations: who owns it can take them away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection

from schoolbook import registry

BODY = re.compile(r"AS \$\$(?P<body>.*)\$\$", re.DOTALL)
NAME = re.compile(r"CREATE FUNCTION public\.(?P<name>\w+)\s*\(")
# How pg_trigger.tgtype holds what a trigger is for.
ROW, BEFORE = 1, 2
OPERATIONS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
INSTALLED = """
    SELECT c.relname, t.tgname, t.tgenabled, t.tgtype, t.tgdeferrable AND t.tginitdeferred, t.tgqual IS NOT NULL,
        p.prosrc, coalesce(p.proconfig, '{}')
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
"""
FUNCTIONS = """
    SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname = ANY(%s)
"""
# A setting of a role or of the database with which no trigger fires.
ASLEEP = """
    SELECT coalesce(r.rolname, 'everybody') FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole,
        unnest(s.setconfig) AS setting
    WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND setting ILIKE 'session_replication_role=%' AND setting NOT ILIKE '%=origin'
"""


@dataclass(frozen=True)
class Guard:
    """What matters of a trigger: when it fires, whether under a condition, and what it does, its settings included."""

    kind: int
    is_deferred: bool
    is_conditional: bool
    body: str
    settings: tuple[str, ...]


def findings() -> Iterator[str]:
    """A sentence for each trigger that is missing, disabled or another one, and for each function that is."""
    there = _installed()
    for (table, name), wanted in _wanted().items():
        found = there.get((table, name))
        where = f"trigger {name} of {table}"
        if found is None:
            yield f"{where}: missing; what it guards could be written past it"
        elif not found[1]:
            yield f"{where}: disabled; what it guards could be written past it"
        elif found[0] != wanted:
            yield f"{where}: not the one of the migrations"
    yield from _functions()
    with connection.cursor() as cursor:
        cursor.execute(ASLEEP)
        for (role,) in cursor.fetchall():
            yield f"session_replication_role is set for {role}: no trigger fires"


def _installed() -> dict[tuple[str, str], tuple[Guard, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(INSTALLED)
        rows = cursor.fetchall()
    return {
        (table, name): (
            Guard(kind, deferred, conditional, _plain(body), tuple(sorted(settings))),
            enabled == "O",
        )
        for table, name, enabled, kind, deferred, conditional, body, settings in rows
    }


def _wanted() -> dict[tuple[str, str], Guard]:
    models: list[Any] = apps.get_models(include_auto_created=True)
    return {
        (model._meta.db_table, rule.get_pgid(model)): _guard(rule, model)
        for model in models
        for rule in getattr(model._meta, "triggers", [])
    }


def _guard(rule: Any, model: Any) -> Guard:
    statement = str(rule.compile(model).sql)
    kind = sum(OPERATIONS[word] for word in str(rule.operation).split(" OR "))
    kind += ROW if rule.level == pgtrigger.Row else 0
    kind += BEFORE if rule.when == pgtrigger.Before else 0
    settings = ["search_path=pg_catalog, public, pg_temp"]
    if "SET timezone = 'UTC'" in statement:
        settings.append("TimeZone=UTC")
    return Guard(
        kind,
        rule.timing == pgtrigger.Deferred,
        bool(rule.render_condition(model)),
        _body(statement),
        tuple(sorted(settings)),
    )


def _functions() -> Iterator[str]:
    clock = import_module("schoolbook.migrations.0004_clock_and_grants").SCHOOL_NOW
    link = import_module("schoolbook.migrations.0007_chain").LINK_ACT
    made = [clock, link, *(one for kind in registry.chains.kinds() for one in kind.functions)]
    wanted = {_name(statement): _body(statement) for statement in made}
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS, [list(wanted)])
        there = {name: _plain(body) for name, body in cursor.fetchall()}
    for name, body in wanted.items():
        if name not in there:
            yield f"function {name}: missing"
        elif there[name] != body:
            yield f"function {name}: not the one of the migrations"


def _name(statement: str) -> str:
    found = NAME.search(statement)
    assert found, statement
    return found["name"]


def _body(statement: str) -> str:
    found = BODY.search(statement)
    assert found, statement
    return _plain(found["body"])


def _plain(body: str) -> str:
    return " ".join(body.split())
