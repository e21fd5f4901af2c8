"""Stored results beside what the marks give: what `recompute` compares."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q

from gradebook.models import Mark, MarkSheet, Origin, SubjectResult
from gradebook.rules.results import Setting
from gradebook.rules.shapes import Status
from gradebook.selectors.books import (
    Book,
    Pupil,
    exemption_of,
    marks_of,
    pupil_of,
    sheets_where,
    standings,
)
from gradebook.selectors.results import (
    FIELDS,
    as_stored,
    differs,
    is_nothing,
    setting_of,
    stored,
    worked_out,
)
from schoolbook.models import ClassGroup, ClassSubject, Enrolment, Exemption, School, Student
from schoolbook.rules.regulation import Regulation


@dataclass(frozen=True, slots=True)
class Difference:
    """One result that is not stored as the marks give it; a text is empty where there is no row."""

    school: str
    class_name: str
    subject: str
    student_code: str
    student_id: int
    period: str
    stored: str
    computed: str


@dataclass(frozen=True)
class Compared:
    """How many results of a subject were compared, and which differ."""

    count: int
    differences: tuple[Difference, ...]


def books(school: School | None) -> Iterator[Book]:
    """Every book with results of a school, or of all, class by class; in one query a class and two for its subjects."""
    groups = ClassGroup.objects.select_related("year", "school")
    if school is not None:
        groups = groups.filter(school=school)
    for group in groups.order_by("school_id", "year_id", "grade", "name", "id").iterator(100):
        yield from books_of(
            ClassSubject.objects.filter(class_group=group).order_by("subject__place", "id"), group
        )


def books_of(found: Any, group: ClassGroup | None = None) -> Iterator[Book]:
    """The books of these subjects of classes, with their sheets; in two queries."""
    rows = list(found.select_related("subject", "class_group__year", "class_group__school"))
    sheets: dict[int, dict[int, MarkSheet]] = {row.pk: {} for row in rows}
    for sheet in sheets_where(Q(class_subject__in=list(sheets))):
        sheets[sheet.class_subject_id][sheet.term] = sheet
    for row in rows:
        yield Book(
            class_group=group or row.class_group,
            class_subject=row,
            term=1,
            regulation=Regulation(),
            may_enter=False,
            sheets=sheets[row.pk],
        )


def subjects_of(exemption: Exemption) -> list[int]:
    """The ids of the subjects of classes whose results an exemption touches: where the pupil is, or has a cell."""
    taught = ClassSubject.objects.filter(
        subject=exemption.subject_id, class_group__year=exemption.year_id
    )
    placed = Enrolment.objects.filter(student=exemption.student_id).values("class_group")
    marked = Mark.objects.filter(student=exemption.student_id).values("sheet__class_subject")
    touched = taught.filter(Q(class_group__in=placed) | Q(pk__in=marked))
    return list(touched.order_by("pk").values_list("pk", flat=True))


def everybody(book: Book, only: Collection[int] | None = None) -> list[Pupil]:
    """Whoever has, had or could have a result in a subject: in the class on some day, or with a cell or a result."""
    taught, group = book.class_subject, book.class_group
    assert taught
    placed = Enrolment.objects.filter(class_group=group).values("student")
    marked = Mark.objects.filter(sheet__class_subject=taught).values("student")
    resulted = SubjectResult.objects.filter(class_subject=taught).values("student")
    rows: Any = Student.objects.filter(
        Q(pk__in=placed) | Q(pk__in=marked) | Q(pk__in=resulted), school=group.school_id
    ).annotate(exemption=exemption_of(taught, group, OuterRef("pk")))
    if only is not None:
        rows = rows.filter(pk__in=only)
    return [
        pupil_of(row, group.year.term1_begins_on, None, standings(row.exemption))
        for row in rows.order_by("pk")
    ]


def compare(book: Book) -> Compared:
    """Hold the stored results of a book against those that its marks give; in three queries."""
    setting = setting_of(book)
    if setting is None:
        return Compared(0, ())
    pupils = everybody(book)
    found = worked_out(setting, pupils, marks_of(book.sheets.values()))
    held = stored(book)
    compared, count = [], 0
    for pupil in pupils:
        wanted = as_stored(found[pupil.id])
        known = {period: row for (student, period), row in held.items() if student == pupil.id}
        for period in sorted(wanted.keys() | known.keys()):
            count += 1
            row, due = known.get(period), wanted.get(period, stale(setting))
            if row is None and is_nothing(setting, pupil, found[pupil.id], period):
                continue
            if row is None or differs(row, due):
                compared.append(_difference(book, pupil, period, row, due))
    return Compared(count, tuple(compared))


def stale(setting: Setting) -> dict[str, Any]:
    """What is stored for a term in which the subject is not taught any more: that there is no result."""
    return {
        "status": Status.INCOMPLETE.value,
        "average": None,
        "level": "",
        "scheme": setting.scheme.id,
        "rules_version": setting.scheme.version,
        "origin": Origin.ENTERED.value,
    }


def _difference(book: Book, pupil: Pupil, period: str, row: Any, due: dict[str, Any]) -> Difference:
    assert book.class_subject
    holds = {} if row is None else {name: getattr(row, name) for name in FIELDS}
    return Difference(
        school=book.school.abbreviation,
        class_name=book.class_group.name,
        subject=book.class_subject.subject.name,
        student_code=pupil.code,
        student_id=pupil.id,
        period=period,
        stored=_words(holds),
        computed=_words(due),
    )


def _words(values: dict[str, Any]) -> str:
    """A result in one line: "complete 7.3 (tt22 2.0, entered)"."""
    if not values:
        return ""
    figure = values["average"] if values["average"] is not None else values["level"]
    said = f"{values['status']} {figure}".strip()
    return f"{said} ({values['scheme']} {values['rules_version']}, {values['origin']})"
