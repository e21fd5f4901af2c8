"""Rules that the database holds by itself, as triggers that no session can switch off.

django-pgtrigger keeps the triggers in the migrations. Its own rendering begins each function with a clause that any
session can turn against it (`SET pgtrigger.ignore`), so these are rendered without it. They also pin the search path:
a temporary table of the same name would otherwise stand in front of the real one.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.apps import apps
from django.db.models import Model
from pgtrigger import compiler
from simple_history.utils import get_history_model_for_model

# What a refused statement raises, so that a service could tell it from any other error.
REFUSED = "SB001"


class UnignorableSql(compiler.UpsertTriggerSql):
    """SQL of a trigger without the library's ignore clause. Migrations refer to this class: keep its name."""

    def get_template(self) -> str:
        """The statements, version 1; the names in braces are filled in by the library."""
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER
            SET search_path = pg_catalog, public, pg_temp
            AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class UtcSql(UnignorableSql):
    """As above, for a function that writes moments as text: always in UTC. Keep its name, too."""

    def get_template(self) -> str:
        """The statements, version 1."""
        return (
            super()
            .get_template()
            .replace(
                "SET search_path = pg_catalog, public, pg_temp",
                "SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC'",
            )
        )


class Rule(pgtrigger.Trigger):
    """A trigger rendered by `UnignorableSql`. The library speaks of a `Model` where it passes the class."""

    rendered_by: type[UnignorableSql] = UnignorableSql

    def compile(self, model: Model) -> compiler.Trigger:
        """Render the trigger for a model."""
        return compiler.Trigger(
            name=self.name,
            sql=self.rendered_by(
                pgid=self.get_pgid(model),
                declare=self.render_declare(model),
                func=self.render_func(model),
                table=model._meta.db_table,
                constraint="CONSTRAINT" if self.timing else "",
                when=self.when,
                operation=self.operation,
                timing=f"DEFERRABLE INITIALLY {self.timing}" if self.timing else "",
                referencing=self.referencing or "",
                level=self.level,
                condition=self.render_condition(model),
                execute=self.render_execute(model),
            ),
        )


class Refuse(Rule):
    """Refuses an operation on every row, whoever asks."""

    when = pgtrigger.Before

    def get_func(self, model: Model) -> str:
        """Raise, naming the operation and the table."""
        return f"RAISE EXCEPTION '% on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = '{REFUSED}';"


def refuse_truncate() -> Refuse:
    """Refuse TRUNCATE, which row triggers do not see."""
    return Refuse(name="no_truncate", operation=pgtrigger.Truncate, level=pgtrigger.Statement)


def append_only() -> list[Rule]:
    """The rules of a history table: rows are added, never changed or removed."""
    return [
        Refuse(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        refuse_truncate(),
    ]


def keep() -> list[Rule]:
    """The rules of a table whose rows are ended or superseded, never removed.

    A row under another key would be a removed one and a new one.
    """
    return [
        Refuse(name="no_delete", operation=pgtrigger.Delete),
        Refuse(
            name="no_new_key",
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition("OLD.id IS DISTINCT FROM NEW.id"),
        ),
        refuse_truncate(),
    ]


class Stamp(Rule):
    """A history row is dated by the server's clock when it is written, whatever was sent."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="stamp", **kwargs)

    def get_func(self, model: Model) -> str:
        """Set the date."""
        return "NEW.history_date := pg_catalog.clock_timestamp(); RETURN NEW;"


class EqualsHistory(Rule):
    """At commit, the newest history row of an object equals the object; else nothing commits.

    It is deferred, so that a service may write row and history in any order. It reads both as they stand at commit,
    not as they were when the statement ran, and locks the object first: whoever else is changing it has committed by
    then, or waits. It belongs on the table and on its history: neither changes alone.
    """

    when = pgtrigger.After
    timing = pgtrigger.Deferred

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="equals_history", **kwargs)

    def get_func(self, model: Model) -> str:
        """Compare every column that the history keeps."""
        # Migrations ask with a stand-in that knows nothing of history; the app registry has the real class.
        real: Any = apps.get_model(model._meta.label)
        tracked = getattr(real, "instance_type", real)
        history = get_history_model_for_model(tracked)
        columns = [f'"{field.column}"' for field in history.tracked_fields]
        key = f'"{tracked._meta.pk.column}"'
        fact = f"ROW({', '.join('fact.' + column for column in columns)})"
        trace = f"ROW({', '.join('trace.' + column for column in columns)})"
        return f"""
            PERFORM FROM public."{tracked._meta.db_table}" WHERE {key} = NEW.{key} FOR NO KEY UPDATE;
            IF NOT EXISTS (
                SELECT FROM public."{tracked._meta.db_table}" AS fact
                JOIN LATERAL (
                    SELECT * FROM public."{history._meta.db_table}"
                    WHERE {key} = NEW.{key} ORDER BY history_id DESC LIMIT 1
                ) AS trace ON true
                WHERE fact.{key} = NEW.{key} AND {fact} IS NOT DISTINCT FROM {trace}
            ) THEN
                RAISE EXCEPTION '% % differs from its newest history row', TG_TABLE_NAME, NEW.{key}
                    USING ERRCODE = '{REFUSED}';
            END IF;
            RETURN NULL;
        """  # noqa: S608 - names of our own models


class LinkAct(Rule):
    """A history row that is an act of the school becomes a link of the school's chain of acts, as it commits.

    Deferred, so that the lock of the chain is the last that a transaction takes and the shortest that it holds. The
    link keeps what the row said, word for word: a column that a later version adds changes no link.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert
    timing = pgtrigger.Deferred
    rendered_by = UtcSql

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="link_act", **kwargs)

    def get_func(self, model: Model) -> str:
        """Add the link."""
        return """
            PERFORM public.schoolbook_link_act(
                NEW.school_id, TG_TABLE_NAME, NEW.history_id, to_jsonb(NEW)::text
            );
            RETURN NULL;
        """


def audited() -> list[Rule]:
    """The rules of a table whose every change leaves a trace (architecture, invariant 4)."""
    return [*keep(), EqualsHistory(operation=pgtrigger.Insert | pgtrigger.Update)]


def history_of_audited(*, chained: bool = False, stamp: Rule | None = None) -> list[Rule]:
    """The rules of the history of such a table; `chained` where each row is a link of the school's chain of acts.

    `stamp` may take the place of the rule that dates a row, where it does more than that.
    """
    more = [LinkAct()] if chained else []
    return [*append_only(), stamp or Stamp(), EqualsHistory(operation=pgtrigger.Insert), *more]


class SameSchool(Rule):
    """What a row points to belongs to the school of the row; the fence between schools, held by the database."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, *fields: str, **kwargs: Any) -> None:
        self.fields = fields
        super().__init__(name="same_school", **kwargs)

    def get_func(self, model: Model) -> str:
        """Look each row up by id and school."""
        real: Any = apps.get_model(model._meta.label)
        checks = []
        for name in self.fields:
            field = real._meta.get_field(name)
            table, column = field.related_model._meta.db_table, field.column
            checks.append(
                f"""
                IF NEW."{column}" IS NOT NULL AND NOT EXISTS (
                    SELECT FROM public."{table}" WHERE id = NEW."{column}" AND school_id = NEW.school_id
                ) THEN
                    RAISE EXCEPTION '% of % belongs to another school', '{name}', TG_TABLE_NAME
                        USING ERRCODE = '{REFUSED}';
                END IF;"""
            )
        return "\n".join([*checks, "RETURN NEW;"])
