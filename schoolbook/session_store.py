"""Django's sessions in the database, with what a person is shown of them in columns of their own.

`SESSION_ENGINE` names this module. Whose session it is, since when and from which device stand in the row, so that
a person can see and end the own sessions without anybody decoding them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from schoolbook.models import Session


class Key:
    """The names under which a session remembers what this project needs."""

    PUBLIC_ID = "public_id"
    DEVICE = "device"
    STARTED_AT = "started_at"
    LAST_SEEN_AT = "last_seen_at"
    SECOND_FACTOR = "second_factor"
    VERIFIED_AT = "verified_at"


class SessionStore(DatabaseStore):
    """Fills the columns from the data; a session ends for good some hours after it began, however often it is saved."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Build the row for this data."""
        row: Any = super().create_model_instance(data)
        if SESSION_KEY not in data or Key.STARTED_AT not in data:
            return row
        row.user_id = int(data[SESSION_KEY])
        row.public_id = UUID(data[Key.PUBLIC_ID])
        row.device = data[Key.DEVICE]
        row.started_at = at(data[Key.STARTED_AT])
        row.last_seen_at = at(data[Key.LAST_SEEN_AT])
        row.expire_date = row.started_at + timedelta(hours=settings.SESSION_HOURS)
        return row


def at(seconds: float) -> datetime:
    """A moment as sessions keep it."""
    return datetime.fromtimestamp(seconds, UTC)
