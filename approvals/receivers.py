"""News of the mark book: a request about a cell that is written otherwise is no longer about what stands there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from approvals.services import expiring
from gradebook.selectors.books import Book, Key
from schoolbook.models import User


def cells_written(*, book: Book, cells: Collection[Key], actor: User, **_more: Any) -> None:
    """Cells were written past any request: the open ones about them expire in the same transaction."""
    expiring.expire_overtaken(book=book, cells=cells, actor=actor)
