"""The one place that writes history: who, what, why, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from simple_history.utils import get_history_model_for_model

from schoolbook.context import request_id
from schoolbook.models import User


def record(
    objects: Sequence[Model], *, actor: User, reason: str = "", created: bool = False
) -> None:
    """Add a history row for each of these objects of one model, in one statement.

    Call it after the objects are saved, in the same transaction: the database compares both at commit and refuses
    a difference. The name of the actor is frozen as it is now.

    Raises TransactionManagementError outside a transaction, where a row could commit without its history.
    """
    own = {"history_type": "+" if created else "~", "history_change_reason": reason}
    record_each(objects, actor=actor, more=[own] * len(objects))


def record_each(
    objects: Sequence[Model], *, actor: User, more: Sequence[Mapping[str, Any]]
) -> None:
    """As `record`, where each row of history carries something of its own: `more` says what, in the same order.

    `history_type` in it is "+" for a new object and "~" for a changed one; `history_change_reason` is the reason.
    Raises as `record`.
    """
    if not objects:
        return
    if not connection.in_atomic_block:
        raise TransactionManagementError("history is written in the transaction of its change")
    kept: Any = get_history_model_for_model(type(objects[0]))
    columns = [field.attname for field in kept.tracked_fields]
    request = request_id()
    kept.objects.bulk_create(
        kept(
            history_user_id=actor.pk,
            actor_name=actor.full_name,
            request_id=request,
            history_date=timezone.now(),  # the database sets its own
            **{column: getattr(row, column) for column in columns},
            **own,
        )
        for row, own in zip(objects, more, strict=True)
    )
