"""Typing beside a lock, and beside the end of an unlock: many times over, in real transactions (invariant 6)."""

from datetime import timedelta
from uuid import uuid4

from django.db import DatabaseError, transaction
from django.utils import timezone

from gradebook.models import LockAct, Mark, MarkSheet
from gradebook.rules.closing import Closing
from gradebook.rules.entering import Why
from gradebook.selectors.books import Place
from gradebook.services import locks, marks
from gradebook.services.closed import is_closed
from gradebook.services.marks import Edit, Status
from schoolbook import audit, clock
from schoolbook.models import User
from tests import cast, races
from tests.gradebook.book import place
from tests.gradebook.closing import lock, unlock
from tests.gradebook.test_mark_races import more_subjects

HOUR = timedelta(hours=1)


@transaction.atomic
def decided(kinds, **scope):
    """Requests that wait to be carried out, one of each kind: as asking and deciding would leave them."""
    year, now = cast.class_group().year, timezone.now()
    made = LockAct.objects.bulk_create(
        LockAct(
            school=year.school,
            year=year,
            kind=kind,
            freezes="entry" if kind == "lock" else "",
            ends_at=clock.now() + 20 * HOUR if kind == "unlock" else None,
            reason="x",
            state="decided",
            asked_by=cast.user(cast.THU),
            asked_at=now,
            decided_by=cast.user(cast.BINH),
            decided_at=now,
            **scope,
        )
        for kind in kinds
    )
    audit.record(made, actor=User.objects.system(), created=True)
    return [row.pk for row in made]


def carrying_out(act_id):
    """Carry it out, then look at once what the cells are: nothing may change them from here on."""
    actor, fresh = cast.user(cast.AN), timezone.now()

    def act():
        locks.carry_out(act_id=act_id, actor=actor, verified_at=fresh)
        return versions()

    return act


def versions():
    return sorted(Mark.objects.values_list("pk", "version"))


def saving(text, seen, *, where=None, actor=cast.CHI, pupil=0):
    where, user = where or place(), cast.user(actor)
    edit = Edit(uuid4(), cast.pupil(cast.PUPILS[pupil]).pk, "final", 1, text, seen)
    return lambda: marks.save(place=where, edits=[edit], actor=user).answers[0]


def writing_past_the_service(seen):
    """A mark with its history, as a service without any check would write it."""
    mark = Mark.objects.filter(student=cast.pupil(cast.PUPILS[1])).first()
    system = User.objects.system()

    def act():
        assert mark
        try:
            with transaction.atomic():
                mark.version = seen + 1
                mark.save(update_fields=["version"])
                audit.record([mark], actor=system)
        except DatabaseError as error:
            if not is_closed(error):
                raise
            return False
        return True

    return act


def test_no_mark_is_written_after_a_lock_has_committed(committed):
    saving("8", 0)()
    saving("8", 0, pupil=1)()
    kinds = ["lock", "unlock"] * races.REPETITIONS
    acts = iter(decided(kinds))
    seen = [1, 1]
    met = {Status.SAVED: 0, Status.REFUSED: 0, True: 0, False: 0}
    with races.Racers(3) as racers:
        for turn in range(races.REPETITIONS):
            answer, done, after = racers.start(
                [
                    saving(f"{turn % 10},{1 + turn % 9}", seen[0]),
                    writing_past_the_service(seen[1]),
                    carrying_out(next(acts)),
                ]
            )
            assert answer.status in met, answer
            assert after == versions(), (turn, answer)
            met[answer.status] += 1
            met[done] += 1
            assert answer.why in {None, Why.ENTRY_LOCKED}
            seen = [seen[0] + (answer.status is Status.SAVED), seen[1] + done]
            carrying_out(next(acts))()
    assert sum(met.values()) == 2 * races.REPETITIONS
    assert [Mark.objects.get(student=cast.pupil(name)).version for name in cast.PUPILS[:2]] == seen


def test_a_sheet_made_beside_its_lock_is_locked_or_was_there_before(committed):
    taught = more_subjects(races.REPETITIONS)
    group = cast.class_group()
    rows = [
        decided(["lock"], class_group_id=group.pk, subject_id=one.subject_id)[0] for one in taught
    ]
    with races.Racers(2) as racers:
        for one, act_id in zip(taught, rows, strict=True):
            where = Place(1, class_subject_id=one.pk)
            answer, after = racers.start([saving("8", 0, where=where), carrying_out(act_id)])
            assert answer.status in {Status.SAVED, Status.REFUSED}, answer
            assert after == versions()
            there = MarkSheet.objects.filter(class_subject=one, marks__isnull=False).exists()
            assert there is (answer.status is Status.SAVED)


@transaction.atomic
def opened(turn, until):
    """An unlock that was carried out, as carrying out would leave it."""
    [act_id] = decided(["unlock"])
    row = LockAct.objects.get(pk=act_id)
    row.ends_at, row.turn, row.state = until, turn, "done"
    row.done_by, row.done_at = cast.user(cast.AN), timezone.now()
    row.save()
    audit.record([row], actor=User.objects.system())


def test_typing_beside_the_end_of_an_unlock_is_saved_or_refused_and_nothing_between(committed):
    saving("8", 0)()
    first = lock().turn or 0
    version, met, delay = 1, [], 0.05
    for turn in range(races.REPETITIONS):
        save = saving(f"{turn % 10},{1 + turn % 9}", version)
        until = clock.now() + timedelta(seconds=delay)
        opened(first + turn + 1, until)
        began = clock.now()
        answer = save()
        ended = clock.now()
        assert answer.why in {None, Why.ENTRY_LOCKED}
        if began >= until:
            assert answer.status is Status.REFUSED
        if ended < until:
            assert answer.status is Status.SAVED
        met.append(answer.status)
        version += answer.status is Status.SAVED
        # Towards the moment at which it is the one as often as the other.
        delay *= 0.8 if answer.status is Status.SAVED else 1.3
    assert Mark.objects.get().version == version
    assert set(met) == {Status.SAVED, Status.REFUSED}


def test_a_save_that_is_overtaken_by_the_end_of_an_unlock_is_judged_again(committed, monkeypatch):
    saving("8", 0)()
    lock()
    unlock(until=clock.now() + HOUR)
    lock()
    judged = []
    closes = Closing.closes

    def too_early(self, cell, *, has_value):
        judged.append(cell)
        return None if len(judged) == 1 else closes(self, cell, has_value=has_value)

    monkeypatch.setattr(Closing, "closes", too_early)
    answer = saving("9", 1)()
    assert (answer.status, answer.why) == (Status.REFUSED, Why.ENTRY_LOCKED)
    assert len(judged) == 2
    assert Mark.objects.get().version == 1


def test_an_act_carried_out_by_two_at_once_is_carried_out_once(committed):
    acts = decided(["lock"] * (races.REPETITIONS // 4))
    with races.Racers(2) as racers:
        for act_id in acts:
            first, second = racers.start([carrying_out(act_id), carrying_out(act_id)])
            assert first == second == []
    assert list(LockAct.objects.order_by("turn").values_list("turn", flat=True)) == list(
        range(1, len(acts) + 1)
    )
    assert LockAct.history.filter(state="done").count() == len(acts)
