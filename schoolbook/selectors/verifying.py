"""Going through every chain and every row with a history, and saying what is not as it was written.

All of it is computed here from plain rows: no function of the database is trusted. Rows are streamed, so that memory
does not grow with them; `steady` gives all of it one moment of the database, whatever is saved meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql
from simple_history.models import HistoricalChanges

from schoolbook import registry
from schoolbook.models import ActLink, GatheredHead, Gathering, School
from schoolbook.rules.chain import Head, act_link, gathering_link

BATCH = 1000
# Acts are linked in the order in which transactions commit, and dated while those are under way.
LONGEST_TRANSACTION = timedelta(hours=1)
Item = TypeVar("Item")


@contextmanager
def steady() -> Iterator[None]:
    """Everything inside sees the database as of one moment, and can only read it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL timezone = 'UTC'")
        yield


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """The items, so many at a time."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def stream(statement: sql.Composable, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, fetched a few thousand at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(2 * BATCH):
            yield from rows


def histories(*, chained: bool = False) -> list[Any]:
    """The history models of all apps; with `chained`, those whose rows are links of the chain of acts."""
    models: list[Any] = apps.get_models()
    found = [
        model
        for model in models
        if issubclass(model, HistoricalChanges)
        and (not chained or any(rule.name == "link_act" for rule in model._meta.triggers))
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


# Acts ----------------------------------------------------------------------------------------------


def acts(school: School) -> Iterator[str]:
    """What is wrong with the chain of acts of a school: links, and the rows of history that they keep."""
    previous, before, latest = "", 0, None
    for number, source, row, content, link, now in _links(school):
        where = f"act {number} ({source}, history row {row})"
        if number != before + 1:
            yield f"acts {before + 1} to {number - 1}: removed from the chain of acts"
        elif link != act_link(
            school=school.pk,
            number=number,
            previous=previous,
            source=source,
            row=row,
            content=content,
        ):
            yield f"{where}: the link does not follow from the one before it and from what it keeps"
        said = _parsed(content)
        if now is None:
            yield f"{where}: the history row is gone"
        elif changed := _different(said, _parsed(now)):
            yield f"{where}: the history row says something else in {', '.join(changed)}"
        dated = _dated(said)
        if dated and latest and dated < latest - LONGEST_TRANSACTION:
            yield f"{where}: dated {dated}, long before the act before it"
        latest = max(filter(None, (latest, dated)), default=None)
        previous, before = link, number
    yield from _unlinked(school)


def _links(school: School) -> Iterator[tuple[Any, ...]]:
    rows = sql.SQL(" UNION ALL ").join(
        sql.SQL(
            "SELECT {source}::text AS source, history_id, to_jsonb(h)::text AS said"
            " FROM {table} h WHERE school_id = {school}"
        ).format(
            source=sql.Literal(model._meta.db_table),
            table=sql.Identifier(model._meta.db_table),
            school=sql.Literal(school.pk),
        )
        for model in histories(chained=True)
    )
    yield from stream(
        sql.SQL(
            "SELECT a.number, a.source, a.row, a.content, a.link, h.said FROM {acts} a"
            " LEFT JOIN ({rows}) h ON h.source = a.source AND h.history_id = a.row"
            " WHERE a.school_id = %s ORDER BY a.number"
        ).format(acts=sql.Identifier(ActLink._meta.db_table), rows=rows),
        [school.pk],
    )


def _unlinked(school: School) -> Iterator[str]:
    for model in histories(chained=True):
        table = model._meta.db_table
        found = stream(
            sql.SQL(
                "SELECT h.history_id FROM {table} h WHERE h.school_id = %s AND NOT EXISTS ("
                "SELECT FROM {acts} a WHERE a.school_id = h.school_id AND a.source = %s"
                " AND a.row = h.history_id) ORDER BY h.history_id"
            ).format(table=sql.Identifier(table), acts=sql.Identifier(ActLink._meta.db_table)),
            [school.pk, table],
        )
        for (row,) in found:
            yield f"{table}, history row {row}: not in the chain of acts"


def _parsed(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text, parse_float=Decimal)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _different(said: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The columns that the link knows, the table still has, and in which both differ."""
    return [name for name in said if name in now and said[name] != now[name]]


def _dated(said: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(said["history_date"])
    except (KeyError, TypeError, ValueError):
        return None


def absent_acts(school: School, heads: Sequence[tuple[int, Head]]) -> Iterator[str]:
    """Which gathered heads of the acts of a school are no longer where they were in the chain."""
    there = dict(
        ActLink.objects.filter(
            school=school, number__in=[head.number for _gathering, head in heads]
        ).values_list("number", "link")
    )
    for gathering, head in heads:
        if there.get(head.number) != head.link:
            yield (
                f"act {head.number}: gathering {gathering} keeps another link of it:"
                " the chain of acts was cut or rewritten"
            )


# Gatherings ----------------------------------------------------------------------------------------


def gatherings(school: School) -> Iterator[str]:
    """What is wrong with the gatherings of a school: their links, and the heads that they keep."""
    previous, before = "", 0
    rows = Gathering.objects.filter(school=school).order_by("number").iterator(BATCH)
    for batch in batches(rows, 200):
        heads: dict[int, list[Head]] = {row.pk: [] for row in batch}
        for owner, name, number, link in GatheredHead.objects.filter(
            gathering__in=heads
        ).values_list("gathering_id", "chain", "number", "link"):
            heads[owner].append(Head(name, number, link))
        for row in batch:
            if row.number != before + 1:
                yield f"gatherings {before + 1} to {row.number - 1}: removed"
            elif row.link != gathering_link(
                school=school.pk,
                number=row.number,
                previous=previous,
                gathered_at=row.gathered_at,
                heads=heads[row.pk],
            ):
                yield (
                    f"gathering {row.number}: the link does not follow from the one before it"
                    " and from the heads that it keeps"
                )
            previous, before = row.link, row.number
        yield from _absent(school, [(row.number, head) for row in batch for head in heads[row.pk]])


def _absent(school: School, heads: Sequence[tuple[int, Head]]) -> Iterator[str]:
    by_kind: dict[str, list[tuple[int, Head]]] = {}
    for gathering, head in heads:
        by_kind.setdefault(head.chain.partition(":")[0], []).append((gathering, head))
    for name, mine in by_kind.items():
        kind = registry.chains.kind_of(name)
        for batch in batches(mine):
            if kind:
                yield from kind.absent(school, batch)
            else:
                yield from (
                    f"gathering {one}: there is no chain {head.chain}" for one, head in batch
                )


# Rows and their history ----------------------------------------------------------------------------


def facts(school: School | None) -> Iterator[str]:
    """Every row that differs from its newest history row, or has none, and every history whose row is gone.

    Of one school, as far as the rows say to which they belong; without one, of all.
    """
    names = dict(School.objects.values_list("pk", "abbreviation"))
    for history in histories():
        for batch in batches(_differing(history, school)):
            fact = history.instance_type
            words = registry.chains.words_for(fact._meta.label, [row[0] for row in batch])
            for pk, of_school, trace, columns in batch:
                place = words.get(pk) or f"{fact._meta.db_table} {pk}"
                at = "" if school else f"{names.get(of_school, '')}: ".removeprefix(": ")
                yield f"{at}{place}: {_what(trace, columns)}"


def _what(trace: int | None, columns: list[str] | None) -> str:
    if trace is None:
        return "the row has no history"
    if columns is None:
        return f"the row is gone; its newest history row is {trace}"
    return f"the row differs from its newest history row {trace} in {', '.join(columns)}"


def _differing(history: Any, school: School | None) -> Iterator[tuple[Any, ...]]:
    fact: type[Model] = history.instance_type
    tracked = {field.column for field in history.tracked_fields}
    of_school = "id" if fact is School else "school_id" if "school_id" in tracked else None
    key = sql.Identifier(str(fact._meta.pk.column))
    compared = sql.SQL(", ").join(
        sql.SQL("CASE WHEN f.{0} IS DISTINCT FROM t.{0} THEN {1} END").format(
            sql.Identifier(column), sql.Literal(column)
        )
        for column in sorted(tracked)
    )
    same = sql.SQL(" AND ").join(
        sql.SQL("f.{0} IS NOT DISTINCT FROM t.{0}").format(sql.Identifier(column))
        for column in sorted(tracked)
    )
    named = (
        sql.SQL("coalesce(f.{0}, t.{0})").format(sql.Identifier(of_school))
        if of_school
        else sql.SQL("NULL")
    )
    only: sql.Composable = sql.SQL("")
    if school and of_school:
        only = sql.SQL("AND {} = {}").format(named, sql.Literal(school.pk))
    yield from stream(
        sql.SQL(
            "SELECT coalesce(f.{key}, t.{key}), {school}, t.history_id,"
            " CASE WHEN f.{key} IS NULL THEN NULL ELSE array_remove(ARRAY[{compared}], NULL) END"
            " FROM {fact} f FULL JOIN (SELECT DISTINCT ON ({key}) * FROM {history}"
            " ORDER BY {key}, history_id DESC) t ON t.{key} = f.{key}"
            " WHERE NOT (f.{key} IS NOT NULL AND t.{key} IS NOT NULL AND {same}) {only}"
            " ORDER BY 1"
        ).format(
            key=key,
            school=named,
            compared=compared,
            same=same,
            fact=sql.Identifier(fact._meta.db_table),
            history=sql.Identifier(history._meta.db_table),
            only=only,
        )
    )
