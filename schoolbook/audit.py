"""The one place that writes history: who, what, why, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Model
from django.db.transaction import TransactionManagementError
from simple_history.utils import get_history_manager_for_model

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
    if not objects:
        return
    if not connection.in_atomic_block:
        raise TransactionManagementError("history is written in the transaction of its change")
    get_history_manager_for_model(objects[0]).bulk_history_create(
        list(objects),
        update=not created,
        default_user=actor,
        default_change_reason=reason,
        custom_historical_attrs={"actor_name": actor.full_name, "request_id": request_id()},
    )
