"""Windows of entry: drafted, decided and so announced, in versions (R-101, R-105)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gradebook import access_locks, words
from gradebook.models import PlanState, Window, WindowPlan
from gradebook.rules.columns import TERMS, Component
from gradebook.rules.windows import Line, LineKey
from gradebook.selectors import windows
from gradebook.services.holding import hold
from schoolbook import access as kernel
from schoolbook import audit
from schoolbook.errors import Conflict, Invalid
from schoolbook.models import ClassGroup, SchoolYear, User
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action
from schoolbook.selectors import history
from schoolbook.services import rows
from schoolbook.services.second_factor import require_fresh

MOST_LINES = 200


class LinesRefused(Invalid):
    """Lines of a plan that cannot be so: `lines` has a sentence for each, by its place among those sent."""

    def __init__(self, lines: Mapping[int, object]) -> None:
        super().__init__({"__all__": _("Some lines of the plan cannot be so.")})
        self.lines = lines


@transaction.atomic
def save_draft(
    *, year_id: int, lines: Sequence[Line], version: int, actor: User, reason: str = ""
) -> WindowPlan:
    """Write all lines of the draft of a year; lines that are not among these are taken out of it.

    The first save begins the draft. `version` is what the page showed (`selectors.windows.mark`). Nothing is in force
    before it is decided. Raises Http404, PermissionDenied, Invalid (LinesRefused), and Conflict when somebody else has
    saved the draft meanwhile.
    """
    year = kernel.year(actor, year_id, to=Action.DRAFT_WINDOWS, lock=True)
    _check(lines, year)
    plan = windows.draft(year)
    if windows.mark(plan) != version:
        raise _conflict(plan)
    if plan is None:
        plan = rows.enter(
            WindowPlan(
                school=year.school,
                year=year,
                number=_next_number(year),
                state=PlanState.DRAFT,
                reason=tidy(reason),
                drafted_by=actor,
                drafted_at=timezone.now(),
            ),
            actor=actor,
            reason=tidy(reason),
        )
        _write(plan, lines, actor)
        return plan
    plan = access_locks.plan(actor, plan.pk, to=Action.DRAFT_WINDOWS, lock=True)
    _write(plan, lines, actor)
    plan.reason = tidy(reason)
    return _changed(plan, actor, plan.reason)


@transaction.atomic
def withdraw(*, plan_id: int, actor: User) -> WindowPlan:
    """Give a draft up: nothing of it was ever in force. Doing it twice is doing it once.

    Raises Http404, PermissionDenied, Invalid.
    """
    plan = access_locks.plan(actor, plan_id, to=Action.DRAFT_WINDOWS, lock=True)
    if plan.state == PlanState.WITHDRAWN:
        return plan
    if plan.state != PlanState.DRAFT:
        raise Invalid({"__all__": _("This version is decided: it is replaced by another one.")})
    plan.state = PlanState.WITHDRAWN
    return _changed(plan, actor, "")


@transaction.atomic
def decide(
    *,
    plan_id: int,
    version: int,
    actor: User,
    verified_at: datetime | None,
    decision_number: str = "",
) -> WindowPlan:
    """Put a draft in force: decided is announced. It is never changed again; deciding twice is deciding once.

    All sheets of the year are locked first, so that no save that began before writes into what the plan closes.

    `version` is what the one who decides was shown. By the principal, or by whom the school's regulation names
    (R-100). Raises Http404, PermissionDenied, SecondFactorNeeded, Invalid, and Conflict when the draft was changed
    meanwhile.
    """
    plan = access_locks.plan(actor, plan_id, to=Action.DECIDE_LOCKS)
    require_fresh(actor, verified_at)
    access_locks.require_decider(actor)
    hold(ClassGroup.objects.filter(year=plan.year_id))
    SchoolYear.objects.select_for_update(no_key=True).get(pk=plan.year_id)
    plan = access_locks.plan(actor, plan_id, to=Action.DECIDE_LOCKS, lock=True)
    if plan.state == PlanState.DECIDED:
        return plan
    if plan.state != PlanState.DRAFT:
        raise Invalid({"__all__": _("This draft was withdrawn.")})
    if windows.mark(plan) != version:
        raise _conflict(plan)
    if not windows.lines_of(plan):
        raise Invalid({"__all__": _("The draft has no line: write at least one, then decide it.")})
    plan.state = PlanState.DECIDED
    plan.decided_by, plan.decided_at = actor, timezone.now()
    plan.decision_number = tidy(decision_number)
    return _changed(plan, actor, plan.reason)


def _next_number(year: SchoolYear) -> int:
    newest = WindowPlan.objects.filter(year=year).aggregate(newest=Max("number"))["newest"]
    return int(newest or 0) + 1


def _write(plan: WindowPlan, lines: Sequence[Line], actor: User) -> None:
    """Let the rows of the draft say these lines: each key has one row, which is dropped or taken up again."""
    known = {(row.term, row.component, row.grade or 0): row for row in plan.windows.all()}
    wanted = {line.key: line for line in lines}
    made, changed = [], []
    for key, line in wanted.items():
        row = known.get(key)
        said = {"opens_at": line.opens_at, "closes_at": line.closes_at, "is_dropped": False}
        if row is None:
            made.append(_row(plan, key, line))
        elif any(getattr(row, name) != value for name, value in said.items()):
            for name, value in said.items():
                setattr(row, name, value)
            changed.append(row)
    for key, row in known.items():
        if key not in wanted and not row.is_dropped:
            row.is_dropped = True
            changed.append(row)
    rows.enter_many(made, actor=actor)
    for row in changed:
        row.save(update_fields=["opens_at", "closes_at", "is_dropped"])
    audit.record(changed, actor=actor)


def _row(plan: WindowPlan, key: LineKey, line: Line) -> Window:
    term, component, grade = key
    return Window(
        school_id=plan.school_id,
        plan=plan,
        grade=grade or None,
        term=term,
        component=component,
        opens_at=line.opens_at,
        closes_at=line.closes_at,
    )


def _changed(plan: WindowPlan, actor: User, reason: str) -> WindowPlan:
    rows.check(plan)
    plan.save()
    audit.record([plan], actor=actor, reason=reason)
    return plan


def _conflict(plan: WindowPlan | None) -> Exception:
    if plan is None:
        return Invalid({"__all__": _("This draft was decided or withdrawn meanwhile. Begin anew.")})
    author, at = history.newest(plan)
    values = {
        words.line_said(line): words.span_said(line.opens_at, line.closes_at)
        for line in windows.lines_of(plan)
    }
    return Conflict(version=windows.mark(plan), values=values, author=author, at=at)


def _check(lines: Sequence[Line], year: SchoolYear) -> None:
    """Raise LinesRefused with a sentence for each line that cannot be so."""
    if len(lines) > MOST_LINES:
        raise Invalid({"__all__": _("A plan has no more than 200 lines.")})
    refused: dict[int, object] = {}
    seen: set[LineKey] = set()
    first, last = date(year.start, 6, 1), date(year.start + 1, 8, 31)
    for place, line in enumerate(lines):
        if line.term not in TERMS or line.component not in set(Component):
            refused[place] = _("There is no such part of a term.")
        elif line.closes_at <= line.opens_at:
            refused[place] = _("It closes before it opens.")
        elif not all(first <= timezone.localdate(at) <= last for at in _ends(line)):
            refused[place] = _("This is not in the school year.")
        elif line.key in seen:
            refused[place] = _("The plan has a line for this already.")
        seen.add(line.key)
    if refused:
        raise LinesRefused(refused)


def _ends(line: Line) -> tuple[datetime, datetime]:
    return line.opens_at, line.closes_at
