"""What has closed the sheets of a school over time, from the history of locks, plans and sign-offs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min

from gradebook.models import (
    BookKind,
    LockAct,
    LockState,
    MarkSheet,
    PlanState,
    SignOff,
    Window,
    WindowPlan,
)
from gradebook.rules.closing import NEVER, Act, Signed, Span
from gradebook.rules.past import Past, Standing
from schoolbook.models import ClockOffset, School


@dataclass(frozen=True)
class _Known:
    """All of it of one school; a moment is that of the row of history, which the database set."""

    acts: list[tuple[datetime, LockAct]]
    plans: dict[int, list[tuple[datetime, int, list[Window]]]]
    standing: dict[int, list[Standing]]
    offset: timedelta | None


def pasts(school: School) -> Callable[[MarkSheet], Past]:
    """What closed a sheet of this school over time, as a function of the sheet with its class and subject."""
    known = _Known(
        acts=_acts(school),
        plans=_plans(school),
        standing=_standing(school),
        offset=None if ClockOffset.objects.exists() else timedelta(),
    )
    return lambda sheet: _past(known, sheet)


def _past(known: _Known, sheet: MarkSheet) -> Past:
    group = sheet.class_group
    return Past(
        acts=[(since, _act(row)) for since, row in known.acts if _concerns(row, sheet)],
        plans=[
            (since, number, _spans(windows, group.grade, sheet.term))
            for since, number, windows in known.plans.get(group.year_id, ())
        ],
        standing=known.standing.get(sheet.pk, ()),
        offset=known.offset,
    )


def _concerns(act: LockAct, sheet: MarkSheet) -> bool:
    group, subject = sheet.class_group, sheet.class_subject
    return (
        act.year_id == group.year_id
        and act.grade in {None, group.grade}
        and act.class_group_id in {None, group.pk}
        and act.subject_id in {None, subject.subject_id if subject else None}
        and act.book in {"", BookKind.SUBJECT if subject else BookKind.CLASS}
        and act.term in {None, sheet.term}
    )


def _acts(school: School) -> list[tuple[datetime, LockAct]]:
    done = _first(LockAct, school, state=LockState.DONE)
    rows = LockAct.objects.filter(school=school, state=LockState.DONE)
    return sorted(
        ((done.get(row.pk) or row.done_at or NEVER, row) for row in rows), key=lambda one: one[0]
    )


def _act(row: LockAct) -> Act:
    assert row.turn is not None
    assert row.done_at is not None
    return Act(
        id=row.pk,
        kind=row.kind,
        turn=row.turn,
        done_at=row.done_at,
        freezes=row.freezes,
        ends_at=row.ends_at or NEVER,
        student_id=row.student_id,
        component=row.component,
        number=row.number,
    )


def _plans(school: School) -> dict[int, list[tuple[datetime, int, list[Window]]]]:
    windows: dict[int, list[Window]] = defaultdict(list)
    for row in Window.objects.filter(school=school, is_dropped=False):
        windows[row.plan_id].append(row)
    decided = _first(WindowPlan, school, state=PlanState.DECIDED)
    found: dict[int, list[tuple[datetime, int, list[Window]]]] = defaultdict(list)
    for plan in WindowPlan.objects.filter(school=school, state=PlanState.DECIDED):
        since = decided.get(plan.pk) or plan.decided_at or NEVER
        found[plan.year_id].append((since, plan.number, windows[plan.pk]))
    return found


def _spans(windows: list[Window], grade: int, term: int) -> Mapping[str, Span]:
    """Windows of the term by component; those of the grade itself before those of all."""
    mine = [row for row in windows if row.term == term and row.grade in {None, grade}]
    return {
        row.component: Span(row.opens_at, row.closes_at)
        for row in sorted(mine, key=lambda row: row.grade is not None)
    }


def _standing(school: School) -> dict[int, list[Standing]]:
    began = _first(SignOff, school)
    ended = _first(SignOff, school, ended_at__isnull=False)
    found: dict[int, list[Standing]] = defaultdict(list)
    for row in SignOff.objects.filter(school=school).order_by("pk"):
        signed = Signed(row.pk, "", row.signed_at)
        since, until = began.get(row.pk, row.signed_at), ended.get(row.pk, row.ended_at)
        found[row.sheet_id].append(Standing(signed, since, until))
    return found


def _first(model: Any, school: School, **state: Any) -> dict[int, datetime]:
    """When the first row of history was written in which a row of the model was in this state."""
    rows = model.history.filter(school=school, **state).order_by().values("id")
    return dict(rows.annotate(first=Min("history_date")).values_list("id", "first"))
