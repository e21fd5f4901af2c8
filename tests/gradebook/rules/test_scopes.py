"""Which locks stand over which books."""

from datetime import UTC, datetime, timedelta

import pytest

from gradebook.rules.closing import LockScope
from gradebook.rules.scopes import Carried, How, meets, standing, within

NOW = datetime(2026, 12, 22, 10, tzinfo=UTC)
TICK = timedelta(microseconds=1)
BOOK = LockScope(grade=6, class_group_id=1, term=1, book="subject")


def lock(turn, freezes="entry", **scope):
    return Carried("lock", freezes, turn, LockScope(**scope), None)


def unlock(turn, until=NOW + TICK, **scope):
    return Carried("unlock", "", turn, LockScope(**scope), until)


@pytest.mark.parametrize(
    ("acts", "how", "opened"),
    [
        ([], How.FREE, 0),
        ([lock(1)], How.ENTRY, 0),
        ([lock(1, "marks")], How.MARKS, 0),
        ([lock(1), lock(2, "marks")], How.ENTRY, 0),
        ([lock(1, grade=7)], How.FREE, 0),
        ([lock(1, book="class")], How.FREE, 0),
        ([lock(1, subject_id=5)], How.PARTLY, 0),
        ([lock(1, component="final")], How.PARTLY, 0),
        ([lock(1), unlock(2)], How.FREE, 1),
        ([lock(1), unlock(2, until=NOW)], How.ENTRY, 0),
        ([lock(1), unlock(2, class_group_id=1)], How.FREE, 1),
        ([lock(1), unlock(2, class_group_id=2)], How.ENTRY, 0),
        ([lock(1), unlock(2, class_group_id=1, subject_id=5)], How.ENTRY, 1),
        ([lock(1, subject_id=5), unlock(2, class_group_id=1, subject_id=5)], How.FREE, 1),
        ([lock(1), unlock(2), lock(3)], How.ENTRY, 0),
        ([lock(1), unlock(2), lock(3, "marks")], How.MARKS, 1),
        ([lock(1), unlock(2), lock(3, subject_id=5)], How.PARTLY, 1),
        ([unlock(1), lock(2)], How.ENTRY, 0),
    ],
)
def test_a_book_stands_as_its_locks_and_unlocks_say(acts, how, opened):
    found = standing(BOOK, acts, NOW)
    assert (found.how, len(found.opened)) == (how, opened)
    assert (found.lock is None) is (how is How.FREE)


def test_scopes_meet_where_both_leave_room_and_lie_within_what_is_wider():
    one, other = LockScope(grade=6, term=1), LockScope(class_group_id=1, term=1)
    assert meets(one, other)
    assert not within(one, other)
    assert within(other, LockScope(term=1))
    assert within(one, LockScope())
    assert not within(LockScope(), one)
    assert not meets(one, LockScope(term=2))
