"""Signs worth asking about: each at its bound, one below it, and from another cause."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gradebook.rules import anomalies
from gradebook.rules.anomalies import Changed, Ending, Risen

ENDS = datetime(2026, 12, 20, 10, tzinfo=UTC)
HOUR, MICROSECOND = timedelta(hours=1), timedelta(microseconds=1)


def change(student=1, at=ENDS - HOUR, author=7, sheet=3, component="final", **more):
    return Changed(sheet, student, component, 1, at, author, "4", "5", **more)


def ending(component="final", at=ENDS):
    return Ending(at, True, lambda row: row.component == component)


@pytest.mark.parametrize(("count", "found"), [(7, 0), (8, 1)])
def test_many_changes_before_the_end_are_a_sign(count, found):
    rows = [change(student) for student in range(count)]
    assert len(anomalies.hasty(rows, [ending()])) == found


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (ENDS - anomalies.HASTE - MICROSECOND, 0),
        (ENDS - anomalies.HASTE, 1),
        (ENDS - MICROSECOND, 1),
        (ENDS, 0),
    ],
)
def test_only_the_last_two_days_count(at, found):
    rows = [change(student, at) for student in range(8)]
    assert len(anomalies.hasty(rows, [ending()])) == found


def test_what_the_end_is_not_about_is_no_sign():
    rows = [change(student, component="midterm") for student in range(8)]
    assert anomalies.hasty(rows, [ending()]) == []


@pytest.mark.parametrize(("before", "found"), [(37, 1), (38, 0)])
def test_a_sheet_that_always_changes_much_shows_nothing(before, found):
    # 8 in two days are three times the usual up to 37 in the 28 days before: 8 × 14 ≥ 3 × 37.
    earlier = [change(n, ENDS - timedelta(days=10), author=8) for n in range(before)]
    rows = [change(student) for student in range(8)]
    assert len(anomalies.hasty([*earlier, *rows], [ending()])) == found


def test_several_ends_of_one_sheet_are_one_sign():
    rows = [change(student) for student in range(8)]
    later = ending(at=ENDS + HOUR)
    [one] = anomalies.hasty([*rows, change(9, ENDS)], [ending(), later])
    assert one.ending is later
    assert len(one.changes) == 9


def test_two_authors_are_two_people():
    rows = [change(student, author=student % 2) for student in range(8)]
    assert anomalies.hasty(rows, [ending()]) == []


def risen(student, old="4.8", new="5.0", at=ENDS - HOUR, subject=11, request=""):
    return Risen(subject, student, Decimal(old), Decimal(new), at, request)


@pytest.mark.parametrize(
    ("old", "new", "crossed"),
    [
        ("4.9", "5.0", "5.0"),
        ("4.8", "4.9", None),
        ("5.0", "5.5", None),
        ("3.4", "6.5", "6.5"),
        ("7.9", "8.0", "8.0"),
    ],
)
def test_a_threshold_is_crossed_when_it_is_reached(old, new, crossed):
    assert risen(1, old, new).crossed == (Decimal(crossed) if crossed else None)


@pytest.mark.parametrize(("pupils", "found"), [(2, 0), (3, 1)])
def test_several_pupils_over_a_threshold_are_a_sign(pupils, found):
    rows = [change(student) for student in range(pupils)]
    results = [risen(student) for student in range(pupils)]
    assert len(anomalies.moved(rows, results, {3: 11})) == found


def test_a_result_of_another_moment_request_or_subject_is_not_its_doing():
    rows = [change(student, request="a") for student in range(3)]
    late = [risen(n, at=ENDS - HOUR + timedelta(seconds=11), request="a") for n in range(3)]
    assert anomalies.moved(rows, late, {3: 11}) == []
    assert anomalies.moved(rows, [risen(n, request="b") for n in range(3)], {3: 11}) == []
    assert anomalies.moved(rows, [risen(n, request="a") for n in range(3)], {3: 12}) == []
    assert anomalies.moved(rows, [risen(n, request="a") for n in range(3)], {3: None}) == []
    assert anomalies.moved(rows, [risen(n, request="a") for n in range(3)], {3: 11}) != []


@pytest.mark.parametrize(
    ("changed", "own", "stands_out"),
    [(19, 20, False), (20, 66, True), (20, 6000, False)],
)
def test_who_changes_far_more_than_the_school_stands_out(changed, own, stands_out):
    rows = [change(n, author=7) for n in range(changed)]
    found = anomalies.often(rows, {7: own, 8: 10_000})
    [one] = found
    assert (one.author, one.changed, one.stands_out) == (7, changed, stands_out)
