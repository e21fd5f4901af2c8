"""Everything of a class at once: its subjects, pupils, results and cells, in as many queries for one pupil as for all.

What a screen or a paper shows of several subjects is taken from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from gradebook.models import Mark, MarkSheet, SubjectResult
from gradebook.rules import Standing
from gradebook.rules import results as rules
from gradebook.rules.columns import TERMS, Component
from gradebook.rules.shapes import Status
from gradebook.rules.typed import spelt
from gradebook.selectors.books import Book, Held, Key, Pupil, cells_of, pupil_of, standings
from gradebook.selectors.results import setting_of
from schoolbook import clock
from schoolbook.models import ClassGroup, ClassSubject, Enrolment, Exemption, TeachingAssignment
from schoolbook.rules.regulation import Regulation

TERM1, TERM2, YEAR = rules.TERM1, rules.TERM2, rules.YEAR
PERIODS = (TERM1, TERM2, YEAR)
TERM_OF = {TERM1: 1, TERM2: 2}

# What levels of a class rest on beside the results of its subjects.
FOR_LEVELS = frozenset(
    {
        Component.CONDUCT,
        Component.CONDUCT_YEAR,
        Component.CONDUCT_SUMMER,
        Component.RETEST,
        Component.LEVEL,
        Component.TEST,
        Component.TEST_AGAIN,
        Component.QUALITY_MIDDLE,
        Component.QUALITY_END,
        Component.COMPETENCE_MIDDLE,
        Component.COMPETENCE_END,
    }
)


@dataclass(frozen=True)
class Seen:
    """A class as somebody may look at its marks: the `whole` of it, or only its subjects of these ids.

    `leads` says whether this person enters the conduct and the remarks of the class.
    """

    class_group: ClassGroup
    whole: bool
    leads: bool = False
    only: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Figure:
    """The result of a pupil in a subject as a page shows it: an average or a level, and what stands in its way."""

    status: Status
    average: Decimal | None = None
    level: str = ""
    is_taken_over: bool = False

    @property
    def shown(self) -> str:
        """As the books write it; nothing while there is none, M for exempt."""
        if self.status is Status.EXEMPT:
            return "M"
        return spelt(self.average) if self.average is not None else self.level


Cells = Mapping[Key, Held]


@dataclass(frozen=True)
class Ledger:
    """A class with all that was read of it.

    `cells` and `sheets` are by subject of the class, None for the class itself, and term; `on_sheet` says who is on the
    sheets of a term.
    """

    seen: Seen
    subjects: tuple[Book, ...]
    pupils: tuple[Pupil, ...]
    results: Mapping[tuple[int, int, str], Figure]
    cells: Mapping[tuple[int | None, int], Cells]
    exemptions: Mapping[tuple[int, int], Mapping[int, Standing]]
    sheets: Mapping[tuple[int | None, int], MarkSheet]
    on_sheet: Mapping[int, frozenset[int]]
    _nothing: dict[Any, Figure] = field(default_factory=dict, compare=False)

    @property
    def group(self) -> ClassGroup:
        """The class."""
        return self.seen.class_group

    @property
    def about(self) -> Book:
        """The homeroom teacher's book of the class, for its circular."""
        return Book(self.group, None, 1, Regulation(), may_enter=self.seen.leads)

    def pupil(self, student_id: int) -> Pupil | None:
        """The pupil of this id, if on the list."""
        return next((pupil for pupil in self.pupils if pupil.id == student_id), None)

    def standings(self, book: Book, student_id: int) -> Mapping[int, Standing]:
        """How a pupil stands in a subject in each term."""
        assert book.class_subject
        return self.exemptions.get((student_id, book.class_subject.subject_id), COUNTED)

    def figure(self, book: Book, student_id: int, period: str) -> Figure:
        """The result as stored, or that of somebody without any cell; for subjects with marks and levels by term."""
        assert book.class_subject
        key = (book.class_subject.pk, student_id, period)
        if key in self.results:
            return self.results[key]
        held = self.standings(book, student_id)
        known = (book.class_subject.pk, period, held[1], held[2])
        if known not in self._nothing:
            self._nothing[known] = _of_nothing(book, held, period)
        return self._nothing[known]

    def entry(self, book: Book | None, term: int, student_id: int, column: tuple[str, int]) -> Held:
        """What a cell holds; of the homeroom teacher's sheet without a book."""
        which = book.class_subject.pk if book and book.class_subject else None
        return self.cells.get((which, term), {}).get((student_id, *column), Held())


COUNTED = standings(None)


def worked_out(found: Ledger, book: Book, student_id: int) -> rules.Results:
    """The results of one pupil from the cells, with their working; the ledger holds all cells of the subject."""
    setting = setting_of(book)
    assert setting
    assert book.class_subject
    own = {
        term: {
            (component, number): held.entry
            for (student, component, number), held in found.cells.get(
                (book.class_subject.pk, term), {}
            ).items()
            if student == student_id
        }
        for term in TERMS
    }
    return rules.results(setting, own, found.standings(book, student_id))


def _of_nothing(book: Book, held: Mapping[int, Standing], period: str) -> Figure:
    setting = setting_of(book)
    found = rules.results(setting, {}, held).by_period.get(period) if setting else None
    return Figure(found.status) if found else Figure(Status.INCOMPLETE)


def ledger(
    seen: Seen,
    *,
    students: Collection[int] | None = None,
    components: Collection[Component] | None = FOR_LEVELS,
    subjects: Collection[int] | None = None,
) -> Ledger:
    """The class as this person sees it, in six queries.

    `students` and `subjects` restrict it to these ids, `components` says which cells are read: None for all of them.
    """
    group = seen.class_group
    sheets = {
        (sheet.class_subject_id, sheet.term): sheet
        for sheet in MarkSheet.objects.filter(class_group=group).order_by("id")
    }
    taught = _subjects(seen, sheets, subjects)
    ids = [book.class_subject.pk for book in taught if book.class_subject]
    read = {
        sheet.pk: key
        for key, sheet in sheets.items()
        if key[0] in ids or (key[0] is None and seen.whole)
    }
    pupils, on_sheet = _pupils(group, students)
    return Ledger(
        seen=seen,
        subjects=taught,
        pupils=tuple(pupils),
        results=_results(ids, students),
        cells=_cells(read, students, components),
        exemptions=_exemptions(group, students),
        sheets=sheets,
        on_sheet=on_sheet,
    )


def _subjects(
    seen: Seen, sheets: Mapping[tuple[int | None, int], MarkSheet], only: Collection[int] | None
) -> tuple[Book, ...]:
    group = seen.class_group
    rows: Any = ClassSubject.objects.filter(class_group=group).select_related("subject")
    if not seen.whole:
        rows = rows.filter(pk__in=seen.only)
    if only is not None:
        rows = rows.filter(pk__in=only)
    assigned = TeachingAssignment.objects.filter(class_subject=OuterRef("pk")).on(clock.today())
    rows = rows.annotate(teachers=ArraySubquery(assigned.order_by("id").values("user__full_name")))
    return tuple(
        Book(
            class_group=group,
            class_subject=row,
            term=1,
            regulation=Regulation(),
            may_enter=False,
            teachers=tuple(row.teachers),
            sheets={term: sheets[row.pk, term] for term in TERMS if (row.pk, term) in sheets},
        )
        for row in rows.order_by("subject__place", "subject_id")
    )


def _pupils(
    group: ClassGroup, only: Collection[int] | None
) -> tuple[list[Pupil], dict[int, frozenset[int]]]:
    """Everybody who was in the class at some time of the year, and who is on the sheets of each term."""
    year = group.year
    places: Any = (
        Enrolment.objects.filter(class_group=group)
        .between(year.term1_begins_on, year.term2_ends_on)
        .select_related("student")
        .order_by("student__sort_key", "student_id", "begins_on")
    )
    if only is not None:
        places = places.filter(student__in=only)
    found: dict[int, Pupil] = {}
    there: dict[int, set[int]] = {1: set(), 2: set()}
    for place in places:
        found[place.student_id] = pupil_of(place.student, place.begins_on, place.ends_on, {})
        for term in TERMS:
            first, last = year.days_of(term)
            if place.begins_on <= last and (place.ends_on is None or place.ends_on >= first):
                there[term].add(place.student_id)
    return list(found.values()), {term: frozenset(ids) for term, ids in there.items()}


def _results(
    ids: Collection[int], only: Collection[int] | None
) -> dict[tuple[int, int, str], Figure]:
    rows = SubjectResult.objects.filter(class_subject__in=ids)
    if only is not None:
        rows = rows.filter(student__in=only)
    names = ("class_subject_id", "student_id", "period", "status", "average", "level", "origin")
    return {
        (taught, student, period): Figure(Status(status), average, level, origin == "taken_over")
        for taught, student, period, status, average, level, origin in rows.values_list(*names)
    }


def _cells(
    sheets: Mapping[int, tuple[int | None, int]],
    only: Collection[int] | None,
    components: Collection[Component] | None,
) -> dict[tuple[int | None, int], dict[Key, Held]]:
    rows = Mark.objects.filter(sheet__in=sheets)
    if only is not None:
        rows = rows.filter(student__in=only)
    if components is not None:
        rows = rows.filter(component__in=[one.value for one in components])
    found: dict[tuple[int | None, int], dict[Key, Held]] = defaultdict(dict)
    for sheet, key, held in cells_of(rows):
        found[sheets[sheet]][key] = held
    return found


def _exemptions(
    group: ClassGroup, only: Collection[int] | None
) -> dict[tuple[int, int], Mapping[int, Standing]]:
    inside = Enrolment.objects.filter(class_group=group).values("student")
    whose = Q(student__in=inside) if only is None else Q(student__in=only)
    rows = Exemption.objects.filter(whose, year=group.year_id, withdrawn_on__isnull=True)
    names = ("student_id", "subject_id", "kind", "in_term1", "in_term2")
    return {
        (student, subject): standings({"kind": kind, "one": one, "two": two})
        for student, subject, kind, one, two in rows.values_list(*names)
    }
