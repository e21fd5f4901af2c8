"""Requests that come to an end because somebody wrote what they are about meanwhile."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from approvals.models import CorrectionRequest
from approvals.selectors import requests as read
from approvals.services.steps import expired
from gradebook.selectors.books import Book, Key
from schoolbook.models import User


def expire_overtaken(*, book: Book, cells: Collection[Key], actor: User) -> list[CorrectionRequest]:
    """End the open requests about any of these cells, which the caller has just written with the sheet locked.

    In one query where there is none. They are locked after the sheet, as applying does. Those that ended.
    """
    touched = read.open_about(book, cells)
    return _ended(touched, actor) if touched else []


@transaction.atomic
def _ended(touched: Collection[int], actor: User) -> list[CorrectionRequest]:
    rows = CorrectionRequest.objects.filter(pk__in=touched).order_by("pk")
    locked = rows.select_for_update(no_key=True, of=("self",))
    return [row for row in locked if expired(row, actor=actor)]
