"""What the history of marks of a school year holds for `rules.anomalies`: a fixed number of queries (R-117)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, Subquery
from django.db.models.functions import Cast, JSONObject

from gradebook.models import LockAct, LockKind, LockState, Mark, MarkSheet, SubjectResult
from gradebook.rules import anomalies as rules
from gradebook.rules.anomalies import Changed, Ending, Hasty, Moved, Often, Risen
from gradebook.rules.columns import TESTS, Component
from gradebook.rules.progress import PlannedWindow
from gradebook.rules.typed import spelt
from gradebook.selectors.as_of import plans
from gradebook.selectors.progress import due_of
from schoolbook import clock
from schoolbook.models import SchoolYear, Student, User

WATCHED = TESTS | {Component.LEVEL}
MOST = 20_000  # changes and results, the newest: years of ordinary work have far fewer
MOST_ENDINGS = 200


@dataclass(frozen=True)
class Signs:
    """Everything worth asking about in a school year, and what names it."""

    hasty: Sequence[Hasty]
    moved: Sequence[Moved]
    often: Sequence[Often]
    sheets: Mapping[int, MarkSheet]
    students: Mapping[int, str]
    people: Mapping[int, str]
    is_whole: bool


def signs(year: SchoolYear) -> Signs:
    """The signs of a school year, of its newest changes; in nine queries."""
    changes = _changes(year)
    sheets = {
        sheet.pk: sheet
        for sheet in MarkSheet.objects.filter(class_group__year=year).select_related(
            "class_group", "class_subject__subject"
        )
    }
    risen = _risen(year) if changes else []
    endings = _endings(year, sheets) if changes else []
    hasty = rules.hasty(changes, endings)
    moved = rules.moved(
        changes, risen, {pk: sheet.class_subject_id for pk, sheet in sheets.items()}
    )
    often = rules.often(changes, _entered(year) if changes else {})
    named = {change.student for one in hasty for change in one.changes}
    named |= {change.student for one in moved for change, _risen in one.pairs}
    authors = {one.author for one in often}
    return Signs(
        hasty=hasty,
        moved=moved,
        often=often,
        sheets=sheets,
        students=dict(Student.every.filter(pk__in=named).values_list("pk", "full_name")),
        people=dict(User.objects.filter(pk__in=authors).values_list("pk", "full_name")),
        is_whole=len(changes) < MOST,
    )


def _of_year(year: SchoolYear) -> Any:
    sheets = MarkSheet.objects.filter(class_group__year=year).values("pk")
    components = [one.value for one in WATCHED]
    return Mark.history.filter(sheet__in=sheets, component__in=components)


def _changes(year: SchoolYear) -> list[Changed]:
    """The newest changes of filled cells, each with what stood there before; one query."""
    before = Mark.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    # As texts: a number in JSON would come back as a float.
    said = JSONObject(state="state", score=Cast("score", CharField()), level="level")
    rows = (
        _of_year(year)
        .filter(version__gt=1)
        .annotate(before=Subquery(before.order_by("-history_id").values(said=said)[:1]))
        .order_by("-history_id")[:MOST]
    )
    found = []
    for row in rows:
        if not row.before or row.before["state"] == "blank":
            continue
        old, new = _shown(**row.before), _shown(row.state, row.score, row.level)
        if old == new:
            continue
        found.append(
            Changed(
                sheet=row.sheet_id,
                student=row.student_id,
                component=row.component,
                number=row.number,
                at=row.history_date,
                author=row.history_user_id,
                old=old,
                new=new,
                request=row.request_id,
                corrected=row.dispensation_id is not None,
            )
        )
    return found


def _shown(state: str, score: Any, level: str) -> str:
    if state == "value":
        return level or spelt(Decimal(score))
    return {"absent": "V", "exempt": "M", "zero": "0"}.get(state, "")


def _risen(year: SchoolYear) -> list[Risen]:
    """The newest results that rose; one query."""
    history: Any = SubjectResult.history
    before = history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    rows = (
        history.filter(class_subject__class_group__year=year, history_type="~")
        .annotate(before=Subquery(before.order_by("-history_id").values("average")[:1]))
        .filter(average__gt=F("before"))
        .order_by("-history_id")
    )
    names = ("class_subject_id", "student_id", "before", "average", "history_date", "request_id")
    return [Risen(*row) for row in rows.values_list(*names)[:MOST]]


def _entered(year: SchoolYear) -> dict[int, int]:
    """How many cells each person filled first; one query."""
    rows = _of_year(year).filter(history_type="+").order_by().values_list("history_user")
    return dict(rows.annotate(count=Count("history_id")))


def _endings(year: SchoolYear, sheets: Mapping[int, MarkSheet]) -> list[Ending]:
    """The newest locks that were carried out, and the windows that closed while in force; three queries."""
    acts = LockAct.objects.filter(year=year, state=LockState.DONE, kind=LockKind.LOCK)
    found = [
        Ending(act.done_at, True, _covered_by(act, sheets))
        for act in acts.order_by("-turn")[:MOST_ENDINGS]
        if act.done_at
    ]
    known, ahead = plans(year), clock.offset()
    for window in known.windows:
        closed_at = window.closes_at - ahead
        if window.closes_at <= clock.now() and window in known.at(closed_at):
            due = due_of(known.at(closed_at), year)
            found.append(Ending(closed_at, False, _entered_in(window, due, sheets)))
    return found


def _covered_by(act: LockAct, sheets: Mapping[int, MarkSheet]) -> Callable[[Changed], bool]:
    def covers(change: Changed) -> bool:
        sheet = sheets[change.sheet]
        taught = sheet.class_subject
        return (
            act.grade in {None, sheet.class_group.grade}
            and act.class_group_id in {None, sheet.class_group_id}
            and act.subject_id in {None, taught.subject_id if taught else 0}
            and act.book in {"", "subject" if taught else "class"}
            and act.term in {None, sheet.term}
            and act.component in {"", change.component}
            and act.number in {None, change.number}
            and act.student_id in {None, change.student}
        )

    return covers


def _entered_in(
    window: PlannedWindow, due: Any, sheets: Mapping[int, MarkSheet]
) -> Callable[[Changed], bool]:
    def covers(change: Changed) -> bool:
        sheet = sheets[change.sheet]
        if (sheet.term, change.component) != (window.term, window.component):
            return False
        return bool(due.window(sheet.class_group.grade, sheet.term, change.component) == window)

    return covers
