"""All sheets of a class as one PDF, beside WeasyPrint alone: `python -m bench.pdf [--rounds 5]`.

A class of 45 pupils with full sheets of term 1. In turn: WeasyPrint alone on the very HTML of that class, in a process
with its fonts decoded and shared; the whole job in one worker; and two jobs at once in two workers. A job is everything
from the claim to the row that says it is done: queries, templates, the child process, the file on a durable disk.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg
from django.db import connection
from django.test import override_settings

from bench.board import MARKS
from bench.ready import READY
from schoolbook import pdf, registry, rendering
from schoolbook.demo import fill
from schoolbook.demo.data import DemoSchool
from schoolbook.embedded import Postgres, throwaway_home
from schoolbook.models import ClassGroup, Job, User
from schoolbook.rules.permissions import Role
from schoolbook.rules.subjects import Level
from schoolbook.selectors.verifying import steady
from schoolbook.services import jobs
from schoolbook.services.schools import Particulars
from tests import servers

assert READY
KIND = "gradebook.class_sheets"
MOST_OVERHEAD, LEAST_GAIN = 0.10, 1.7
SCHOOL = DemoSchool(
    Particulars(
        name="Trường THCS Rừng Thông",
        abbreviation="thcsrt",
        address_before="",
        address_since="Số 1 đường Rừng Thông",
    ),
    level=Level.LOWER_SECONDARY,
    district="rungthong",
    classes={6: 2},
    pupils=45,
    staff=24,
)


def work() -> None:
    """A worker: do each job whose number comes in, and say so."""
    rendering.prepare()
    print("ready", flush=True)
    for line in sys.stdin:
        jobs.run(int(line))
        print("done", flush=True)


@dataclass
class Workers:
    """Processes that do jobs, warm and waiting."""

    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, count: int, url: str, files: Path) -> None:
        """Start so many, and wait until each has its engine loaded."""
        environment = {**os.environ, "DATABASE_URL": url, "FILES_ROOT": str(files)}
        environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        for _ in range(count):
            process = subprocess.Popen(
                [sys.executable, "-m", "bench.pdf", "--work"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
            )
            self.processes.append(process)
            self._hear(process, "ready")

    def do(self, numbers: Sequence[int]) -> float:
        """Give one job to each of the first workers; the seconds until all are done."""
        began = perf_counter()
        chosen = self.processes[: len(numbers)]
        for process, number in zip(chosen, numbers, strict=True):
            assert process.stdin
            print(number, file=process.stdin, flush=True)
        for process in chosen:
            self._hear(process, "done")
        return perf_counter() - began

    @staticmethod
    def _hear(process: subprocess.Popen[str], word: str) -> None:
        assert process.stdout
        while line := process.stdout.readline():
            if line.strip() == word:
                return
        raise RuntimeError("a worker ended by itself")

    def stop(self) -> None:
        """Let them end."""
        for process in self.processes:
            process.communicate()


@contextmanager
def site() -> Iterator[Workers]:
    """A durable database with the school in it, and two workers."""
    with ExitStack() as stack:
        home = stack.enter_context(throwaway_home())
        postgres = stack.enter_context(Postgres(home, durable=True))
        name = servers.TEMPLATE
        postgres.create_database(name)
        servers.run(["manage.py", "migrate", "--verbosity=0"], postgres.url("owner", name))
        servers.use_database(postgres.url("app", name))
        fill.make(SCHOOL, User.objects.system())
        superuser = postgres.superuser_url(name)
        with closing(psycopg.connect(superuser, autocommit=True)) as session:
            for statement in filter(str.strip, MARKS.split(";")):
                session.execute(statement.encode())
            session.execute("VACUUM ANALYZE")
        files = home / "files"
        stack.enter_context(override_settings(MEDIA_ROOT=files))
        workers = Workers()
        stack.callback(workers.stop)
        workers.start(2, postgres.url("app", name), files)
        yield workers
        connection.close()


def asked(person: User) -> list[int]:
    """A job for each of the two classes, without a message in a queue."""
    groups = ClassGroup.objects.order_by("pk")[:2]
    found = []
    for group in groups:
        job = jobs.ask(kind=KIND, arguments={"class_group": group.pk, "term": 1}, actor=person)
        found.append(job.pk)
    return found


def alone(parts: Sequence[str]) -> float:
    """The seconds that WeasyPrint takes for these parts, with nothing around it."""
    began = perf_counter()
    fonts = pdf.fonts()
    for part in parts:
        pdf.pdf_of(part, fonts)
    return perf_counter() - began


def main() -> int:
    """Measure in turn, so that whatever else the machine does meets all three; print the medians of the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", action="store_true")
    given = parser.parse_args()
    if given.work:
        work()
        return 0
    with site() as workers:
        person = User.objects.filter(duties__role=Role.PRINCIPAL)[0]
        with steady():
            group = ClassGroup.objects.order_by("pk")[0]
            arguments = {"class_group": group.pk, "term": 1}
            parts = registry.documents.get(KIND).compose(person, arguments).parts
        rendering.prepare()
        alone(parts[:2])
        workers.do(asked(person))
        rounds = []
        for _round in range(given.rounds):
            bare = alone(parts)
            first, second = asked(person)
            one = workers.do([first])
            other = workers.do([second])
            rounds.append((bare, (one + other) / 2, workers.do(asked(person))))
        assert not Job.objects.exclude(state="done").exists()
        pages = Job.objects.latest("pk").pages
    return report(len(parts), pages, rounds)


def report(parts: int, pages: int, rounds: Sequence[tuple[float, float, float]]) -> int:
    """Print pages per second and the two ratios against what they may be; 1 when one is missed."""
    bare, one, two = (median(times) for times in zip(*rounds, strict=True))
    overhead = median(each[1] / each[0] for each in rounds) - 1
    gain = median(2 * each[1] / each[2] for each in rounds)
    print(f"{parts} sheets, {pages} pages; pages per second:", end=" ")
    print(f"WeasyPrint alone {pages / bare:.2f}, one worker {pages / one:.2f},", end=" ")
    print(f"two workers {2 * pages / two:.2f}")
    within = overhead <= MOST_OVERHEAD and gain >= LEAST_GAIN
    line = f"pdf: {overhead:+.1%} around WeasyPrint, two workers {gain:.2f} x one"
    print(line if within else f"{line}  OVER BUDGET")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
