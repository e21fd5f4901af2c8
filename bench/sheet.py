"""What the sheet costs beside what it cannot do without: `python -m bench.sheet [--years 20]`.

Open a sheet of 45 pupils × 8 columns, save 45 marks, save one: whole requests through Django, timed in turn with the
same work done by plain psycopg on the same tables (triggers and all), on a durable PostgreSQL. Then the same again with
the marks of 20 school years in the tables.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.ready import READY
from gradebook.models import Mark, MarkSheet
from gradebook.selectors.books import Place
from gradebook.services import marks
from gradebook.services.marks import Edit
from schoolbook.embedded import Postgres, throwaway_home
from schoolbook.models import ClassSubject
from schoolbook.services import drafts
from tests import cast, servers
from tests.gradebook.closing import lock, unlock
from tests.gradebook.people import fill_class

assert READY
ROUNDS, BLOCKS = 60, 6
CELLS = [
    ("regular", 1),
    ("regular", 2),
    ("regular", 3),
    ("regular", 4),
    ("midterm", 1),
    ("final", 1),
]
TRANSACTION = {"BEGIN", "COMMIT", "ROLLBACK"}
# The budget of the issue: queries at most, and times the limit at most.
BUDGET = {"open": (9, 20), "save 45": (14, 20), "save 1": (14, 20)}
LOCK = (
    "SELECT id FROM gradebook_marksheet WHERE class_subject_id = %s ORDER BY id FOR NO KEY UPDATE"
)
UPSERT = """
INSERT INTO gradebook_mark (school_id, sheet_id, student_id, component, number, state, score, level, text, note, origin,
    source, version)
SELECT school_id, sheet_id, student_id, component, number, 'value', %(score)s::numeric, '', '', '', 'entered', '',
    version + 1
FROM gradebook_mark WHERE sheet_id = %(sheet)s AND component = 'regular' AND number = 1 AND student_id = ANY(%(pupils)s)
ON CONFLICT (sheet_id, student_id, component, number)
DO UPDATE SET score = excluded.score, version = excluded.version
RETURNING id
"""
HISTORY = """
INSERT INTO gradebook_historicalmark (id, school_id, sheet_id, student_id, component, number, state, score, level, text,
    note, origin, source, version, history_date, history_type, history_user_id, history_change_reason, actor_name,
    request_id)
SELECT id, school_id, sheet_id, student_id, component, number, state, score, level, text, note, origin, source, version,
    now(), '~', %(user)s, '', 'x', '' FROM gradebook_mark WHERE id = ANY(%(ids)s)
"""
READ = "SELECT * FROM gradebook_mark WHERE sheet_id = %s"


@dataclass
class Bench:
    """A teacher in front of a full sheet, and a bare session beside."""

    client: Client
    taught: ClassSubject
    pupils: list[int]
    account: str
    chance: random.Random
    session: psycopg.Connection[Any] = field(init=False)

    @property
    def address(self) -> str:
        """Where the sheet is."""
        return f"/sheets/subjects/{self.taught.pk}/1/"

    def open(self) -> bytes:
        """The whole page."""
        response = self.client.get(self.address, headers={"accept-encoding": "gzip"})
        assert response.status_code == 200, response.status_code  # noqa: PLR2004
        return response.content

    def save(self, count: int) -> float:
        """One request with a changed mark of each of so many pupils; its seconds."""
        sheet = MarkSheet.objects.get(class_subject=self.taught, term=1)
        held = dict(
            Mark.objects.filter(sheet=sheet, component="regular", number=1).values_list(
                "student", "version"
            )
        )
        body = self.batch(count, held)
        begin = time.perf_counter()
        with CaptureQueriesContext(connection) as self.queries:
            response = self.client.post(
                f"{self.address}save/", body, content_type="application/json"
            )
        took = time.perf_counter() - begin
        answers = response.json()["answers"]
        assert {answer["status"] for answer in answers} == {"saved"}, answers
        return took

    def batch(self, count: int, held: dict[int, int]) -> str:
        """Marks that differ from those that stand."""
        edits = [
            {
                "key": str(UUID(int=self.chance.getrandbits(128), version=4)),
                "student": pupil,
                "component": "regular",
                "number": 1,
                "typed": f"{held[pupil] % 10},{self.chance.randint(0, 4)}",
                "seen": held[pupil],
            }
            for pupil in self.pupils[:count]
        ]
        return json.dumps({"account": self.account, "edits": edits})

    def bare_read(self) -> None:
        """The one SELECT that reads the cells."""
        with self.session.transaction():
            self.session.execute(READ, [self.sheet]).fetchall()

    def bare_save(self, count: int) -> None:
        """Lock, upsert and history in one transaction."""
        score = f"{self.chance.randint(0, 9)}.{self.chance.randint(5, 9)}"
        pupils = self.pupils[:count]
        with self.session.transaction():
            self.session.execute(LOCK, [self.taught.pk])
            given = {"score": score, "sheet": self.sheet, "pupils": pupils}
            ids = [row[0] for row in self.session.execute(UPSERT, given).fetchall()]
            self.session.execute(HISTORY, {"ids": ids, "user": 1})
        assert len(ids) == count

    @property
    def sheet(self) -> int:
        """The id of the sheet."""
        return MarkSheet.objects.values_list("id", flat=True).get(class_subject=self.taught, term=1)


def timed(act: Callable[[], object]) -> float:
    """Seconds of one act."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


Times = dict[str, list[tuple[float, float]]]


def measure(bench: Bench, rounds: int, into: Times) -> None:
    """Time ours and the limit in turn, so many rounds; the first of each does not count."""

    def pair(name: str, ours: Callable[[], float], limit: Callable[[], object]) -> None:
        ours(), limit()
        into.setdefault(name, []).extend((ours(), timed(limit)) for _round in range(rounds))

    pair("open", lambda: timed(bench.open), bench.bare_read)
    for count in (45, 1):
        pair(
            f"save {count}",
            lambda count=count: bench.save(count),
            lambda count=count: bench.bare_save(count),
        )


def queries(bench: Bench) -> dict[str, int]:
    """How many statements each takes; beginning and ending a transaction are none of them."""
    acts = {
        "open": bench.open,
        "save 45": lambda: bench.save(45),
        "save 1": lambda: bench.save(1),
    }
    found = {}
    for name, act in acts.items():
        with CaptureQueriesContext(connection) as captured:
            act()
        found[name] = sum(
            query["sql"] not in TRANSACTION
            for query in (bench.queries if name != "open" else captured).captured_queries
        )
    return found


def report(times: Times, counts: dict[str, int], before: Times | None = None) -> None:
    """Print the medians against their budget."""
    for name, pairs in times.items():
        most_queries, most_times = BUDGET[name]
        ours, least = (median(pair[side] for pair in pairs) for side in (0, 1))
        within = counts[name] <= most_queries and ours / least <= most_times
        line = (
            f"{name}: {counts[name]} queries, {ours * 1000:.1f} ms,"
            f" {ours / least:.1f} x the limit ({least * 1000:.2f} ms)"
        )
        if before:
            grown = ours / median(pair[0] for pair in before[name])
            within = within and grown <= GROWTH
            line += f", {grown:.2f} x one year"
        print(line if within else f"{line}  OVER BUDGET")


GROWTH = 1.25


def set_up() -> Bench:
    """A full sheet of 45 pupils, and its teacher signed in."""
    pupils = [pupil.pk for pupil in fill_class()]
    taught = ClassSubject.objects.get(class_group=cast.class_group(), subject__code="toan")
    chance = random.Random(3)  # noqa: S311 - the same marks every time
    chi = cast.user(cast.CHI)
    edits = [
        Edit(UUID(int=chance.getrandbits(128)), pupil, component, number, "7", 0)
        for pupil in pupils
        for component, number in CELLS
    ]
    edits += [
        Edit(UUID(int=chance.getrandbits(128)), pupil, "comment", 1, "Chăm học.", 0)
        for pupil in pupils
    ]
    marks.save(place=Place(1, class_subject_id=taught.pk), edits=edits, actor=chi)
    closed_here_and_there()
    client = Client(headers={"host": "localhost"})
    client.force_login(chi, "django.contrib.auth.backends.ModelBackend")
    return Bench(client, taught, pupils, drafts.account(chi), chance)


def closed_here_and_there() -> None:
    """What a school has in a year: locks and unlocks that all have to be looked at, none of which closes the sheet."""
    for number in range(5):
        lock("marks", component="final", student_id=None, term=2, number=number + 1)
        unlock(component="retest", number=number + 1)
    lock("entry", grade=7)
    lock("entry", book="class", term=1)


YEARS = """
SET session_replication_role = replica;
CREATE TEMPORARY TABLE old AS
    SELECT row_number() OVER () + 1000000 AS sheet, year, term, taught
    FROM generate_series(1, {years}) AS year, generate_series(1, 2) AS term, generate_series(1, 144) AS taught;
INSERT INTO gradebook_marksheet (id, school_id, class_group_id, class_subject_id, term)
    SELECT sheet, {school}, {group}, 1000000 + year * 1000 + taught, term FROM old;
INSERT INTO gradebook_mark (id, school_id, sheet_id, student_id, component, number, state, score, level, text, note,
    origin, source, version)
    SELECT 1000000 + row_number() OVER (), {school}, sheet, 1000000 + (taught / 12) * 45 + pupil, 'regular', cell,
        'value', (pupil + cell) % 10, '', '', '', 'entered', '', 1
    FROM old, generate_series(1, 45) AS pupil, generate_series(1, 6) AS cell;
INSERT INTO gradebook_historicalmark (id, school_id, sheet_id, student_id, component, number, state, score, level,
    text, note, origin, source, version, history_date, history_type, history_user_id, actor_name, request_id,
    client_key, link_number, link)
    SELECT id, school_id, sheet_id, student_id, component, number, state, score, level, text, note, origin, source,
        version, now(), '+', 1, 'x', '', gen_random_uuid(), row_number() OVER (PARTITION BY sheet_id ORDER BY id),
        repeat('0', 64) FROM gradebook_mark WHERE id > 1000000;
INSERT INTO gradebook_subjectresult (id, school_id, class_subject_id, student_id, period, status, average, level,
    scheme, rules_version, origin)
    SELECT 1000000 + row_number() OVER (), {school}, 1000000 + year * 1000 + taught,
        1000000 + (taught / 12) * 45 + pupil, 'term' || term, 'complete', 7, '', 'tt22', '1', 'entered'
    FROM old, generate_series(1, 45) AS pupil;
ANALYZE;
"""


def add_years(url: str, years: int) -> int:
    """Put the marks of so many earlier years beside; the rows of marks there are then."""
    sheet = MarkSheet.objects.get(term=1)
    with closing(psycopg.connect(url, autocommit=True)) as session:
        text = YEARS.format(years=years, school=sheet.school_id, group=sheet.class_group_id)
        for statement in filter(str.strip, text.split(";")):
            session.execute(statement.encode())
        session.execute("VACUUM ANALYZE")
        session.execute("CHECKPOINT")
        return int(session.execute("SELECT count(*) FROM gradebook_mark").fetchone()[0])


def in_turn(postgres: Postgres, bench: Bench, names: list[str]) -> dict[str, Times]:
    """The same measurements on several databases in turn, so that a slow moment of the machine slows all of them."""
    found: dict[str, Times] = {name: {} for name in names}
    for _block in range(BLOCKS):
        for name in names:
            with at(postgres, bench, name):
                measure(bench, ROUNDS // BLOCKS, found[name])
    return found


@contextmanager
def at(postgres: Postgres, bench: Bench, name: str) -> Iterator[None]:
    """Let the teacher and the bare session work on this database."""
    servers.use_database(postgres.url("app", name))
    with closing(psycopg.connect(postgres.url("app", name))) as bench.session:
        yield


def main() -> None:
    """Measure at one year, then at both in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=20)
    given = parser.parse_args()
    one, many = servers.TEMPLATE, "many_years"
    with throwaway_home() as home, Postgres(home, durable=True) as postgres:
        postgres.create_database(one)
        servers.run(["manage.py", "migrate", "--verbosity=0"], postgres.url("owner", one))
        servers.run(["-m", "tests.prepare"], postgres.url("app", one))
        servers.use_database(postgres.url("app", one))
        bench = set_up()
        page = bench.open()
        print(f"the page: {len(page)} bytes compressed, {len(gzip.decompress(page))} bytes")
        connection.close()
        names = [one]
        if given.years > 1:
            postgres.clone_database(one, many)
            servers.use_database(postgres.url("app", many))
            rows = add_years(postgres.superuser_url(many), given.years - 1)
            names.append(many)
        times = in_turn(postgres, bench, names)
        with at(postgres, bench, one):
            counts = queries(bench)
        report(times[one], counts)
        if given.years > 1:
            with at(postgres, bench, many):
                counts = queries(bench)
            print(f"with {given.years} school years, {rows} marks:")
            report(times[many], counts, times[one])
        connection.close()


if __name__ == "__main__":
    main()
