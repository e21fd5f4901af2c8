"""Two people take a step with one request at the same moment, many times over: one outcome, never half of one."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404
from django.utils import timezone

from approvals.models import CorrectionLine, CorrectionRequest, Witnessing
from approvals.services import applying, decisions
from approvals.services import requests as filing
from gradebook.models import Dispensation, LockAct, Mark
from gradebook.services import marks
from gradebook.services.marks import Edit, Status
from schoolbook import clock
from schoolbook.errors import Invalid
from schoolbook.rules.regulation import Witness
from tests import cast, races, servers
from tests.approvals import many
from tests.gradebook import book
from tests.gradebook.closing import lock, unlock
from tests.gradebook.test_lock_races import carrying_out, decided
from tests.tampering import verdict

TURNS = min(races.REPETITIONS, 1000)

COLUMNS = [*(("regular", number) for number in (1, 2, 3, 4)), ("midterm", 1), ("final", 1)]


@pytest.fixture(scope="module")
def large(postgres, worker_id, django_db_setup, django_db_blocker):
    """A database with a class so large that each turn has a pupil of its own, every cell of whom holds an 8."""
    name = f"corrections_{worker_id}"
    postgres.clone_database(servers.TEMPLATE, name)
    with django_db_blocker.unblock():
        servers.use_database(postgres.url("app", name))
        made = many.pupils(TURNS)
        for column in COLUMNS:
            book.fill(book.place(), cast.user(cast.CHI), {one: {column: "8"} for one in made})
        servers.use_database(postgres.url("app", f"schoolbook_{worker_id}"))
    yield postgres.url("app", name), made
    postgres.drop_database(name)


@pytest.fixture
def crowd(large, postgres, worker_id, django_db_blocker):
    """The pupils of that class, in real transactions, with the sheet locked."""
    url, made = large
    with django_db_blocker.unblock():
        servers.use_database(url)
        lock()
        yield made
        servers.use_database(postgres.url("app", f"schoolbook_{worker_id}"))


def counter() -> Counter[Any]:
    """What was met how often."""
    return Counter()


def deciding(row, *, agreed):
    actor, fresh, words = cast.user(cast.THU), timezone.now(), "Theo minh chứng"
    return lambda: decisions.decide(
        correction_id=row.pk, agreed=agreed, decision=words, actor=actor, verified_at=fresh
    )


def applying_it(row):
    actor, fresh = cast.user(cast.AN), timezone.now()
    return lambda: applying.apply(correction_id=row.pk, actor=actor, verified_at=fresh)


def confirming(row, role, person):
    actor = cast.user(person)
    return lambda: applying.witness(correction_id=row.pk, role=role, actor=actor)


def saving(row, cell):
    component, _colon, number = cell.partition(":")
    actor, where = cast.user(cast.CHI), book.place()
    edit = Edit(uuid4(), row.student_id, component, int(number), "5", 1)
    return lambda: marks.save(place=where, edits=[edit], actor=actor).answers[0]


def states():
    return dict(CorrectionRequest.objects.values_list("pk", "state"))


def assert_whole(rows, cell):
    """Lines are held exactly while open; a mark was changed exactly where its request says applied."""
    component, _colon, number = cell.partition(":")
    now = states()
    held = set(CorrectionLine.objects.filter(is_open=True).values_list("correction", flat=True))
    leaves = Counter(Dispensation.objects.values_list("correction", flat=True))
    versions = dict(
        Mark.objects.filter(
            component=component, number=number, student__in=[row.student_id for row in rows]
        ).values_list("student", "version")
    )
    for row in rows:
        assert (row.pk in held) is (now[row.pk] in {"submitted", "approved", "witnessed"})
        assert leaves[row.pk] == (now[row.pk] == "applied")
        if now[row.pk] == "applied":
            assert versions[row.student_id] == 2


def test_what_is_approved_and_taken_back_at_once_is_one_of_both(crowd):
    rows = many.requested(crowd, "regular:1")
    chi, met = cast.user(cast.CHI), counter()
    with races.Racers(2) as racers:
        for row in rows:
            answers = racers.start(
                [
                    deciding(row, agreed=True),
                    partial(filing.withdraw, correction_id=row.pk, actor=chi),
                ]
            )
            lost = [one for one in answers if isinstance(one, Invalid)]
            (won,) = [one for one in answers if isinstance(one, CorrectionRequest)]
            assert len(lost) == 1, answers
            met[won.state] += 1
    assert Counter(states()[row.pk] for row in rows) == met
    assert set(met) <= {"witnessed", "withdrawn"}
    assert_whole(rows, "regular:1")


def test_what_is_approved_and_refused_at_once_is_one_of_both(crowd):
    rows = many.requested(crowd, "regular:2")
    met = counter()
    with races.Racers(2) as racers:
        for row in rows:
            answers = racers.start([deciding(row, agreed=True), deciding(row, agreed=False)])
            (won,) = [one for one in answers if isinstance(one, CorrectionRequest)]
            assert sum(isinstance(one, Invalid) for one in answers) == 1, answers
            met[won.state] += 1
    assert Counter(states()[row.pk] for row in rows) == met
    assert set(met) <= {"witnessed", "refused"}
    assert_whole(rows, "regular:2")


def test_what_is_applied_twice_at_once_is_applied_once(crowd):
    rows = many.requested(crowd, "regular:3", state="witnessed")
    with races.Racers(2) as racers:
        for row in rows:
            first, second = racers.start([applying_it(row), applying_it(row)])
            assert first.state == second.state == "applied"
            assert first.applied_at == second.applied_at
    kept = CorrectionRequest.history.filter(id__in=[row.pk for row in rows], state="applied")
    assert kept.count() == len(rows)
    assert_whole(rows, "regular:3")


def test_what_is_applied_while_its_book_is_locked_again_is_applied_whole(crowd):
    rows = many.requested(crowd, "regular:4", state="witnessed")
    acts = decided(["unlock", "lock"] * (len(rows) // 2))
    with races.Racers(2) as racers:
        for row, act_id in zip(rows, acts, strict=True):
            done, after = racers.start([applying_it(row), carrying_out(act_id)])
            assert done.state == "applied", done
            assert isinstance(after, list), after
    assert LockAct.objects.filter(pk__in=acts, state="done").count() == len(acts)
    assert_whole(rows, "regular:4")


def test_what_is_applied_while_its_cell_is_written_is_applied_or_expires(crowd):
    rows = many.requested(crowd, "midterm:1", state="witnessed")
    unlock(until=clock.now() + timedelta(hours=20))
    met = counter()
    with races.Racers(2) as racers:
        for row in rows:
            done, answer = racers.start([applying_it(row), saving(row, "midterm:1")])
            if isinstance(done, Invalid):  # it had expired before it was looked at
                done = CorrectionRequest.objects.get(pk=row.pk)
            met[done.state, answer.status] += 1
    assert set(met) <= {("applied", Status.CONFLICT), ("expired", Status.SAVED)}
    assert_whole(rows, "midterm:1")
    written = Mark.objects.filter(component="midterm", sheet__term=1, score=5).count()
    assert written == met["expired", Status.SAVED]
    lines, _clean = verdict()
    other = [line for line in lines if line.startswith("songlam: ") and "evidence" not in line]
    assert all("proved" in line or "newest head" in line for line in other), other


def test_one_cell_is_asked_for_by_one_of_two(crowd):
    mine = many.requested(crowd, "regular:1", term=2, state="draft")
    theirs = many.requested(crowd, "regular:1", term=2, state="draft", person=cast.AN)
    chi, an, met = cast.user(cast.CHI), cast.user(cast.AN), counter()
    with races.Racers(2) as racers:
        for one, other in zip(mine, theirs, strict=True):
            answers = racers.start(
                [
                    partial(filing.submit, correction_id=one.pk, actor=chi),
                    partial(filing.submit, correction_id=other.pk, actor=an),
                ]
            )
            (won,) = [row for row in answers if isinstance(row, CorrectionRequest)]
            assert sum(isinstance(row, Invalid) for row in answers) == 1, answers
            met[won.requested_by_id] += 1
    assert sum(met.values()) == len(mine)
    assert Counter(states()[row.pk] for row in [*mine, *theirs]) == {
        "submitted": len(mine),
        "draft": len(mine),
    }
    assert_whole([*mine, *theirs], "regular:1")


TWO = (Witness.ADMIN, Witness.HOMEROOM_TEACHER)


def test_the_last_two_witnesses_at_once_are_both_heard(crowd):
    rows = many.requested(crowd, "regular:2", term=2, state="approved", witnesses=TWO)
    with races.Racers(2) as racers:
        for row in rows:
            answers = racers.start(
                [confirming(row, TWO[0], cast.AN), confirming(row, TWO[1], cast.LAN)]
            )
            assert {one.state for one in answers} == {"approved", "witnessed"}, answers
    assert {states()[row.pk] for row in rows} == {"witnessed"}
    assert Witnessing.objects.filter(correction__in=rows).count() == 2 * len(rows)


def test_a_witness_of_what_is_written_meanwhile_is_heard_before_or_not_at_all(crowd):
    rows = many.requested(crowd, "final:1", state="approved", witnesses=TWO[:1])
    unlock(until=clock.now() + timedelta(hours=20))
    met = counter()
    with races.Racers(2) as racers:
        for row in rows:
            said, answer = racers.start([confirming(row, TWO[0], cast.AN), saving(row, "final:1")])
            assert answer.status is Status.SAVED
            heard = isinstance(said, CorrectionRequest) and said.state == "witnessed"
            assert heard or isinstance(said, (Invalid, CorrectionRequest, Http404)), said
            assert Witnessing.objects.filter(correction=row).exists() is heard
            met[heard] += 1
    assert {states()[row.pk] for row in rows} == {"expired"}
    assert sum(met.values()) == len(rows)
    assert_whole(rows, "final:1")
