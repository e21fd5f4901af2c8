"""What the database itself refuses of closed sheets, whoever asks; and that it judges exactly as the rules do."""

import random
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gradebook import access
from gradebook.models import (
    Dispensation,
    LockAct,
    Mark,
    MarkSheet,
    SignOff,
    Window,
    WindowPlan,
)
from gradebook.models.triggers import CLOSED
from gradebook.services.closed import is_closed
from schoolbook import audit, clock
from schoolbook.models import User
from tests import cast
from tests.gradebook.book import class_place, place, taught
from tests.gradebook.closing import lock, typed, unlock

SCENARIOS = 60
HOUR = timedelta(hours=1)


@contextmanager
def undone():
    """Everything within is undone, as if it had never been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def written_raw(sheet, cell, filled):
    """Whether the database takes a write past the services into a cell."""
    student, component, number = cell
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if filled:
                cursor.execute(
                    "UPDATE gradebook_mark SET version = version + 1 WHERE sheet_id = %s"
                    " AND student_id = %s AND component = %s AND number = %s",
                    [sheet, *cell],
                )
                assert cursor.rowcount == 1
            else:
                cursor.execute(
                    "INSERT INTO gradebook_mark (school_id, sheet_id, student_id, component, number,"
                    " state, score, level, text, note, origin, source, version)"
                    " SELECT school_id, id, %s, %s, %s, 'value', 7, '', '', '', 'entered', '', 1"
                    " FROM gradebook_marksheet WHERE id = %s",
                    [student, component, number, sheet],
                )
            transaction.set_rollback(True)
    except DatabaseError as error:
        if not is_closed(error):
            raise
        return False
    return True


def enter(row, system):
    row.full_clean()
    row.save()
    audit.record([row], actor=system, created=True)
    return row


def some_acts(chance, year, system):
    """Locks and unlocks of random scopes, carried out in a random order."""
    subject, other = taught().subject, taught("ngu_van").subject
    now = timezone.now()
    for turn in range(1, chance.randint(0, 6) + 1):
        kind = chance.choice(["lock", "unlock"])
        component = chance.choice(["", "", "final", "midterm"])
        enter(
            LockAct(
                school=year.school,
                year=year,
                kind=kind,
                freezes=chance.choice(["marks", "entry"]) if kind == "lock" else "",
                ends_at=clock.now() + chance.choice([-1, 1]) * HOUR if kind == "unlock" else None,
                grade=chance.choice([None, 6, 7]),
                class_group=chance.choice(
                    [None, cast.class_group("6A"), cast.class_group("6A"), cast.class_group("6B")]
                ),
                subject=chance.choice([None, None, subject, other]),
                book=chance.choice(["", "", "subject", "class"]),
                term=chance.choice([None, 1, 1, 2]),
                component=component,
                number=chance.choice([None, 1]) if component else None,
                student=chance.choice([None, None, cast.pupil(), cast.pupil(cast.PUPILS[1])]),
                reason="x",
                state="done",
                asked_by=cast.user(cast.THU),
                asked_at=now,
                decided_by=cast.user(cast.BINH),
                decided_at=now,
                done_by=cast.user(cast.AN),
                done_at=now + chance.choice([-1, 1]) * HOUR,
                turn=turn,
            ),
            system,
        )


def some_windows(chance, year, system):
    """Up to three plans, each with random windows; perhaps one that is only drafted."""
    for number in range(1, chance.randint(0, 3) + 1):
        plan = WindowPlan(
            school=year.school,
            year=year,
            number=number,
            state="draft",
            drafted_by=cast.user(cast.THU),
            drafted_at=timezone.now(),
        )
        enter(plan, system)
        for component in ("final", "midterm", "conduct"):
            for grade in (None, 6, 7):
                if chance.random() < 0.4:
                    opens = clock.now() + chance.choice([-3, -1, 1]) * HOUR
                    enter(
                        Window(
                            school=year.school,
                            plan=plan,
                            grade=grade,
                            term=chance.choice([1, 1, 2]),
                            component=component,
                            opens_at=opens,
                            closes_at=opens + 2 * HOUR,
                            is_dropped=chance.random() < 0.2,
                        ),
                        system,
                    )
        if number < 3 or chance.random() < 0.5:
            plan.state, plan.decided_by = "decided", cast.user(cast.BINH)
            plan.decided_at = timezone.now()
            plan.save()
            audit.record([plan], actor=system)


def perhaps_signed(chance, sheet, system):
    if chance.random() < 0.4:
        enter(
            SignOff(
                school=sheet.school,
                sheet=sheet,
                signed_by=cast.user(cast.CHI),
                signed_at=timezone.now(),
                cells=1,
                digest="0" * 64,
                link_number=1,
            ),
            system,
        )


@pytest.mark.django_db
def test_the_database_judges_exactly_as_the_rules_do():
    chance, system = random.Random(6), User.objects.system()  # noqa: S311 - the same every time
    where = {cast.CHI: place(), cast.LAN: class_place()}
    cells = {
        cast.CHI: [("final", 1), ("midterm", 1), ("regular", 1)],
        cast.LAN: [("conduct", 1), ("month", 9)],
    }
    typed(where[cast.CHI])
    typed(where[cast.CHI], cell=("midterm", 1), pupil=cast.PUPILS[1])
    typed(where[cast.LAN], "Tốt", ("conduct", 1), person=cast.LAN)
    filled = set(Mark.objects.values_list("sheet", "student", "component", "number"))
    year = cast.class_group().year
    seen = set()
    for _turn in range(SCENARIOS):
        with undone():
            some_acts(chance, year, system)
            some_windows(chance, year, system)
            for person, there in where.items():
                sheet = access.book(cast.user(person), there).sheets[1]
                perhaps_signed(chance, sheet, system)
                closing = access.book(cast.user(person), there).closing
                for component, number in cells[person]:
                    cell = (
                        cast.pupil(chance.choice(cast.PUPILS[:2])).pk,
                        component,
                        number,
                    )
                    has_value = (sheet.pk, *cell) in filled
                    verdict = closing.closes(cell, has_value=has_value)
                    seen.add(verdict.by if verdict else None)
                    assert written_raw(sheet.pk, cell, has_value) is (verdict is None), (
                        verdict,
                        cell,
                        closing,
                    )
    assert len(seen) == 6  # every reason came up, and none


@pytest.mark.django_db
def test_an_approved_correction_changes_just_its_cell_just_once():
    saved = typed(place())
    lock()
    sheet = MarkSheet.objects.get(class_subject=taught(), term=1)
    dispensation = Dispensation(
        school=sheet.school,
        sheet=sheet,
        student=cast.pupil(),
        component="final",
        number=1,
        old_version=saved.version,
        old="8",
        state="value",
        score="9.0",
        correction=1,
        approved_by=cast.user(cast.BINH),
        reason="Cộng nhầm điểm",
    )
    enter(dispensation, User.objects.system())

    def change(**to):
        try:
            with transaction.atomic():
                Mark.objects.filter(sheet=sheet).update(**to)
                transaction.set_rollback(not to.get("keep", False))
        except DatabaseError as error:
            return not is_closed(error)
        return True

    assert not change(score="8.5", version=2)
    assert not change(score="9.0", version=3)
    assert change(score="9.0", version=2)
    mark = Mark.objects.get()
    mark.score, mark.version = 9, 2
    mark.save()
    audit.record([mark], actor=User.objects.system())
    assert not change(score="9.0", version=3)
    assert not change(score="8.0", version=3)


def test_the_superuser_cannot_write_straight_into_a_locked_sheet(committed, postgres):
    typed(place())
    lock()
    name = connection.settings_dict["NAME"]
    for url in (postgres.superuser_url(name), postgres.url("owner", name)):
        for statement in (
            "UPDATE gradebook_mark SET score = 10, version = version + 1",
            "INSERT INTO gradebook_mark (school_id, sheet_id, student_id, component, number, state, score, level, text,"
            " note, origin, source, version) SELECT school_id, sheet_id, student_id, 'midterm', 1, state, score, level,"
            " text, note, origin, source, 1 FROM gradebook_mark",
        ):
            with psycopg.connect(url) as session, pytest.raises(psycopg.Error) as caught:
                session.execute(statement)
            assert caught.value.sqlstate == CLOSED


@pytest.mark.django_db
def test_what_is_finished_is_never_changed_again():
    lock()
    unlock()
    for change in ({"state": "decided"}, {"turn": 9}, {"reason": "y"}):
        with pytest.raises(DatabaseError, match="is finished"), transaction.atomic():
            LockAct.objects.update(**change)


@pytest.mark.django_db
def test_no_row_moves_out_of_a_closed_sheet_into_an_open_one():
    typed(place())
    other = MarkSheet.objects.get(class_subject=taught(), term=2)
    moves: list[tuple[Any, dict[str, Any]]] = [
        (Mark, {"sheet": other}),
        (Mark, {"student": cast.pupil(cast.PUPILS[1])}),
        (Mark, {"component": "midterm"}),
        (Mark, {"number": 2}),
        (MarkSheet, {"class_subject": taught("ngu_van")}),
        (MarkSheet, {"class_group": cast.class_group("6B")}),
        (MarkSheet, {"term": 2}),
    ]
    for model, change in moves:
        first = model.objects.filter(pk=model.objects.earliest("pk").pk)
        with pytest.raises(DatabaseError, match="is refused"), transaction.atomic():
            first.update(**change)
