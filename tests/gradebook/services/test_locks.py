"""Locks that lock: what closes a cell, and that the database says the same as the service."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from gradebook.models import LockAct
from gradebook.rules.closing import LockScope
from gradebook.rules.entering import Why
from gradebook.services import locks
from gradebook.services.marks import Status
from schoolbook import clock
from schoolbook.errors import Invalid, SecondFactorNeeded
from tests import cast
from tests.gradebook.book import class_place, place, taught
from tests.gradebook.closing import lock, typed, unlock

pytestmark = pytest.mark.django_db


def ask(kind="lock", person=cast.THU, freezes="entry", ends_at=None, reason="Hết hạn", **scope):
    asked = locks.Asked(
        cast.class_group().year_id, kind, LockScope(**scope), reason, freezes, ends_at
    )
    return locks.ask(asked, actor=cast.user(person))


def soon():
    return clock.now() + timedelta(hours=2)


def decide(row, person=cast.BINH, *, agreed=True, **more):
    more.setdefault("verified_at", timezone.now())
    return locks.decide(act_id=row.pk, agreed=agreed, actor=cast.user(person), **more)


def carry_out(row, person=cast.AN, verified_at=None):
    return locks.carry_out(
        act_id=row.pk, actor=cast.user(person), verified_at=verified_at or timezone.now()
    )


def test_a_lock_of_entry_closes_the_sheet_and_names_the_decision():
    lock()
    answer = typed(place())
    assert (answer.status, answer.why) == (Status.REFUSED, Why.ENTRY_LOCKED)
    assert "12/QĐ" in answer.sentence
    assert cast.BINH.full_name in answer.sentence


def test_a_lock_of_marks_leaves_blank_cells_open():
    first = typed(place())
    lock("marks")
    assert typed(place(), "9", seen=first.version).why is Why.MARKS_LOCKED
    assert typed(place(), "9", pupil=cast.PUPILS[1]).status is Status.SAVED


@pytest.mark.parametrize(
    ("scope", "closed"),
    [
        ({}, True),
        ({"grade": 6}, True),
        ({"grade": 7}, False),
        ({"book": "subject"}, True),
        ({"book": "class"}, False),
        ({"term": 1}, True),
        ({"term": 2}, False),
        ({"component": "final"}, True),
        ({"component": "midterm"}, False),
        ({"component": "final", "number": 1}, True),
        ({"component": "final", "number": 2}, False),
    ],
)
def test_a_lock_closes_its_scope_and_nothing_else(scope, closed):
    lock(**scope)
    assert (typed(place()).why is Why.ENTRY_LOCKED) is closed


def test_a_lock_may_be_of_one_class_one_subject_or_one_pupil():
    group, maths = cast.class_group(), place()
    subject = taught().subject_id
    other = taught("ngu_van").subject_id
    lock(class_group_id=cast.class_group("6B").pk)
    lock(subject_id=other)
    assert typed(maths).status is Status.SAVED
    lock(class_group_id=group.pk, student_id=cast.pupil(cast.PUPILS[1]).pk)
    assert typed(maths, pupil=cast.PUPILS[1]).why is Why.ENTRY_LOCKED
    assert typed(maths, pupil=cast.PUPILS[2]).status is Status.SAVED
    lock(class_group_id=group.pk, subject_id=subject)
    assert typed(maths, pupil=cast.PUPILS[2], cell=("midterm", 1)).why is Why.ENTRY_LOCKED
    cell = ("conduct", 1)
    assert typed(class_place(), "Tốt", cell, person=cast.LAN).status is Status.SAVED


def test_an_unlock_opens_as_little_as_one_cell():
    lock()
    group = cast.class_group()
    subject = taught().subject_id
    scope: dict[str, Any] = {
        "class_group_id": group.pk,
        "subject_id": subject,
        "term": 1,
        "component": "final",
        "number": 1,
        "student_id": cast.pupil().pk,
    }
    unlock(**scope)
    assert typed(place()).status is Status.SAVED
    assert typed(place(), cell=("midterm", 1)).why is Why.ENTRY_LOCKED
    assert typed(place(), pupil=cast.PUPILS[1]).why is Why.ENTRY_LOCKED


def test_a_later_lock_closes_what_an_unlock_opened():
    lock()
    unlock()
    assert typed(place()).status is Status.SAVED
    lock(component="midterm")
    assert typed(place(), cell=("midterm", 1)).why is Why.ENTRY_LOCKED
    assert typed(place(), pupil=cast.PUPILS[1]).status is Status.SAVED


def test_an_act_has_three_parts_by_at_least_two_people():
    row = ask()
    assert typed(place()).status is Status.SAVED
    decide(row)
    assert typed(place(), pupil=cast.PUPILS[1]).status is Status.SAVED
    done = carry_out(row)
    assert [done.asked_by.username, done.decided_by.username, done.done_by.username] == [
        person.username for person in (cast.THU, cast.BINH, cast.AN)
    ]
    assert carry_out(row).turn == done.turn


def test_only_whom_the_regulation_names_decides():
    row = ask(person=cast.AN)
    with pytest.raises(PermissionDenied):
        decide(row, cast.THU)
    with pytest.raises(PermissionDenied):
        decide(row, cast.CHI)
    with pytest.raises(Http404):
        decide(row, cast.KHANH)
    with pytest.raises(SecondFactorNeeded):
        decide(row, verified_at=None)
    assert decide(row).state == "decided"


def test_nobody_lets_oneself_do_what_one_asked_for():
    row = ask("unlock", cast.BINH, freezes="", ends_at=soon())
    with pytest.raises(Invalid):
        decide(row)
    lone = ask(person=cast.BINH)
    assert decide(lone).decided_by == cast.user(cast.BINH)


def test_a_teacher_may_ask_for_an_unlock_of_what_is_taught_and_no_more():
    group = cast.class_group()
    subject = taught().subject_id
    mine = {"class_group_id": group.pk, "subject_id": subject}
    row = ask("unlock", cast.CHI, freezes="", ends_at=soon(), **mine)
    assert row.state == "asked"
    for person, scope in [
        (cast.CHI, {}),
        (cast.CHI, {"class_group_id": group.pk}),
        (cast.CHI, {"class_group_id": cast.class_group("6B").pk, "subject_id": subject}),
        (cast.MINH, mine),
        (cast.LAN, mine),
    ]:
        with pytest.raises(PermissionDenied):
            ask("unlock", person, freezes="", ends_at=soon(), **scope)
    with pytest.raises(PermissionDenied):
        ask("lock", cast.CHI, **mine)
    book = {"class_group_id": group.pk, "book": "class"}
    assert ask("unlock", cast.LAN, freezes="", ends_at=soon(), **book).pk


@pytest.mark.parametrize("ends_at", [None, timedelta(0), timedelta(hours=-1), timedelta(days=40)])
def test_an_unlock_has_an_end_that_is_near(ends_at):
    until = ends_at if ends_at is None else clock.now() + ends_at
    with pytest.raises(Invalid):
        ask("unlock", freezes="", ends_at=until)


def test_what_was_refused_or_withdrawn_is_never_carried_out():
    refused, withdrawn = ask(), ask()
    with pytest.raises(Invalid):
        decide(refused, agreed=False)
    decide(refused, agreed=False, decision="Chưa đến lúc")
    locks.withdraw(act_id=withdrawn.pk, actor=cast.user(cast.THU))
    for row in (refused, withdrawn):
        with pytest.raises(Invalid):
            carry_out(row)
    with pytest.raises(Http404):
        locks.withdraw(act_id=ask().pk, actor=cast.user(cast.AN))
    assert not LockAct.objects.filter(state="done").exists()


def test_only_the_administrator_carries_out_with_a_second_factor():
    row = decide(ask())
    with pytest.raises(PermissionDenied):
        carry_out(row, cast.THU)
    with pytest.raises(SecondFactorNeeded):
        locks.carry_out(act_id=row.pk, actor=cast.user(cast.AN), verified_at=None)
    assert carry_out(row).state == "done"


def test_scopes_of_another_school_do_not_exist():
    group = cast.doi_thong().class_groups.earliest("pk")
    with pytest.raises(Http404):
        ask(class_group_id=group.pk)
    with pytest.raises(Http404):
        ask(subject_id=cast.doi_thong().subjects.earliest("pk").pk)
    with pytest.raises(Http404):
        ask(class_group_id=cast.class_group().pk, student_id=10**9)
