"""What a page costs beside the one SELECT it cannot do without: `make bench`.

Both are timed in turn in one run on one database, so that the ratio means something on any machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from statistics import median

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.ready import READY
from schoolbook.embedded import Postgres
from tests import cast, servers
from tests.conftest import show_second_factor

assert READY
ROUNDS = 200


def seconds(act: Callable[[], object]) -> float:
    """How long one act takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def compare(name: str, act: Callable[[], object], limit: Callable[[], object]) -> None:
    """Time both in turn and print the medians and their ratio."""
    act(), limit()  # what is only loaded once does not count
    pairs = [(seconds(act), seconds(limit)) for _round in range(ROUNDS)]
    ours, least = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    with CaptureQueriesContext(connection) as queries:
        act()
    print(
        f"{name}: {len(queries)} queries, {ours * 1000:.2f} ms,"
        f" {ours / least:.1f} x the limit ({least * 1000:.2f} ms)"
    )


def main() -> None:
    """Measure opening and saving the particulars of a school."""
    with servers.running() as home:
        postgres = Postgres(home, durable=False)
        servers.use_database(postgres.url("app", servers.TEMPLATE))
        client = Client(headers={"host": "localhost"})
        client.force_login(cast.user(cast.AN), "django.contrib.auth.backends.ModelBackend")
        show_second_factor(client)
        path = f"/schools/{cast.song_lam().pk}/"
        with closing(psycopg.connect(postgres.url("app", servers.TEMPLATE))) as session:

            def read() -> object:
                with session.transaction():
                    query = "SELECT * FROM schoolbook_school WHERE id = %s"
                    return session.execute(query, [cast_id]).fetchall()

            cast_id = cast.song_lam().pk
            assert client.get(path).status_code == 200  # noqa: PLR2004
            compare("open the school page", lambda: client.get(path), read)
        connection.close()


if __name__ == "__main__":
    main()
