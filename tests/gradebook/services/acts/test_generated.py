"""Workbooks as odd as people make them: looking writes nothing, applying is all or nothing, undoing gives all back.

Each is made from a number, so that one that fails can be made again.
"""

from __future__ import annotations

import os
import random

import pytest
from django.db import transaction

from gradebook.models import EntryAct, Mark
from gradebook.services.acts import NotAsShown
from schoolbook.errors import Invalid
from schoolbook.rules.preview import Outcome
from schoolbook.services import students
from tests import cast
from tests.gradebook.services.acts.files import (
    CODES,
    HEADS,
    SUB_HEADS,
    TITLE,
    apply,
    cells,
    enter,
    everything,
    maths,
    parts,
    place,
    start,
    table,
    undo,
)

pytestmark = pytest.mark.django_db
WORKBOOKS = 10_000 if os.environ.get("SCHOOLBOOK_REPETITIONS") == "full" else 48
COLUMNS = [("regular", 1), ("regular", 2), ("regular", 3), ("regular", 4), ("midterm", 1), ("final", 1)]  # fmt: skip
GOOD = ["8", "8,5", "8.5", "85", 7, 7.5, 10, 0, "V", "v ốm", "0V 1/QĐ", "10", "0.5", " 9 "]
ODD = ["05", 7.25, "8.75", "11,5", "abc", "=1+7", "=NA()", -1, "M", "Đ", True, "x" * 300, "8 7"]
EMPTY = [None, None, None, "-", ""]


class Book:
    """One workbook from one number."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - for tests
        self.wild = self.dice.random() < 0.6

    def data(self) -> bytes:
        """The file."""
        names = list(cast.PUPILS)
        self.dice.shuffle(names)
        rows = [self.row(name) for name in names]
        if self.wild:
            self.disturb(rows)
        plain = self.dice.random() < 0.3
        heads = HEADS if plain else self.with_order(rows)
        title = [""] * self.dice.randrange(3) + TITLE
        return table(*rows, title=title, heads=heads, more=self.more)

    def row(self, name: str) -> list[object]:
        """A pupil with some marks."""
        pool = GOOD * 3 + EMPTY * 3 + (ODD if self.wild else [])
        figures = [self.dice.choice(pool) for _ in COLUMNS]
        return [self.dice.randrange(99), CODES[name], name, *figures]

    def with_order(self, rows: list[list[object]]) -> list[object]:
        """The two columns of tests changed for one another."""
        for row in rows:
            if len(row) > len(HEADS) - 2:
                row[7], row[8] = row[8], row[7]
        return [*HEADS[:7], HEADS[8], HEADS[7], *HEADS[9:]]

    def disturb(self, rows: list[list[object]]) -> None:
        """Blank rows, a pupil twice, strangers, another's name, no code, words below."""
        extra: list[list[object]] = [
            [],
            [None] * 9,
            list(rows[0]),
            [9, "HS777", "Người Lạ", 8, 8, 8, 8, 8, 8],
            [9, "HS001", "Lê Tên Khác", 8, 8, 8, 8, 8, 8],
            [9, None, cast.PUPILS[0], 8, 8],
            [9, cast.PUPILS[1], cast.PUPILS[1], 8],
            [None, None, "GIÁO VIÊN BỘ MÔN"],
        ]
        for line in self.dice.sample(extra, self.dice.randrange(4)):
            rows.insert(self.dice.randrange(len(rows) + 1), line)

    def more(self, book, page) -> None:
        """Merged headings, hidden rows, a date among the marks, cells merged over two pupils, a guide."""
        if self.dice.random() < 0.5:
            page.merge_range(4, 3, 4, 6, "ĐĐGtx")
            for column in (0, 1, 2, 7, 8, 9):
                if column < 3:
                    page.merge_range(4, column, 5, column, HEADS[column])
            page.write_row(5, 3, SUB_HEADS[3:])
        if self.dice.random() < 0.4:
            page.set_row(self.dice.randrange(6, 9), None, None, {"hidden": True})
        if self.wild and self.dice.random() < 0.3:
            page.write(self.dice.randrange(6, 9), 4, 46150, book.add_format({"num_format": "d/m/yyyy"}))  # fmt: skip
        if self.wild and self.dice.random() < 0.3:
            page.merge_range(6, 5, 7, 5, 8)
        if self.dice.random() < 0.3:
            book.add_worksheet("Hướng dẫn").write(0, 0, "Nhập điểm từ hàng 7")


@pytest.fixture
def twins():
    """Two pupils of one name in 6A, whom only their codes tell apart; and some marks that stand there."""
    system = cast.user(cast.AN)
    made = students.enter(
        school=cast.song_lam(),
        particulars=[
            students.Particulars(code=code, full_name="Trần Văn Đôi", sex="male", born_on=cast.START)
            for code in ("HS011", "HS012")
        ],
        actor=system,
    )  # fmt: skip
    students.enrol(class_group=cast.class_group(), pupils=made, begins_on=cast.START, actor=system)
    enter(
        (cast.PUPILS[0], "regular", 1, "7", 0),
        (cast.PUPILS[1], "final", 1, "V", 0),
        (cast.PUPILS[2], "midterm", 1, "8,5", 0),
    )
    return {student.code: student.pk for student in made}


@pytest.mark.parametrize("part", range(4))
def test_whatever_the_workbook(twins, part):
    looked_at = 0
    for seed in range(part, WORKBOOKS, 4):
        with transaction.atomic():
            looked_at += _one(seed)
            transaction.set_rollback(True)
    assert looked_at > WORKBOOKS // 8  # most of them are not refused as a whole


def _one(seed: int) -> bool:
    before, held = everything(), cells()
    try:
        act = start(Book(seed).data())
    except Invalid:
        act = None
    assert everything() == before, f"{seed}: looking wrote something"
    if act is None:
        return False
    assert maths().sheets.count() == 2
    planned = [cell for one in parts(act) for cell in one.cells]
    wanted = {cell.key: cell.after for cell in planned if cell.verdict in {Outcome.NEW, Outcome.CHANGED}}  # fmt: skip
    assert all(cell.after for cell in planned), f"{seed}: a blank cell clears a mark"
    known = {cast.pupil(name).pk for name in cast.PUPILS}
    assert {cell.student_id for cell in planned} <= known, f"{seed}: found by name"
    if EntryAct.objects.get(pk=act.pk).refused and wanted:
        with pytest.raises(Invalid), transaction.atomic():
            apply(act)
        assert everything() == before, seed
    if not wanted:
        return True
    _disturbed(seed, act, planned, before)
    apply(act, leave_out=True)
    assert cells() == {**held, **wanted}, f"{seed}: not what was shown"
    rows = Mark.history.count()
    undo(act)
    assert cells() == held, f"{seed}: undoing gave something else back"
    assert Mark.history.count() == rows + len(wanted), seed
    return True


def _disturbed(seed, act, planned, before) -> None:
    """While one of its cells has changed, nothing of the act is written."""
    cell = random.Random(seed).choice([one for one in planned if one.verdict is not Outcome.REFUSED])  # noqa: S311  # fmt: skip
    name = next(name for name in cast.PUPILS if cast.pupil(name).pk == cell.student_id)
    with transaction.atomic():
        typed = "3" if cell.before != "3" else "4"
        enter((name, cell.component, cell.number, typed, cell.seen), person=cast.VAN, where=place())
        changed = everything()
        if cell.after != typed:
            with pytest.raises(NotAsShown), transaction.atomic():
                apply(act, leave_out=True)
            assert everything() == changed, f"{seed}: written in part"
        transaction.set_rollback(True)
    assert everything() == before


def test_pupils_of_one_name_are_told_apart_by_their_codes(twins):
    rows = [[1, code, "Trần Văn Đôi", mark] for code, mark in (("HS012", 9), ("HS011", 4))]
    act = start(table(*rows))
    apply(act)
    found = {pk: shown for (pk, _component, _number), shown in cells().items() if pk in twins.values()}  # fmt: skip
    assert found == {twins["HS011"]: "4", twins["HS012"]: "9"}
