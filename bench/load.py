"""110 teachers enter the marks of a large school at once: `python -m bench.load [--columns 2]`.

Deterministic but for the moment at which the machine does what: the same teachers type the same marks. Some of them
send a batch again without having heard the answer, hang up in mid-request, or type over an old version. At the end
every mark is compared with what its teacher was told. Exit code 1 if one is lost, wrong or doubled.
"""

from __future__ import annotations

import argparse
import http.client
import random
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import quantiles

from django.db import connection

from bench import stack
from bench.compare import compare
from bench.large_school import TEACHERS
from bench.teachers import Cell, Teacher
from schoolbook.models import Enrolment, TeachingAssignment, User
from schoolbook.services import drafts

COLUMNS = [("regular", 1), ("final", 1), ("midterm", 1), ("regular", 2)]
AGAIN, HANG_UP, STALE = 0.05, 0.02, 0.02


@dataclass(frozen=True)
class Column:
    """One column of a sheet, from the first pupil to the last; by marks, or by levels."""

    cells: list[Cell]
    scored: bool

    def value(self, chance: random.Random) -> str:
        """What a teacher types there."""
        return str(chance.randint(0, 100) / 10) if self.scored else chance.choice(["Đ", "CĐ"])


def work(only: int) -> dict[int, list[Column]]:
    """What each teacher types, sheet by sheet and column by column, in the order of the book."""
    pupils = defaultdict(list)
    places = Enrolment.objects.order_by("student__sort_key", "student_id")
    for group, student in places.values_list("class_group", "student"):
        pupils[group].append(student)
    found: dict[int, list[Column]] = defaultdict(list)
    names = ("user", "class_subject", "class_subject__class_group", "class_subject__assessed_by")
    for user, subject, group, how in TeachingAssignment.objects.order_by("id").values_list(*names):
        for component, number in COLUMNS[:only]:
            cells = [Cell(subject, 1, student, component, number) for student in pupils[group]]
            found[user].append(Column(cells, scored=how == "score"))
    return found


def type_marks(teacher: Teacher, columns: list[Column], seconds: list[float]) -> None:
    """Type every column in batches of a few cells, as the page sends them while somebody types."""
    chance = teacher.chance
    for column in columns:
        start = 0
        while start < len(column.cells):
            batch = column.cells[start : start + chance.randint(1, 8)]
            start += len(batch)
            edits = [teacher.edit(cell, column.value(chance)) for cell in batch]
            if chance.random() < STALE and start > len(batch):
                old = teacher.edit(column.cells[0], "1.5" if column.scored else "Đ") | {"seen": 0}
                edits.append(old)
            place = (batch[0].class_subject, batch[0].term)
            if chance.random() < HANG_UP:
                hang_up(teacher, place, edits)
            begin = time.perf_counter()
            while not teacher.send(*place, edits):
                time.sleep(0.2)
            seconds.append(time.perf_counter() - begin)
            if chance.random() < AGAIN:
                teacher.send(*place, edits)


def hang_up(teacher: Teacher, place: tuple[int, int], edits: list[dict[str, object]]) -> None:
    """Send a batch and go away without hearing the answer."""
    impatient = Teacher.__new__(Teacher)
    impatient.__dict__ |= teacher.__dict__ | {"_connection": None}
    connection_ = http.client.HTTPConnection("127.0.0.1", teacher.port, timeout=0.005)
    impatient.__dict__["_connection"] = connection_
    teacher.ledger.sent.update(str(edit["key"]) for edit in edits)
    try:
        impatient.post(
            f"/sheets/subjects/{place[0]}/{place[1]}/save/",
            {"account": drafts.account(teacher.user), "edits": edits},
        )
    except (OSError, http.client.HTTPException):
        teacher.ledger.count("hung up")
    finally:
        connection_.close()


def main() -> int:
    """Fill the school, let everybody type, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--columns", type=int, default=1, help="how many columns of each sheet")
    parser.add_argument("--teachers", type=int, default=TEACHERS)
    given = parser.parse_args()
    with stack.running("bench.large_school") as site:
        plan = list(work(given.columns).items())[: given.teachers]
        users = User.objects.in_bulk([user for user, _columns in plan])
        teachers = [Teacher(users[user], site.port, seed=user) for user, _columns in plan]
        seconds: list[float] = []
        begin = time.perf_counter()
        with ThreadPoolExecutor(len(teachers)) as pool:
            typing = [
                pool.submit(type_marks, teacher, columns, seconds)
                for teacher, (_user, columns) in zip(teachers, plan, strict=True)
            ]
            for one in typing:
                one.result()
        lasted = time.perf_counter() - begin
        verdict = compare(teacher.ledger for teacher in teachers)
        connection.close()
    counts = sum((Counter(teacher.ledger.counts) for teacher in teachers), Counter())
    p95, p99 = quantiles(seconds, n=100)[94], quantiles(seconds, n=100)[98]
    print(
        f"{len(teachers)} teachers, {verdict.acknowledged} marks in {lasted:.0f} s:", dict(counts)
    )
    print(f"a save: p95 {p95 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms; {dict(verdict.wrong)}")
    return 0 if verdict.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
