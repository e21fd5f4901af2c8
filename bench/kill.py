"""Kill -9 in mid-save: `python -m bench.kill [--kills 100]`.

Some teachers type without a pause. At random moments a process of the web server, one session of PostgreSQL or the
whole PostgreSQL is killed with SIGKILL and started again. At the end every acknowledged mark must be there, as it was
acknowledged, and none half applied. Exit code 1 otherwise.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import psycopg
from django.db import connection

from bench import stack
from bench.compare import compare
from bench.load import Column, work
from bench.teachers import Teacher
from schoolbook.models import User

WRITERS, BATCH = 6, 6


def type_until(teacher: Teacher, columns: list[Column], stop: Event) -> None:
    """Type over and over; what was not answered is sent again with the same keys until it is."""
    chance = teacher.chance
    while not stop.is_set():
        column = chance.choice(columns)
        cells = chance.sample(column.cells, BATCH)
        edits = [teacher.edit(cell, column.value(chance)) for cell in cells]
        while not teacher.send(cells[0].class_subject, cells[0].term, edits):
            if stop.is_set():
                return
            time.sleep(0.05)


def kill_web(site: stack.Stack, chance: random.Random) -> None:
    """One process that answers requests; gunicorn starts another."""
    with suppress(ProcessLookupError, IndexError):
        os.kill(chance.choice(site.web_workers()), signal.SIGKILL)


def kill_session(site: stack.Stack, chance: random.Random) -> None:
    """One session of PostgreSQL: the server then ends all of them and repairs itself."""
    with psycopg.connect(site.postgres.superuser_url(stack.DATABASE)) as session:
        rows = session.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [stack.DATABASE],
        ).fetchall()
    with suppress(ProcessLookupError, IndexError):
        os.kill(chance.choice(rows)[0], signal.SIGKILL)


def kill_postgres(site: stack.Stack, _chance: random.Random) -> None:
    """The whole server, with all of its sessions; then it is started again."""
    master = site.postgres.pid()
    assert master
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    for number in (master, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    site.postgres.stop()
    site.postgres.start()


KILLS = (kill_web, kill_web, kill_session, kill_postgres)


def main() -> int:
    """Let people type, kill, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    given = parser.parse_args()
    chance, stop = random.Random(11), Event()  # noqa: S311 - the same moments every time
    killed: Counter[str] = Counter()
    with stack.running("bench.large_school") as site:
        plan = list(work(3).items())[:WRITERS]
        users = User.objects.in_bulk([user for user, _columns in plan])
        teachers = [Teacher(users[user], site.port, seed=user) for user, _columns in plan]
        connection.close()
        threads = [
            Thread(target=type_until, args=(teacher, columns, stop))
            for teacher, (_user, columns) in zip(teachers, plan, strict=True)
        ]
        for thread in threads:
            thread.start()
        for _turn in range(given.kills):
            time.sleep(chance.uniform(0.05, 0.8))
            kill = chance.choice(KILLS)
            try:
                kill(site, chance)
            except psycopg.OperationalError:
                continue  # it is still repairing itself
            killed[kill.__name__] += 1
            site.wait()
        stop.set()
        for thread in threads:
            thread.join()
        verdict = compare(teacher.ledger for teacher in teachers)
        connection.close()
    counts = sum((Counter(teacher.ledger.counts) for teacher in teachers), Counter())
    print(f"{sum(killed.values())} kills {dict(killed)}; told: {dict(counts)}")
    print(f"{verdict.acknowledged} acknowledged; {dict(verdict.wrong)}")
    return 0 if verdict.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
