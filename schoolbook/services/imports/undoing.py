"""Taking an import back: exactly what it touched, as long as nothing of that has changed since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.models import Field, Model
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges
from simple_history.utils import get_history_manager_for_model

from schoolbook import clock
from schoolbook.models import Student, User
from schoolbook.rules import names
from schoolbook.services.imports.writing import Trail, newest_history, save_many

Touched = Sequence[tuple[str, Trail]]
WITHDRAWN = "withdrawn_on"


def _models(touched: Touched) -> Iterator[tuple[Any, Trail]]:
    """The model of each part of what was touched, the last written first: so nothing is left without its base."""
    for name, trail in reversed(touched):
        yield apps.get_model("schoolbook", name), trail


def lock(touched: Touched) -> None:
    """Lock every row that was touched, until the transaction ends; in the order in which an import locks them."""
    for name, trails in groupby(touched, key=lambda part: part[0]):
        keys = [key for _name, trail in trails for key, _before, _after in trail]
        rows = apps.get_model("schoolbook", name)._base_manager.filter(pk__in=keys)
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def obstacle(touched: Touched) -> str:
    """Why it cannot be taken back, as a sentence; empty when it can."""
    ours: dict[str, set[int]] = {}
    for name, trail in touched:
        ours.setdefault(name, set()).update(key for key, _before, _after in trail)
    for model, trail in _models(touched):
        newest = newest_history(model, [key for key, _before, _after in trail])
        for key, _before, after in trail:
            if newest[key] != after:
                return _changed_since(model, key, newest[key])
        made = [key for key, before, _after in trail if before is None]
        for relation in _relations(model) if made else ():
            if found := _added_since(relation, made, ours):
                return found
    return ""


def _changed_since(model: Any, key: int, history_id: int) -> str:
    trace = get_history_manager_for_model(model).get(history_id=history_id)
    return _("%(what)s was changed since, by %(name)s at %(time)s.") % {
        "what": _called(model._base_manager.get(pk=key)),
        "name": trace.actor_name,
        "time": f"{timezone.localtime(trace.history_date):%H:%M %d/%m/%Y}",
    }


def _called(row: Any) -> str:
    """A row in words: a person by name, anything else by its kind and the person it is about."""
    if isinstance(row, Student | User):
        return row.full_name
    person = row.student if hasattr(row, "student") else row.user
    return f"{person.full_name} ({row._meta.verbose_name})"


def _relations(model: type[Model]) -> Iterator[Field[Any, Any]]:
    """The fields of other tables, of the apps above too, that may name a row of this model; history does not count."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.is_relation and not relation.concrete:
            field = relation.field  # type: ignore[union-attr]
            if not issubclass(field.model, HistoricalChanges):
                yield field


def _added_since(field: Any, made: Sequence[int], ours: dict[str, set[int]]) -> str:
    """What was hung since on something that the import made."""
    rows = field.model._base_manager.filter(**{f"{field.name}__in": made})
    found = rows.exclude(pk__in=ours.get(field.model._meta.model_name, ())).first()
    if found is None:
        return ""
    return _("Since then something was added to %(what)s: %(kind)s.") % {
        "what": _called(getattr(found, field.name)),
        "kind": field.model._meta.verbose_name,
    }


def take_back(touched: Touched, *, actor: User, reason: str) -> None:
    """Withdraw what was new, and let the rest be again what it was before; the last written first."""
    for model, trail in _models(touched):
        keys = [key for key, _before, _after in trail]
        rows = {row.pk: row for row in model._base_manager.filter(pk__in=keys)}
        made = [rows[key] for key, before, _after in trail if before is None]
        for row in made:
            _withdraw(row)
        if made:
            field = "is_active" if model is User else WITHDRAWN
            versions = ["version"] if model is Student else []
            save_many(made, [field, *versions], actor=actor, reason=reason)
        _restore(model, rows, trail, actor=actor, reason=reason)


def _withdraw(row: Any) -> None:
    if isinstance(row, User):
        row.is_active = False
    else:
        row.withdrawn_on = clock.today()
    if isinstance(row, Student):
        row.version += 1


def _restore(model: Any, rows: dict[int, Any], trail: Trail, *, actor: User, reason: str) -> None:
    before = {old: key for key, old, _after in trail if old is not None}
    history = get_history_manager_for_model(model)
    tracked = [f for f in history.model.tracked_fields if not f.primary_key and f.name != "version"]
    restored = []
    for trace in history.filter(history_id__in=list(before)):
        row = rows[before[trace.history_id]]
        for field in tracked:
            setattr(row, field.attname, getattr(trace, field.attname))
        restored.append(_derived(row))
    if restored:
        derived = ["sort_key", "search_key", "exact_key"] if model in {Student, User} else []
        versions = ["version"] if model is Student else []
        saved = [field.name for field in tracked]
        save_many(restored, [*saved, *derived, *versions], actor=actor, reason=reason)


def _derived(row: Any) -> Any:
    """What follows from the name, and the version, which only grows."""
    if isinstance(row, Student | User):
        row.sort_key = names.sort_key(row.full_name)
        row.search_key = names.search_key(row.full_name)
        row.exact_key = names.exact_key(row.full_name)
    if isinstance(row, Student):
        row.version += 1
    return row
