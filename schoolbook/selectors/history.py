"""History as a page shows it: who, when, old and new value, why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import Model
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
    """One act on an object; the first one is its creation and shows no old values."""

    at: datetime
    actor_name: str
    reason: str
    changes: Sequence[FieldChange]
    first: bool


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


def newest(obj: Model) -> tuple[str, datetime]:
    """Who changed an object last, and when."""
    row = get_history_manager_for_model(obj).filter(id=obj.pk).latest("history_id")
    return row.actor_name, row.history_date


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _change(obj: Model, fields: Sequence[str], row: Any, before: Any | None) -> Change:
    changes = []
    for name in fields:
        old = "" if before is None else _words(getattr(before, name))
        new = _words(getattr(row, name))
        if old != new:
            label = capfirst(obj._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            changes.append(FieldChange(label=label, old=old, new=new))
    return Change(
        at=row.history_date,
        actor_name=row.actor_name,
        reason=row.history_change_reason or "",
        changes=changes,
        first=before is None,
    )
