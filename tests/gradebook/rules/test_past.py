"""What closed a cell when it was written, told afterwards; and that no honest save is suspected."""

from datetime import UTC, datetime, timedelta

import pytest

from gradebook.rules.closing import Act, Shut, Signed, Span
from gradebook.rules.past import UNDER_WAY, Past, Standing

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
CELL = (1, "final", 1)
LOCK = Act(1, "lock", 1, NOON, freezes="entry")
MARKS = Act(1, "lock", 1, NOON, freezes="marks")


def unlock(turn=2, done_at=NOON + HOUR, ends_at=NOON + 2 * HOUR):
    return Act(turn, "unlock", turn, done_at, ends_at=ends_at)


def why(past, when, *, had_value=False, cell=CELL):
    found = past.closed(cell, had_value=had_value, written_at=when)
    return found and found.by


def test_nothing_said_is_nothing_closed():
    assert Past().is_nothing
    assert why(Past(), NOON) is None


def test_a_lock_closes_from_the_moment_it_was_carried_out():
    past = Past(acts=[(NOON, LOCK)])
    assert why(past, NOON - SECOND) is None
    assert why(past, NOON) is None
    assert why(past, NOON + timedelta(microseconds=1)) is Shut.ENTRY_LOCKED


def test_a_lock_of_marks_closes_those_that_had_a_value():
    past = Past(acts=[(NOON, MARKS)])
    assert why(past, NOON + SECOND) is None
    assert why(past, NOON + SECOND, had_value=True) is Shut.MARKS_LOCKED


def test_an_unlock_opens_until_it_ends_and_a_moment_for_saves_under_way():
    past = Past(acts=[(NOON, LOCK), (NOON + HOUR, unlock())])
    assert why(past, NOON + HOUR - SECOND) is Shut.ENTRY_LOCKED
    assert why(past, NOON + HOUR + SECOND) is None
    assert why(past, NOON + 2 * HOUR + UNDER_WAY - SECOND) is None
    assert why(past, NOON + 2 * HOUR + UNDER_WAY) is Shut.ENTRY_LOCKED


def test_a_lock_after_an_unlock_closes_again_at_once():
    acts = [
        (NOON, LOCK),
        (NOON + HOUR, unlock()),
        (NOON + HOUR + SECOND, Act(3, "lock", 3, NOON, "entry")),
    ]
    assert why(Past(acts=acts), NOON + HOUR + 2 * SECOND) is Shut.ENTRY_LOCKED


def spans(opens, closes):
    return {"final": Span(opens, closes)}


def test_windows_count_from_when_their_plan_was_decided():
    plan = (NOON, 1, spans(NOON - 2 * HOUR, NOON - HOUR))
    past = Past(plans=[plan])
    assert why(past, NOON - SECOND) is None
    assert why(past, NOON + SECOND) is None  # a save under way
    assert why(past, NOON + UNDER_WAY + SECOND) is Shut.WINDOW_OVER
    assert why(past, NOON + HOUR, cell=(1, "midterm", 1)) is None
    later = (NOON + HOUR, 2, spans(NOON, NOON + 3 * HOUR))
    assert why(Past(plans=[plan, later]), NOON + 2 * HOUR) is None
    assert why(Past(plans=[plan, later]), NOON + 4 * HOUR) is Shut.WINDOW_OVER


@pytest.mark.parametrize(
    ("after", "closed"),
    [
        (-SECOND, None),
        (timedelta(), None),
        (UNDER_WAY - SECOND, None),
        (UNDER_WAY, Shut.WINDOW_OVER),
    ],
)
def test_a_save_that_a_window_overtook_is_honest(after, closed):
    past = Past(plans=[(NOON - HOUR, 1, spans(NOON - HOUR, NOON))])
    assert why(past, NOON + after) is closed


def test_a_window_that_has_not_opened_closes():
    past = Past(plans=[(NOON - HOUR, 1, spans(NOON, NOON + HOUR))])
    assert why(past, NOON - SECOND) is Shut.NOT_OPEN_YET
    assert why(past, NOON) is None


def test_a_confirmation_closes_while_it_stands():
    signed = Signed(5, "", NOON)
    past = Past(standing=[Standing(signed, NOON, NOON + HOUR)])
    assert why(past, NOON - SECOND) is None
    assert why(past, NOON + SECOND) is Shut.SIGNED_OFF
    assert why(past, NOON + HOUR + SECOND) is None
    opened = Past(acts=[(NOON + SECOND, unlock(1, NOON + SECOND))], standing=past.standing)
    assert why(opened, NOON + 2 * SECOND) is None


def test_where_the_school_clock_was_moved_only_what_it_does_not_touch_is_judged():
    plan = (NOON - HOUR, 1, spans(NOON - HOUR, NOON))
    past = Past(acts=[(NOON, LOCK)], plans=[plan], offset=None)
    assert why(past, NOON - UNDER_WAY) is None
    assert why(past, NOON + SECOND) is Shut.ENTRY_LOCKED
    opened = Past(acts=[(NOON, LOCK), (NOON + HOUR, unlock())], plans=[plan], offset=None)
    assert why(opened, NOON + 9 * HOUR) is None
