"""History as a page shows it: who, when, old and new value, why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Model, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.utils import get_history_manager_for_model

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PAGE = 20


@dataclass(frozen=True)
class FieldChange:
    """One field of a change; an empty text stands for no value."""

    label: StrOrPromise
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """One act on an object; the first one is its creation and shows no old values.

    `about` names the object where a panel is of several; `href` is where it leads.
    """

    at: datetime
    actor_name: str
    reason: str
    changes: Sequence[FieldChange]
    first: bool
    about: str = ""
    href: str = ""


@dataclass(frozen=True)
class Panel:
    """Changes of an object, newest first; `older` is the place before which older ones are, if there are any."""

    changes: Sequence[Change]
    older: int | None


def panel(
    obj: Model, fields: Sequence[str], *, before: int | None = None, size: int = PAGE
) -> Panel:
    """The newest `size` changes of these fields, or those older than a place, in one query."""
    rows_of = get_history_manager_for_model(obj).filter(id=obj.pk)
    if before is not None:
        rows_of = rows_of.filter(history_id__lt=before)
    # One more, for what the oldest one shown changed and to know whether there is an older one.
    rows = list(rows_of.order_by("-history_id")[: size + 1])
    pairs = [*pairwise(rows), (rows[-1], None)] if rows else []
    shown = [_change(obj, fields, row, earlier) for row, earlier in pairs[:size]]
    older = rows[size - 1].history_id if len(rows) > size else None
    return Panel(changes=shown, older=older)


def panel_of(
    model: type[Model],
    found: Q,
    fields: Sequence[str],
    *,
    related: Sequence[str] = (),
    about: Callable[[Any], str] = lambda _row: "",
    size: int = PAGE,
) -> Panel:
    """The newest changes of all objects of a model whose history rows are like that, in two queries.

    `related` are the fields among them that point to something with a name; `about` names the object of a row.
    """
    every = get_history_manager_for_model(model).order_by("-history_id")
    if related:
        every = every.select_related(*related)
    rows = list(every.filter(found)[:size])
    oldest = rows[-1].history_id if rows else 0
    earlier: dict[int, Any] = {}
    before = every.filter(id__in={row.id for row in rows}, history_id__lt=oldest) if rows else []
    for row in before:
        earlier.setdefault(row.id, row)
    shown = []
    for row in reversed(rows):
        change = _change(model, fields, row, earlier.get(row.id))
        shown.append(replace(change, about=about(row)))
        earlier[row.id] = row
    return Panel(changes=shown[::-1], older=None)


def mark(model: type[Model], found: Q) -> int:
    """A number that changes whenever one of these objects does: the place of their newest change, or 0.

    A page carries it to the service, which refuses when somebody else was faster.
    """
    newest_of = get_history_manager_for_model(model).filter(found)
    return int(newest_of.aggregate(newest=Max("history_id"))["newest"] or 0)


def newest_of(model: type[Model], found: Q) -> tuple[str, datetime, dict[str, str]]:
    """Who changed one of these objects last, when, and what it is since: the values by the names of the fields."""
    row = get_history_manager_for_model(model).filter(found).latest("history_id")
    values = {}
    for field in model._meta.concrete_fields:
        if field.name not in {"id", "school", "class_subject", "class_group", "version"}:
            values[str(capfirst(field.verbose_name))] = _words(field, getattr(row, field.name, ""))
    return row.actor_name, row.history_date, {name: text for name, text in values.items() if text}


def newest(obj: Model) -> tuple[str, datetime]:
    """Who changed an object last, and when."""
    row = get_history_manager_for_model(obj).filter(id=obj.pk).latest("history_id")
    return row.actor_name, row.history_date


def _words(field: Any, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)


def _change(
    obj: Model | type[Model], fields: Sequence[str], row: Any, before: Any | None
) -> Change:
    changes = []
    for name in fields:
        field: Any = obj._meta.get_field(name)
        old = "" if before is None else _words(field, getattr(before, name))
        new = _words(field, getattr(row, name))
        if old != new:
            label = capfirst(field.verbose_name)
            changes.append(FieldChange(label=label, old=old, new=new))
    return Change(
        at=row.history_date,
        actor_name=row.actor_name,
        reason=row.history_change_reason or "",
        changes=changes,
        first=before is None,
    )
