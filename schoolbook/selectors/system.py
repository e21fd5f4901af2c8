"""Whether the parts that Schoolbook stands on answer, for operators."""

from __future__ import annotations

from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


@dataclass(frozen=True)
class Readiness:
    """Each part by name, and whether it answers."""

    parts: dict[str, bool]

    @property
    def ready(self) -> bool:
        """Whether all of them do."""
        return all(self.parts.values())


def readiness() -> Readiness:
    """Ask the database, the queue and the migrations; each within a few seconds."""
    database = _database_answers()
    return Readiness(
        {
            "database": database,
            "migrations": database and _all_migrated(),
            "queue": _queue_answers(),
        }
    )


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return True
    except DatabaseError:
        return False


def _all_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _queue_answers() -> bool:
    client = redis.Redis.from_url(
        settings.REDIS_URL.replace("redis+socket://", "unix://"),
        socket_timeout=2,
        socket_connect_timeout=2,
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
