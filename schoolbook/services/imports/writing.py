"""Writing many rows at once with their history, and remembering what was touched, so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Model
from simple_history.utils import get_history_manager_for_model

from schoolbook import audit
from schoolbook.errors import Invalid
from schoolbook.models import User
from schoolbook.services import rows

# For each row its key, and its newest history row before (none for a new one) and after.
Trail = list[tuple[int, int | None, int]]


class Writer:
    """Writes for one act, in its transaction and under the locks that the caller holds."""

    def __init__(self, *, actor: User, reason: str) -> None:
        self.actor, self.reason = actor, reason
        self.touched: list[tuple[str, Trail]] = []

    def make(self, made: Sequence[Model]) -> None:
        """Enter new rows of one model. Raises Invalid when one of them is there already, or overlaps."""
        if not made:
            return
        entered = rows.enter_many(made, actor=self.actor, reason=self.reason)
        after = newest_history(type(made[0]), [row.pk for row in entered])
        self._note(type(made[0]), [(row.pk, None, after[row.pk]) for row in entered])

    def change(self, changed: Sequence[Model], fields: Sequence[str]) -> None:
        """Save these fields of rows of one model. Raises Invalid when one of them may not be so."""
        if not changed:
            return
        model, keys = type(changed[0]), [row.pk for row in changed]
        before = newest_history(model, keys)
        save_many(changed, fields, actor=self.actor, reason=self.reason)
        after = newest_history(model, keys)
        self._note(model, [(key, before[key], after[key]) for key in keys])

    def _note(self, model: type[Model], trail: Trail) -> None:
        self.touched.append((model._meta.model_name or "", trail))


def newest_history(model: type[Model], keys: Iterable[int]) -> dict[int, int]:
    """The newest history row of each of these objects, in one query."""
    found = get_history_manager_for_model(model).filter(id__in=list(keys)).order_by()
    newest = found.values("id").annotate(newest=Max("history_id"))
    return {row["id"]: row["newest"] for row in newest}


def save_many(changed: Sequence[Any], fields: Sequence[str], *, actor: User, reason: str) -> None:
    """Save these fields of rows that are there and locked, with their history, in two statements.

    They go in as new rows of the same keys, which PostgreSQL turns into changes: for thousands of rows that is many
    times as fast as an update with a case for each.

    Raises Invalid when a field breaks a rule.
    """
    model = type(changed[0])
    checked = set(fields) - rows.references(changed[0])
    exclude = {field.name for field in model._meta.concrete_fields} - checked
    for row in changed:
        try:
            row.clean_fields(exclude=exclude)
            row.clean()
        except ValidationError as error:
            raise Invalid.of(error) from error
    model._base_manager.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=list(fields)
    )
    audit.record(changed, actor=actor, reason=reason)
