"""Leaders and administrators at the same moment: one outcome, and nobody's lines are lost without a word."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from gradebook.models import LockAct, WindowPlan
from gradebook.rules.closing import LockScope
from gradebook.rules.windows import Line
from gradebook.selectors import windows as found
from gradebook.services import locks, windows
from schoolbook import clock
from schoolbook.errors import Conflict
from schoolbook.models import SchoolYear
from tests import cast, races

TURNS = races.REPETITIONS // 20
HOUR = timedelta(hours=1)


def save(year, actor, minutes, version):
    now = clock.now().replace(second=0, microsecond=0)
    lines = [Line(1, "final", None, now, now + HOUR + timedelta(minutes=minutes))]
    return lambda: windows.save_draft(
        year_id=year.pk, lines=lines, version=version, actor=actor, reason=str(minutes)
    )


def test_of_two_who_save_the_draft_at_once_one_is_told_of_the_other(committed):
    year = SchoolYear.objects.get(school=cast.song_lam())
    thu, binh = cast.user(cast.THU), cast.user(cast.BINH)
    with races.Racers(2) as racers:
        for turn in range(TURNS):
            seen = found.mark(found.draft(year))
            told = racers.start(
                [save(year, thu, 2 * turn, seen), save(year, binh, 2 * turn + 1, seen)]
            )
            [won] = [one for one in told if isinstance(one, WindowPlan)]
            [lost] = [one for one in told if not isinstance(one, WindowPlan)]
            assert isinstance(lost, Conflict), lost
            plan = found.draft(year)
            assert plan
            assert (plan.pk, plan.reason) == (won.pk, won.reason)
            [line] = found.lines_of(plan)
            assert line.closes_at - line.opens_at == HOUR + timedelta(minutes=int(plan.reason))


def test_a_decision_and_a_save_at_once_never_put_unseen_lines_in_force(committed):
    year = SchoolYear.objects.get(school=cast.song_lam())
    thu, binh, fresh = cast.user(cast.THU), cast.user(cast.BINH), timezone.now()
    with races.Racers(3) as racers:
        for turn in range(TURNS):
            plan = save(year, thu, turn, 0)()
            shown, seen = found.lines_of(plan), found.mark(plan)

            def decide(plan=plan, seen=seen):
                return windows.decide(plan_id=plan.pk, version=seen, actor=binh, verified_at=fresh)

            racers.start([decide, save(year, thu, turn + 500, seen), decide])
            plan.refresh_from_db()
            if plan.state == "decided":
                assert found.lines_of(plan) == shown
                kept = WindowPlan.history.filter(id=plan.pk, state="decided")
                assert kept.count() == 1
            if draft := found.draft(year):
                windows.withdraw(plan_id=draft.pk, actor=thu)


def test_two_administrators_who_carry_out_at_once_do_it_once(committed):
    an, binh, thu = cast.user(cast.AN), cast.user(cast.BINH), cast.user(cast.THU)
    year, fresh = SchoolYear.objects.get(school=cast.song_lam()), timezone.now()
    with races.Racers(2) as racers:
        for turn in range(1, TURNS + 1):
            asked = locks.Asked(year.pk, "lock", LockScope(grade=6), "Hết hạn", "entry")
            row = locks.ask(asked, actor=thu)
            locks.decide(act_id=row.pk, agreed=True, actor=binh, verified_at=fresh)

            def carry_out(row=row):
                return locks.carry_out(act_id=row.pk, actor=an, verified_at=fresh)

            told = racers.start([carry_out, carry_out])
            assert [one.turn for one in told] == [turn, turn]
            assert LockAct.history.filter(id=row.pk, state="done").count() == 1
