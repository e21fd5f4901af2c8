"""Honest work is never taken for tampering: whatever people do, and whenever it is verified."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

from gradebook.models import Dispensation, LockAct, Mark, SignOff
from gradebook.selectors.past import pasts
from schoolbook.services import rows
from tests import cast, races
from tests.gradebook.book import place
from tests.gradebook.closing import lock, typed, unlock
from tests.gradebook.services.acts.files import apply, paste, undo
from tests.gradebook.tampering import OFF, ON, changed, gather, row, sign, write
from tests.tampering import as_superuser, assert_clean, said, verdict


@pytest.fixture
def written(committed):
    write()
    return committed


def test_locks_unlocks_and_late_saves_are_no_tampering(committed):
    typed(place(), "8")
    lock("marks")
    typed(place(), "7", pupil=cast.PUPILS[1])
    lock(class_group_id=cast.class_group().pk)
    unlock(class_group_id=cast.class_group().pk, term=1)
    assert typed(place(), "9", seen=1).version == 2
    lock()
    assert typed(place(), "10", seen=2).version == 2
    gather()
    assert_clean()


def test_an_applied_act_and_its_undoing_are_no_tampering(committed):
    cells = [(name, "final", 1, "7,5") for name in cast.PUPILS[:2]]
    act = paste(*cells)
    apply(act)
    gather()
    undo(act)
    gather()
    assert Mark.history.count() == 4
    assert_clean()


def test_a_confirmed_sheet_that_was_opened_and_went_on_is_no_tampering(written):
    at = row(2)
    sign(at.sheet, cast.user(cast.CHI))
    assert typed(place(), "10", ("regular", 2), seen=1).version == 1
    unlock(class_group_id=cast.class_group().pk)
    assert typed(place(), "10", ("regular", 2), seen=1).version == 2
    assert SignOff.objects.get().ended_at
    assert_clean()


def test_an_approved_correction_of_a_locked_cell_is_no_tampering(written):
    at, principal = row(2), cast.user(cast.BINH)
    lock()
    with transaction.atomic():
        rows.enter(
            Dispensation(
                school=at.school,
                sheet=at.sheet,
                student=at.student,
                component=at.component,
                number=at.number,
                old_version=1,
                state="value",
                score=10,
                correction=1,
                approved_by=principal,
                reason="Nhập nhầm",
            ),
            actor=principal,
        )
    as_superuser(written, *changed(at, 10, 2))
    # The cell was lawfully written; that nobody asked for it by a request is for the app above to say.
    assert [line for line in said() if "leave" not in line and line.startswith("songlam: 6A")] == []
    as_superuser(written, OFF, *changed(at, 9, 3), "SET CONSTRAINTS ALL IMMEDIATE", ON)
    assert any("link 7" in line and "written while it was closed" in line for line in said())


def test_saves_that_race_with_locks_are_no_tampering_whoever_wins(committed):
    group = cast.class_group().pk
    version = 0
    with races.Racers(2) as racers:
        for turn in range(15):
            unlock(class_group_id=group)
            save = partial(typed, place(), str(turn % 10), seen=version)
            answer, act = racers.start([save, partial(lock, class_group_id=group)])
            assert isinstance(act, LockAct), act
            version = max(version, answer.version)
    assert_clean()


def test_what_is_saved_while_it_is_verified_is_no_tampering(committed):
    def save():
        for version in range(30):
            typed(place(), str(version % 10), seen=version)
            if version % 10 == 0:
                gather()

    with races.Racers(2) as racers:
        saved, seen = racers.start([save, lambda: [verdict()[1] for _time in range(8)]])
    assert saved is None
    assert seen == [True] * 8
    assert Mark.history.count() == 30
    assert_clean()


def test_everything_is_verified_as_of_one_moment(committed, monkeypatch):
    real, saved = pasts, []

    def meanwhile():
        unlock()
        saved.append(typed(place(), "9", seen=1).version)
        connection.close()

    def interrupted(school):
        found = real(school)
        if school == cast.song_lam():
            with ThreadPoolExecutor(1) as pool:
                pool.submit(meanwhile).result()
        return found

    typed(place())
    lock()
    monkeypatch.setattr("gradebook.selectors.verifying.pasts", interrupted)
    assert_clean()
    assert saved == [2]
    monkeypatch.undo()
    assert_clean()


def test_a_clock_that_was_moved_makes_no_honest_save_suspicious(committed):
    moved = (
        "INSERT INTO schoolbook_clockoffset (id, kind, \"offset\") VALUES (1, 'test', '{} days')"
        ' ON CONFLICT (id) DO UPDATE SET "offset" = excluded."offset"'
    )
    as_superuser(committed, moved.format(10))
    lock()
    assert typed(place()).version == 0
    unlock(until=timezone.now() + timedelta(days=11))
    assert typed(place()).version == 1
    for days in (10, 20, -20):
        as_superuser(committed, moved.format(days))
        assert_clean()
