"""Plans of entry windows as pages read them: every version of a year, what differs, and what a year could plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q

from gradebook.models import PlanState, Window, WindowPlan
from gradebook.rules import AssessedBy, scheme_by_id
from gradebook.rules import windows as rules
from gradebook.rules.columns import TAKEN_OVER, TERMS, Component, class_columns, subject_columns
from gradebook.rules.scheme import PrimaryScheme
from gradebook.rules.windows import Line, Step
from schoolbook import clock
from schoolbook.models import ClassGroup, SchoolYear, User
from schoolbook.selectors import history


@dataclass(frozen=True)
class Version:
    """A version of the plan of a year. `steps` are what it changes against the decided version before it.

    `standing` is `draft`, `in_force`, `replaced` or `withdrawn`.
    """

    plan: WindowPlan
    lines: tuple[Line, ...]
    steps: tuple[Step, ...]
    standing: str
    number_before: int | None


def versions(year: SchoolYear) -> list[Version]:
    """Every version of the plan of a year, newest first; in two queries."""
    rows = Prefetch("windows", Window.objects.filter(is_dropped=False), to_attr="said")
    plans: Any = (
        WindowPlan.objects.filter(year=year)
        .select_related("drafted_by", "decided_by")
        .prefetch_related(rows)
        .order_by("number")
    )
    found: list[Version] = []
    before: tuple[int | None, tuple[Line, ...]] = (None, ())
    for plan in plans:
        lines = _lines(plan.said)
        changed = tuple(rules.steps(before[1], lines)) if before[0] else ()
        found.append(Version(plan, lines, changed, str(plan.state), before[0]))
        if plan.state == PlanState.DECIDED:
            before = plan.number, lines
    return [_with_standing(one, before[0]) for one in reversed(found)]


def _with_standing(one: Version, in_force: int | None) -> Version:
    names = {
        PlanState.DRAFT: "draft",
        PlanState.WITHDRAWN: "withdrawn",
        PlanState.DECIDED: "in_force" if one.plan.number == in_force else "replaced",
    }
    standing = names[PlanState(one.plan.state)]
    return Version(one.plan, one.lines, one.steps, standing, one.number_before)


def _lines(rows: Iterable[Window]) -> tuple[Line, ...]:
    made = [Line(row.term, row.component, row.grade, row.opens_at, row.closes_at) for row in rows]
    return tuple(sorted(made, key=lambda line: rules.place(line.key)))


def lines_of(plan: WindowPlan) -> tuple[Line, ...]:
    """What stands in a plan; in one query."""
    return _lines(plan.windows.filter(is_dropped=False))


def in_force(year: SchoolYear) -> WindowPlan | None:
    """The decided plan with the highest number."""
    return WindowPlan.objects.filter(year=year, state=PlanState.DECIDED).order_by("number").last()


def draft(year: SchoolYear) -> WindowPlan | None:
    """The draft of a year, if somebody has begun one."""
    found = WindowPlan.objects.filter(year=year, state=PlanState.DRAFT)
    return found.select_related("drafted_by").first()


def waiting(user: User) -> WindowPlan | None:
    """The newest draft of this person's school, if there is one."""
    found = WindowPlan.objects.visible_to(user).filter(state=PlanState.DRAFT)
    return found.select_related("drafted_by").order_by("-year__start").first()


def mark(plan: WindowPlan | None) -> int:
    """A number that grows with every save of a draft; 0 where there is none."""
    return history.mark(WindowPlan, Q(id=plan.pk)) if plan else 0


def proposed(year: SchoolYear) -> tuple[Line, ...]:
    """What a new draft begins with: what is in force, or the usual windows by the days of the terms."""
    plan = in_force(year)
    if plan:
        return lines_of(plan)
    days = [year.days_of(term) for term in TERMS]
    return tuple(rules.usual(days, components(year)))


def components(year: SchoolYear) -> list[tuple[int, str]]:
    """What is entered in each term in the classes of a year, in the order of the book; in one query."""
    schemes = ClassGroup.objects.filter(year=year).order_by().values_list("scheme", flat=True)
    found = {pair for scheme in schemes.distinct() for pair in _of_scheme(scheme)}
    if not found:
        usual = (Component.REGULAR, Component.MIDTERM, Component.FINAL, Component.COMMENT)
        found = {(term, component.value) for term in TERMS for component in usual}
    return sorted(found, key=lambda pair: rules.place((*pair, 0)))


def _of_scheme(scheme_id: str) -> Iterable[tuple[int, str]]:
    scheme = scheme_by_id(scheme_id)
    # The highest grade of primary school has every test; secondary columns are the same in each grade.
    grade = 5 if isinstance(scheme, PrimaryScheme) else 9
    for term in TERMS:
        columns = (
            *subject_columns(
                scheme,
                code="toan",
                assessed_by=AssessedBy.SCORE,
                periods=140,
                grade=grade,
                term=term,
            ),
            *class_columns(scheme, term=term),
        )
        for column in columns:
            if column.component not in TAKEN_OVER:
                yield term, column.component.value


def grades(year: SchoolYear) -> Sequence[int]:
    """The grades that have classes in a year; in one query."""
    found = ClassGroup.objects.filter(year=year).order_by("grade").values_list("grade", flat=True)
    return list(found.distinct())


def standing_of(line: Line) -> str:
    """Whether a window is to `come`, `open` or `over` by the school clock."""
    now = clock.now()
    if now < line.opens_at:
        return "come"
    return "open" if now < line.closes_at else "over"
