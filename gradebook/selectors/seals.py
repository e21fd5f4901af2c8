"""Which cells are sealed because who entered them has left the system since (R-046)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from gradebook.models import Mark
from gradebook.selectors.books import Book, Key
from schoolbook.models import Session


def sealed(book: Book, only: Collection[int] | None = None) -> frozenset[Key]:
    """The cells of the sheet that hold something entered in a session that is over, where the school seals.

    No query where it does not, else two. A session is over when its person signed out, when it was ended, or
    when it was idle for longer than the school allows.
    """
    if not book.regulation.seal_on_sign_out or book.sheet is None:
        return frozenset()
    kept: Any = Mark.history.filter(sheet=book.sheet)
    if only is not None:
        kept = kept.filter(student__in=only)
    newest = list(
        kept.order_by("id", "-history_id")
        .distinct("id")
        .values_list(
            "student_id", "component", "number", "state", "history_user_id", "history_date"
        )
    )
    begun = _begun({row[4] for row in newest}, book.regulation.idle_minutes)
    return frozenset(
        (student, component, number)
        for student, component, number, state, user, at in newest
        if state != "blank" and not any(start <= at for start in begun[user])
    )


def _begun(users: Collection[int], idle_minutes: int) -> dict[int, list[datetime]]:
    """When the sessions that still last began, by person."""
    since = timezone.now() - timedelta(minutes=idle_minutes)
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = Session.objects.live().filter(user__in=users, last_seen_at__gte=since)
    for user, start in rows.values_list("user_id", "started_at"):
        if start:
            found[user].append(start)
    return found
