"""What the board of progress costs beside the one query it cannot do without: `python -m bench.board`.

A whole school of 45 classes × 13 books × 45 pupils (12 subjects and the homeroom teacher's), all sheets of term 1 full
and those of term 2 half, with the figures of nine months: the page as a vice-principal opens it, a whole request
through Django, timed in turn with the one aggregate over the marks by plain psycopg, on a durable PostgreSQL.
"""

from __future__ import annotations

import argparse
import gzip
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from statistics import median
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.ready import READY
from bench.sheet import timed
from gradebook.selectors import progress
from schoolbook.embedded import Postgres, throwaway_home
from schoolbook.models import ClassGroup, ClassSubject, SchoolYear, User
from schoolbook.rules.permissions import Role
from tests import servers

assert READY
MOST_QUERIES, MOST_TIMES = 15, 20
TRANSACTION = {"BEGIN", "COMMIT", "ROLLBACK"}
# Every pupil of a class in every sheet of it: tests of a term, and conduct.
MARKS = """
SET session_replication_role = replica;
INSERT INTO gradebook_marksheet (school_id, class_group_id, class_subject_id, term)
    SELECT school_id, class_group_id, id, term
    FROM schoolbook_classsubject, generate_series(1, 2) AS term;
INSERT INTO gradebook_marksheet (school_id, class_group_id, class_subject_id, term)
    SELECT school_id, id, NULL, term FROM schoolbook_classgroup, generate_series(1, 2) AS term;
CREATE TEMPORARY TABLE cell (component text, number int, term int);
INSERT INTO cell SELECT 'regular', number, term FROM generate_series(1, 4) AS number, generate_series(1, 2) AS term;
INSERT INTO cell VALUES ('midterm', 1, 1), ('final', 1, 1), ('comment', 1, 1);
INSERT INTO gradebook_mark (school_id, sheet_id, student_id, component, number, state, score, level, text, note,
    origin, source, version)
    SELECT sheet.school_id, sheet.id, place.student_id, cell.component, cell.number, 'value',
        CASE WHEN cell.component <> 'comment' THEN (place.student_id + cell.number) % 10 END, '',
        CASE WHEN cell.component = 'comment' THEN 'Chăm học.' ELSE '' END, '', 'entered', '', 1
    FROM gradebook_marksheet AS sheet
    JOIN schoolbook_enrolment AS place ON place.class_group_id = sheet.class_group_id
    JOIN cell ON cell.term = sheet.term
    WHERE sheet.class_subject_id IS NOT NULL;
INSERT INTO gradebook_mark (school_id, sheet_id, student_id, component, number, state, score, level, text, note,
    origin, source, version)
    SELECT sheet.school_id, sheet.id, place.student_id, 'conduct', 1, 'value', NULL, 'Tốt', '', '', 'entered', '', 1
    FROM gradebook_marksheet AS sheet
    JOIN schoolbook_enrolment AS place ON place.class_group_id = sheet.class_group_id
    WHERE sheet.class_subject_id IS NULL AND sheet.term = 1;
INSERT INTO gradebook_monthfigure (school_id, class_group_id, class_subject_id, month, required, due, entered,
    entered_due, teachers, as_of)
    SELECT school_id, class_group_id, id, month, 500, 100, 200, 90, '{Nguyễn Thị An}', month
    FROM schoolbook_classsubject, generate_series(date '2026-09-01', date '2027-05-01', '1 month') AS month;
"""


@dataclass
class Bench:
    """A vice-principal who looks at the board, and a bare session beside."""

    client: Client
    statement: tuple[str, tuple[Any, ...]]
    session: psycopg.Connection[Any]

    def open(self) -> bytes:
        """The page as the browser gets it."""
        answer = self.client.get(reverse("gradebook:progress"), headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == HTTPStatus.OK, answer.status_code
        return bytes(answer.content)

    def bare(self) -> None:
        """The one aggregate, as the board asks for it."""
        sql, parameters = self.statement
        self.session.execute(sql.encode(), parameters).fetchall()


def set_up(url: str, superuser_url: str) -> Bench:
    """The school with its marks, and the vice-principal signed in."""
    servers.run(["-m", "bench.large_school"], url)
    with closing(psycopg.connect(superuser_url, autocommit=True)) as session:
        for statement in filter(str.strip, MARKS.split(";")):
            session.execute(statement.encode())
        session.execute("VACUUM ANALYZE")
        session.execute("CHECKPOINT")
    servers.use_database(url)
    year = SchoolYear.objects.get()
    rows = ClassSubject.objects.filter(class_group__year=year)
    subjects = list(rows.select_related("class_group", "subject"))
    groups = list(ClassGroup.objects.filter(year=year))
    statement = progress.filled_rows(year, subjects, groups).query.sql_with_params()
    client = Client(headers={"host": "localhost"})
    watcher = User.objects.filter(duties__role=Role.VICE_PRINCIPAL)[0]
    client.force_login(watcher, "django.contrib.auth.backends.ModelBackend")
    return Bench(client, statement, psycopg.connect(url))


def main() -> None:
    """Measure the page and the query in turn, and print the medians against their budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    name = servers.TEMPLATE
    with throwaway_home() as home, Postgres(home, durable=True) as postgres:
        postgres.create_database(name)
        servers.run(["manage.py", "migrate", "--verbosity=0"], postgres.url("owner", name))
        bench = set_up(postgres.url("app", name), postgres.superuser_url(name))
        page = bench.open()
        bench.bare()
        with CaptureQueriesContext(connection) as captured:
            bench.open()
        count = sum(query["sql"] not in TRANSACTION for query in captured.captured_queries)
        pairs = [(timed(bench.open), timed(bench.bare)) for _round in range(given.rounds)]
        ours, least = (median(pair[side] for pair in pairs) for side in (0, 1))
        marks = bench.session.execute("SELECT count(*) FROM gradebook_mark").fetchone()
        print(f"{marks[0] if marks else 0} marks; the page: {len(page)} bytes compressed,", end=" ")
        print(f"{len(gzip.decompress(page))} bytes")
        line = (
            f"board: {count} queries, {ours * 1000:.0f} ms,"
            f" {ours / least:.1f} x the one query ({least * 1000:.0f} ms)"
        )
        within = count <= MOST_QUERIES and ours / least <= MOST_TIMES
        print(line if within else f"{line}  OVER BUDGET")
        bench.session.close()
        connection.close()


if __name__ == "__main__":
    main()
