"""Confirming sheets and classes, taking that back, and what happens when something under it changes (R-144 – R-149)."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from gradebook.models import SignOff
from gradebook.selectors.books import Book
from schoolbook import audit
from schoolbook.models import User


def break_if_signed(book: Book, *, actor: User, reason: str = "") -> list[SignOff]:
    """As `break_signed`, for a book that was fetched with what closes it: in no query where nothing is signed."""
    return break_signed(book, actor=actor, reason=reason) if book.closing.any_signed else []


def break_signed(book: Book, *, actor: User, reason: str = "") -> list[SignOff]:
    """End the sign-off of a sheet in which something has changed, and with it the word for its class and term.

    Results of the year stand on the sheet of the second term: a change in the first breaks that one, too. The caller
    has locked the sheets.
    """
    rows = SignOff.objects.filter(ended_at=None, sheet__term__gte=book.term).filter(
        Q(sheet__in=[sheet.pk for sheet in book.sheets.values()])
        | Q(sheet__class_group=book.class_group, sheet__class_subject=None)
    )
    found = list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    for row in found:
        row.ending, row.ended_at, row.ended_by = SignOff.Ending.BROKEN, timezone.now(), actor
        row.reason = reason
        row.save(update_fields=["ending", "ended_at", "ended_by", "reason"])
    audit.record(found, actor=actor, reason=reason)
    return found
