"""The phrases a teacher keeps."""

from __future__ import annotations

from gradebook.models import Phrase
from schoolbook.models import User


def own(user: User) -> list[Phrase]:
    """Those in use, by their text; in one query."""
    return list(Phrase.objects.filter(user=user, is_active=True).order_by("text", "id"))
