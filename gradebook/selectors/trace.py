"""Who wrote what in which cell: the history of a cell, of a sheet, of a pupil, and the search in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gradebook.models import ActKind, Mark
from gradebook.models.names import COMPONENT_NAMES
from gradebook.rules.columns import Component
from gradebook.selectors.books import entry_of
from schoolbook.models import ClassGroup, ClassSubject, School, Subject, User
from schoolbook.selectors.history import Change, FieldChange
from schoolbook.selectors.students import named

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TYPED, CORRECTED = "typed", "corrected"
KINDS: dict[str, StrOrPromise] = {
    TYPED: _("typed"),
    CORRECTED: _("corrected on request"),
    **{kind.value: kind.label for kind in ActKind},
}
# The columns as the book heads them, where its heading says more than the name.
HEADS = {
    Component.REGULAR: "ĐĐGtx",
    Component.PERIODIC: "KT định kì",
    Component.MIDTERM: "ĐĐGgk",
    Component.FINAL: "ĐĐGck",
    Component.RETEST: "Đánh giá lại",
}
ONLY_ONE = frozenset(
    {
        Component.MIDTERM,
        Component.FINAL,
        Component.RETEST,
        Component.CONDUCT,
        Component.CONDUCT_YEAR,
        Component.CONDUCT_SUMMER,
        Component.TRAINING,
        Component.TERM_RESULT,
        Component.YEAR_RESULT,
    }
)
PAGE, MOST_EXPORTED = 50, 10_000
JOINED = ("student", "sheet__class_group", "sheet__class_subject__subject", "act", "dispensation")


@dataclass(frozen=True)
class Asked:
    """What a search in the history asks for; None or nothing for everything."""

    student: str = ""
    actor: User | None = None
    subject: Subject | None = None
    class_group: ClassGroup | None = None
    component: str = ""
    kind: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of one cell; `old` is what stood there before, nothing for the first one.

    `correction` is the number of the request by which the cell was corrected.
    """

    id: int
    at: datetime
    actor: str
    student: str
    student_code: str
    class_name: str
    subject: str
    term: int
    column: str
    old: str
    new: str
    reason: str
    kind: StrOrPromise
    source: str
    is_first: bool
    correction: int | None = None

    @property
    def how(self) -> str:
        """How it was entered, in a few words: "typed", "corrected on request no. 12"."""
        if self.correction is None:
            return str(self.kind)
        return gettext("corrected on request no. %(number)s") % {"number": self.correction}


@dataclass(frozen=True)
class Edits:
    """A page of edits, newest first; `older` is the place before which more are, if there are any."""

    rows: Sequence[Edit]
    older: int | None


def column_name(component: str, number: int) -> str:
    """What a column is called outside of its sheet: "ĐĐGtx 2"."""
    one = Component(component)
    name = HEADS.get(one) or str(capfirst(COMPONENT_NAMES[one]))
    single = one in ONLY_ONE or (one is Component.COMMENT and number == 1)
    return name if single else f"{name} {number}"


def all_of(school: School) -> QuerySet[Any]:
    """The history of all marks of a school."""
    return Mark.history.filter(school=school)


def within(
    school: School, subjects: QuerySet[ClassSubject], groups: QuerySet[ClassGroup]
) -> QuerySet[Any]:
    """The history of the marks of these subjects, and of the sheets of these classes."""
    return all_of(school).filter(
        Q(sheet__class_subject__in=subjects.values("pk"))
        | Q(sheet__class_subject__isnull=True, sheet__class_group__in=groups.values("pk"))
    )


def find(rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    """Those that a search asks for."""
    if asked.student:
        rows = rows.filter(named(asked.student, "student__") | Q(student__code=asked.student))
    if asked.actor:
        rows = rows.filter(history_user=asked.actor)
    if asked.subject:
        rows = rows.filter(sheet__class_subject__subject=asked.subject)
    if asked.class_group:
        rows = rows.filter(sheet__class_group=asked.class_group)
    if asked.component:
        rows = rows.filter(component=asked.component)
    if asked.kind in {TYPED, CORRECTED}:
        rows = rows.filter(act__isnull=True, dispensation__isnull=asked.kind == TYPED)
    elif asked.kind:
        rows = rows.filter(act__kind=asked.kind)
    if asked.first:
        rows = rows.filter(history_date__gte=_begin(asked.first))
    if asked.last:
        rows = rows.filter(history_date__lt=_begin(asked.last + timedelta(days=1)))
    return rows


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def page(rows: QuerySet[Any], *, before: int | None = None, size: int = PAGE) -> Edits:
    """The newest edits, or those before a place, in two queries.

    What stood in a cell before is found for the rows of the page only, over the index of the history by cell: a window
    over the whole history of a school would read all of it.
    """
    if before is not None:
        rows = rows.filter(history_id__lt=before)
    same = Mark.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    earlier = Subquery(same.order_by("-history_id").values("history_id")[:1])
    found = list(
        rows.select_related(*JOINED).annotate(earlier=earlier).order_by("-history_id")[: size + 1]
    )
    shown = found[:size]
    known = {row.history_id: row for row in found}
    lacking = {row.earlier for row in shown} - {None} - set(known)
    known |= {row.history_id: row for row in Mark.history.filter(history_id__in=lacking)}
    older = shown[-1].history_id if len(found) > size else None
    return Edits([_edit(row, known.get(row.earlier)) for row in shown], older)


def _edit(row: Any, before: Any | None) -> Edit:
    taught = row.sheet.class_subject
    return Edit(
        id=row.history_id,
        at=row.history_date,
        actor=row.actor_name,
        student=row.student.full_name,
        student_code=row.student.code,
        class_name=row.sheet.class_group.name,
        subject=taught.subject.name if taught else "",
        term=row.sheet.term,
        column=column_name(row.component, row.number),
        old=entry_of(before).shown if before else "",
        new=entry_of(row).shown,
        reason=row.history_change_reason or "",
        kind=KINDS[row.act.kind if row.act else CORRECTED if row.dispensation else TYPED],
        source=row.source,
        is_first=before is None,
        correction=row.dispensation.correction if row.dispensation else None,
    )


def as_changes(edits: Sequence[Edit], request_href: Callable[[int], str]) -> list[Change]:
    """The same for the panel of a history that is of one cell; `request_href` is where a request is found."""
    return [
        Change(
            at=one.at,
            actor_name=one.actor,
            reason=one.reason,
            changes=[FieldChange(label=one.column, old=one.old, new=one.new)],
            first=one.is_first,
            about=str(capfirst(" · ".join(filter(None, (one.how, one.source))))),
            href=request_href(one.correction) if one.correction is not None else "",
        )
        for one in edits
    ]
