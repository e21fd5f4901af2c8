"""Going through the chains of the sheets of a school, row by row, and saying what is not as it was written.

Each row of the history of marks is asked: does its link follow, is its number the next, is its version the next of its
cell, was the cell open. Rows come as a stream, sheet by sheet: memory holds one sheet, and the acts of one school.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.db.models import F, OuterRef, Subquery
from psycopg import sql

from gradebook.models import Dispensation, Mark, MarkSheet, SignOff
from gradebook.rules.closing import Closed
from gradebook.rules.links import Row, link
from gradebook.rules.past import Past
from gradebook.selectors.books import Place
from gradebook.selectors.past import pasts
from schoolbook.models import School
from schoolbook.rules.chain import Head
from schoolbook.selectors.verifying import stream

SHEET = "sheet"
BLANK = "blank"
# The clock of a server may be put right by as much; a row that is dated earlier than the one before it was not.
CLOCK_STEP = timedelta(seconds=5)
COLUMNS = tuple(Row.__dataclass_fields__)
HISTORY: Any = Mark.history.model
FUNCTIONS = (import_module("gradebook.migrations.0003_link_marks").MARK_SAID,)


def heads(school: School) -> list[Head]:
    """The newest link of each sheet of a school that has one."""
    newest = HISTORY.objects.filter(sheet=OuterRef("pk")).order_by("-link_number")
    rows = (
        MarkSheet.objects.filter(school=school)
        .annotate(
            number=Subquery(newest.values("link_number")[:1]),
            link=Subquery(newest.values("link")[:1]),
        )
        .exclude(number=None)
    )
    return [
        Head(f"{SHEET}:{pk}", number, link)
        for pk, number, link in rows.values_list("pk", "number", "link")
    ]


def head_of(sheet: MarkSheet | None) -> Head | None:
    """The newest link of one sheet; none before its first; in one query."""
    rows = HISTORY.objects.filter(sheet=sheet).order_by("-link_number")
    found = rows.values_list("link_number", "link").first() if sheet else None
    return Head(f"{SHEET}:{sheet.pk}", *found) if sheet and found else None


def head_at(place: Place) -> Head | None:
    """The newest link of the sheet at a place, for other apps; in two queries."""
    of = {"class_subject": place.class_subject_id}
    if place.class_subject_id is None:
        of = {"class_subject": None, "class_group": place.class_group_id}
    return head_of(MarkSheet.objects.filter(term=place.term, **of).first())


def absent(school: School, gathered: Sequence[tuple[int, Head]]) -> Iterator[str]:
    """Which gathered heads of sheets are no longer where they were in their chains."""
    asked = [(_sheet_id(head), head.number, head.link) for _gathering, head in gathered]
    found = stream(
        sql.SQL(
            "SELECT h.place FROM unnest(%s::bigint[], %s::bigint[], %s::text[])"
            " WITH ORDINALITY AS h (sheet, number, link, place)"
            " LEFT JOIN {history} m ON m.sheet_id = h.sheet AND m.link_number = h.number"
            " AND m.school_id = %s WHERE m.link IS DISTINCT FROM h.link ORDER BY 1"
        ).format(history=sql.Identifier(HISTORY._meta.db_table)),
        [*(list(column) for column in zip(*asked, strict=True)), school.pk],
    )
    wrong = [gathered[place - 1] for (place,) in found]
    words = sheet_words([_sheet_id(head) for _gathering, head in wrong])
    for gathering, head in wrong:
        place = words.get(_sheet_id(head), head.chain)
        yield (
            f"{place}: gathering {gathering} keeps another link {head.number} of it:"
            " the chain of the sheet was cut or rewritten"
        )


def _sheet_id(head: Head) -> int:
    pk = head.chain.partition(":")[2]
    return int(pk) if pk.isascii() and pk.isdigit() else 0


# Where rows are found ------------------------------------------------------------------------------


def _place(group: str, subject: str | None, term: int) -> str:
    return f"{group}, {subject or 'book of the class'}, term {term}"


def sheet_words(ids: Sequence[int]) -> dict[int, str]:
    """The class, subject and term of sheets, by id."""
    rows = MarkSheet.objects.filter(pk__in=ids).values_list(
        "pk", "class_group__name", "class_subject__subject__name", "term"
    )
    return {pk: _place(group, subject, term) for pk, group, subject, term in rows}


def mark_words(ids: Sequence[int]) -> dict[int, str]:
    """The sheet, pupil and column of marks, by id; of one that is gone as its history tells."""
    found: dict[int, str] = {}
    for model in (HISTORY, Mark):
        rows = model.objects.filter(id__in=ids).values_list(
            "id",
            "student__full_name",
            "component",
            "number",
            "sheet__class_group__name",
            "sheet__class_subject__subject__name",
            "sheet__term",
        )
        for pk, pupil, component, number, *place in rows:
            found[pk] = f"{_place(*place)}, {pupil}, {component} {number}, mark {pk}"
    return found


# The chains ----------------------------------------------------------------------------------------


def findings(school: School) -> Iterator[str]:
    """What is wrong with the sheets of a school: a sentence each, with the sheet and the row."""
    known = {
        row.pk: row
        for row in MarkSheet.objects.filter(school=school).select_related(
            "class_group", "class_subject__subject"
        )
    }
    closed = pasts(school)
    sheet: _Sheet | None = None
    for values in _rows(school):
        row = Row(*values)
        if sheet is None or sheet.pk != row.sheet_id:
            sheet = _Sheet.of(row.sheet_id, known, closed)
        yield from sheet.take(row)
    yield from _signed(school)


def _rows(school: School) -> Iterator[tuple[Any, ...]]:
    yield from stream(
        sql.SQL(
            "SELECT {columns} FROM {history} WHERE school_id = %s ORDER BY sheet_id, link_number"
        ).format(
            columns=sql.SQL(", ").join(map(sql.Identifier, COLUMNS)),
            history=sql.Identifier(HISTORY._meta.db_table),
        ),
        [school.pk],
    )


@dataclass(slots=True)
class _Sheet:
    """One sheet while its rows go by: the last link, and the version and state of each cell."""

    pk: int
    words: str
    past: Past
    number: int = 0
    link: str = ""
    latest: datetime | None = None
    cells: dict[int, tuple[int, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, pk: int, known: Mapping[int, MarkSheet], closed: Any) -> _Sheet:
        row = known.get(pk)
        if row is None:
            return cls(pk, f"sheet {pk}, which is gone", Past())
        subject = row.class_subject.subject.name if row.class_subject else None
        return cls(pk, _place(row.class_group.name, subject, row.term), closed(row))

    def take(self, row: Row) -> Iterator[str]:
        """What is wrong with the next row."""
        where = (
            f"{self.words}: link {row.link_number} (history row {row.history_id}, mark {row.id})"
        )
        if row.link_number != self.number + 1:
            yield f"{self.words}: links {self.number + 1} to {row.link_number - 1} removed"
        elif row.link != link(row, self.link):
            yield f"{where}: the link does not follow from the one before it and from the row"
        if self.latest and row.history_date < self.latest - CLOCK_STEP:
            yield f"{where}: dated {row.history_date}, before the row before it"
        version, state = self.cells.get(row.id, (0, BLANK))
        if row.version != version + 1:
            yield f"{where}: version {row.version} follows version {version} of the mark"
        if not self.past.is_nothing:
            cell = (row.student_id, row.component, row.number)
            closed = self.past.closed(cell, had_value=state != BLANK, written_at=row.history_date)
            if closed and not _dispensed(row, version):
                yield f"{where}: written while it was closed: {_why(closed)}"
        self.number, self.link = row.link_number, row.link
        self.latest = max(self.latest or row.history_date, row.history_date)
        self.cells[row.id] = (row.version, row.state)


def _why(closed: Closed) -> str:
    if closed.act:
        return f"{closed.by}, lock {closed.act.id} of {closed.act.done_at}"
    if closed.signed:
        return f"{closed.by}, confirmation {closed.signed.id} of {closed.signed.at}"
    return str(closed.by)


def _dispensed(row: Row, before: int) -> bool:
    """Whether an approved correction allows exactly this change of exactly this cell."""
    return Dispensation.objects.filter(
        sheet=row.sheet_id,
        student=row.student_id,
        component=row.component,
        number=row.number,
        old_version=before,
        state=row.state,
        score=row.score,
        level=row.level,
        text=row.text,
        note=row.note,
    ).exists()


def _signed(school: School) -> Iterator[str]:
    """Confirmations that stand although their sheets went on."""
    newest = HISTORY.objects.filter(sheet=OuterRef("sheet")).order_by("-link_number")
    rows = (
        SignOff.objects.filter(school=school, ended_at=None)
        .annotate(now=Subquery(newest.values("link_number")[:1]))
        .filter(now__gt=F("link_number"))
        .order_by("pk")
    )
    words = sheet_words([row.sheet_id for row in rows])
    for row in rows:
        yield (
            f"{words[row.sheet_id]}: confirmation {row.pk} stands, and yet the sheet was written after it:"
            f" it covers link {row.link_number}"
        )
