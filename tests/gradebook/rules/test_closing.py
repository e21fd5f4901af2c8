"""What closes a cell, by the rules alone: to the microsecond."""

from datetime import UTC, datetime, timedelta

import pytest

from gradebook.rules.closing import (
    ENTRY,
    LOCK,
    MARKS,
    UNLOCK,
    Act,
    Closing,
    Shut,
    Signed,
    Span,
    from_json,
)

NOON = datetime(2026, 12, 22, 5, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
CELL = (1, "final", 1)


def lock(turn=1, freezes=ENTRY, **scope):
    return Act(turn, LOCK, turn, NOON, freezes=freezes, **scope)


def unlock(turn=2, ends_at=NOON + HOUR, **scope):
    return Act(turn, UNLOCK, turn, NOON, ends_at=ends_at, **scope)


def shut(*acts, moment=NOON, cell=CELL, has_value=True, **more):
    found = Closing(moment, acts, **more).closes(cell, has_value=has_value)
    return found.by if found else None


def test_a_sheet_about_which_nothing_was_said_is_open():
    assert shut() is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(-TICK, None), (timedelta(0), Shut.ENTRY_LOCKED), (TICK, Shut.ENTRY_LOCKED)],
)
def test_an_unlock_ends_by_itself_at_its_very_end(moment, expected):
    acts = (lock(), unlock(ends_at=NOON))
    assert shut(*acts, moment=NOON + moment) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (-TICK, Shut.NOT_OPEN_YET),
        (timedelta(0), None),
        (TICK, None),
        (HOUR - TICK, None),
        (HOUR, Shut.WINDOW_OVER),
        (HOUR + TICK, Shut.WINDOW_OVER),
    ],
)
def test_a_window_is_open_from_its_first_moment_to_just_before_its_last(moment, expected):
    spans = {"final": Span(NOON, NOON + HOUR)}
    assert shut(moment=NOON + moment, spans=spans) is expected


def test_a_window_is_of_one_component():
    assert shut(moment=NOON + HOUR, spans={"midterm": Span(NOON, NOON)}) is None


def test_the_later_of_a_lock_and_an_unlock_counts():
    assert shut(lock(1), unlock(2)) is None
    assert shut(unlock(1), lock(2)) is Shut.ENTRY_LOCKED
    assert shut(lock(1), unlock(2), lock(3, MARKS)) is Shut.MARKS_LOCKED


def test_a_lock_of_marks_leaves_blank_cells_open():
    assert shut(lock(freezes=MARKS), has_value=False) is None
    assert shut(lock(freezes=MARKS)) is Shut.MARKS_LOCKED
    assert shut(lock(1, MARKS), lock(2), has_value=False) is Shut.ENTRY_LOCKED


def test_an_unlock_opens_a_window_that_is_over_and_what_was_confirmed_before_it():
    spans = {"final": Span(NOON - HOUR, NOON)}
    signed = Signed(1, "Nguyễn Mai Chi", NOON - TICK)
    assert shut(spans=spans, signed=signed) is Shut.WINDOW_OVER
    assert shut(signed=signed) is Shut.SIGNED_OFF
    assert shut(unlock(), spans=spans, signed=signed) is None
    later = Signed(1, "Nguyễn Mai Chi", NOON)
    assert shut(unlock(), signed=later) is Shut.SIGNED_OFF


@pytest.mark.parametrize(
    ("scope", "cell", "expected"),
    [
        ({"student_id": 1}, (1, "final", 1), True),
        ({"student_id": 2}, (1, "final", 1), False),
        ({"component": "final"}, (1, "final", 2), True),
        ({"component": "final", "number": 1}, (1, "final", 2), False),
        ({"component": "midterm"}, (1, "final", 1), False),
    ],
)
def test_an_act_covers_its_scope_and_nothing_else(scope, cell, expected):
    assert (shut(lock(**scope), cell=cell) is not None) is expected


def test_the_unlock_that_lasts_longest_says_until_when():
    acts = (unlock(1, NOON + HOUR), unlock(2, NOON + 2 * HOUR), unlock(3, NOON - HOUR))
    assert Closing(NOON, acts).unlocked_until(CELL) == NOON + 2 * HOUR
    assert Closing(NOON).unlocked_until(CELL) is None


def test_the_window_of_the_grade_itself_goes_before_that_of_all_grades():
    def window(opens, closes):
        return {
            "component": "final",
            "opens_at": opens.isoformat(),
            "closes_at": closes.isoformat(),
        }

    found = from_json(NOON, [], [window(NOON, NOON + HOUR), window(NOON - HOUR, NOON - TICK)], None)
    assert found.closes(CELL, has_value=False) is None
