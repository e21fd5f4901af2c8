"""What a sheet is about: its class, subject, circular and columns, its pupils, and what their cells hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from gradebook.models import Mark, MarkSheet, ResultCheck, SignOff
from gradebook.rules import AssessedBy, Standing, scheme_by_id
from gradebook.rules.closing import OPEN, Closing
from gradebook.rules.codes import engine_code
from gradebook.rules.columns import (
    MOST_REGULAR,
    Column,
    class_columns,
    regular_needed,
    subject_columns,
)
from gradebook.rules.scheme import PrimaryScheme, Scheme
from gradebook.rules.typed import BLANK, Entry, State
from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    Enrolment,
    Exemption,
    School,
    SchoolYear,
    Student,
)
from schoolbook.rules.regulation import Regulation


@dataclass(frozen=True)
class Place:
    """Which sheet is meant: of a subject of a class, or the homeroom teacher's of a class; and the term."""

    term: int
    class_subject_id: int | None = None
    class_group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """The newest confirmation of a sheet; `ending` says how it came to an end, if it did."""

    id: int
    by: str
    at: datetime
    cells: int
    digest: str
    ending: str = ""
    ended_by: str = ""
    ended_at: datetime | None = None

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Word:
        """What `newest_word` gave."""
        ended_at = datetime.fromisoformat(said["ended_at"]) if said["ended_at"] else None
        return cls(**{**said, "at": datetime.fromisoformat(said["at"]), "ended_at": ended_at})


@dataclass(frozen=True)
class Book:
    """One sheet as somebody opens it. Without a subject it is the homeroom teacher's of the class.

    `sheets` are the sheets of both terms, by term; none before the first save. `may_enter` says whether this person
    may write in it at all, `may_ask` whether to ask that it be unlocked, `may_file` whether to ask that it be
    corrected, `may_sign` whether to confirm it, `teachers` who is assigned to it today, `closing` what closes its
    cells now.
    """

    class_group: ClassGroup
    class_subject: ClassSubject | None
    term: int
    regulation: Regulation
    may_enter: bool
    may_ask: bool = False
    may_sign: bool = False
    may_file: bool = False
    teachers: tuple[str, ...] = ()
    sheets: Mapping[int, MarkSheet] = field(default_factory=dict)
    closing: Closing = OPEN

    @property
    def place(self) -> Place:
        """Where it is found again."""
        if self.class_subject:
            return Place(self.term, class_subject_id=self.class_subject.pk)
        return Place(self.term, class_group_id=self.class_group.pk)

    @property
    def school(self) -> School:
        """The school of the class."""
        return self.class_group.school

    @property
    def year(self) -> SchoolYear:
        """The year of the class."""
        return self.class_group.year

    @cached_property
    def scheme(self) -> Scheme:
        """The circular by which the class is assessed."""
        return scheme_by_id(self.class_group.scheme)

    @property
    def is_primary(self) -> bool:
        """Whether pupils get levels of completion at four moments."""
        return isinstance(self.scheme, PrimaryScheme)

    @property
    def code(self) -> str:
        """The engine's code of the subject; empty for the sheet of the class."""
        return engine_code(self.class_subject.subject.code) if self.class_subject else ""

    @property
    def assessed_by(self) -> AssessedBy:
        """How the subject is assessed in this class."""
        assert self.class_subject
        return AssessedBy(self.class_subject.assessed_by)

    @property
    def sheet(self) -> MarkSheet | None:
        """The row of this term, once there is one."""
        return self.sheets.get(self.term)

    @property
    def word(self) -> Word | None:
        """The newest confirmation of the sheet, as far as the book was fetched with it."""
        said = getattr(self.sheet, "word", None)
        return Word.from_json(said) if said else None

    @property
    def is_taught(self) -> bool:
        """Whether the class has the subject in this term."""
        taught = self.class_subject
        return taught is None or (taught.in_term1 if self.term == 1 else taught.in_term2)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """What is filled in here, in the order of the paper book."""
        return self.columns_of(self.term)

    def columns_of(self, term: int) -> tuple[Column, ...]:
        """The columns of a term of this book."""
        if self.class_subject is None:
            return class_columns(self.scheme, term=term)
        sheet = self.sheets.get(term)
        return subject_columns(
            self.scheme,
            code=self.code,
            assessed_by=self.assessed_by,
            periods=self.class_subject.periods,
            grade=self.class_group.grade,
            term=term,
            regular=sheet.regular if sheet else None,
        )

    @cached_property
    def by_key(self) -> dict[tuple[str, int], Column]:
        """The columns by component and number."""
        return {column.key: column for column in self.columns}

    @property
    def regular_needed(self) -> int:
        """How many regular assessments the circular asks for; 0 where it knows none."""
        if self.class_subject is None or isinstance(self.scheme, PrimaryScheme):
            return 0
        return regular_needed(self.scheme, self.class_subject.periods, self.assessed_by)  # type: ignore[arg-type]

    @property
    def regular_most(self) -> int:
        """How many regular columns the sheet may have, by the school's regulation."""
        needed = self.regular_needed
        return min(MOST_REGULAR, needed + self.regulation.extra_regular) if needed else 0

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the term."""
        return self.year.days_of(self.term)


@dataclass(frozen=True)
class Pupil:
    """A pupil on a sheet, with the place in the class and what the pupil is exempt from, by term."""

    id: int
    code: str
    name: str
    born_on: date
    joined_on: date
    left_on: date | None
    standings: Mapping[int, Standing]

    def has_left(self, day: date) -> bool:
        """Whether the pupil is gone on a day: the last one in the class is before it."""
        return self.left_on is not None and self.left_on < day

    def is_in(self, day: date) -> bool:
        """Whether the pupil is in the class on a day."""
        return self.joined_on <= day and (self.left_on is None or day <= self.left_on)


def pupils(book: Book, only: Collection[int] | None = None) -> list[Pupil]:
    """Who is on the sheet: everybody in the class at some time of the term, in the order of books; in one query.

    Who came back has the newest place. `only` restricts it to pupils of these ids.
    """
    first, last = book.days
    places: Any = (
        Enrolment.objects.filter(class_group=book.class_group)
        .between(first, last)
        .select_related("student")
        .order_by("student__sort_key", "student_id", "begins_on")
    )
    if only is not None:
        places = places.filter(student__in=only)
    if book.class_subject:
        places = places.annotate(
            exemption=exemption_of(book.class_subject, book.class_group, OuterRef("student"))
        )
    by_id: dict[int, Pupil] = {}
    for place in places:
        student = place.student
        by_id[student.pk] = pupil_of(
            student, place.begins_on, place.ends_on, standings(getattr(place, "exemption", None))
        )
    return list(by_id.values())


def pupil_of(
    student: Student, joined_on: date, left_on: date | None, held: Mapping[int, Standing]
) -> Pupil:
    """A pupil with the place in the class."""
    return Pupil(
        id=student.pk,
        code=student.code,
        name=student.full_name,
        born_on=student.born_on,
        joined_on=joined_on,
        left_on=left_on,
        standings=held,
    )


def exemption_of(taught: ClassSubject, group: ClassGroup, student: OuterRef) -> Subquery:
    """What a pupil of an outer query is exempt from in a subject in this year, as JSON for `standings`."""
    held = Exemption.objects.filter(
        student=student,
        subject=taught.subject_id,
        year=group.year_id,
        withdrawn_on__isnull=True,
    )
    return Subquery(held.values(said=JSONObject(kind="kind", one="in_term1", two="in_term2"))[:1])


def standings(exemption: Mapping[str, Any] | None) -> dict[int, Standing]:
    """How a pupil stands in the subject in each term, from a row of exemption as JSON."""
    if not exemption:
        return {1: Standing.COUNTED, 2: Standing.COUNTED}
    kind = Standing(exemption["kind"])
    return {
        term: kind if exemption[name] else Standing.COUNTED
        for term, name in ((1, "one"), (2, "two"))
    }


Key = tuple[int, str, int]  # pupil, component, number


@dataclass(frozen=True)
class Held:
    """What a cell holds, and the version of it; `source` says from where a figure was taken over."""

    entry: Entry = BLANK
    version: int = 0
    id: int | None = None
    source: str = ""


NOTHING = Held()


def held(mark: Any) -> Held:
    """What a row of marks, or of their history, says."""
    return Held(entry_of(mark), mark.version, mark.id, mark.source)


def entry_of(mark: Any) -> Entry:
    """The content of a row of marks, or of their history."""
    return Entry(State(mark.state), mark.score, mark.level, mark.text, mark.note)


def marks_of(
    sheets: Iterable[MarkSheet], only: Collection[int] | None = None
) -> dict[int, dict[Key, Held]]:
    """What the cells of these sheets hold, by term; in one query."""
    by_id = {sheet.pk: sheet.term for sheet in sheets}
    found: dict[int, dict[Key, Held]] = defaultdict(dict)
    if not by_id:
        return found
    rows = Mark.objects.filter(sheet__in=by_id)
    if only is not None:
        rows = rows.filter(student__in=only)
    for sheet, key, held_there in cells_of(rows):
        found[by_id[sheet]][key] = held_there
    return found


def cells_of(rows: Any) -> Iterator[tuple[int, Key, Held]]:
    """What these rows of marks hold: the id of the sheet, the cell, and its content."""
    # Tuples, not objects: a sheet has hundreds of cells.
    for row in rows.values_list(*CELL):
        sheet, student, component, number, state, score, level, text, note, version, pk, source = (
            row
        )
        entry = Entry(STATES[state], score, level, text, note)
        yield sheet, (student, component, number), Held(entry, version, pk, source)


STATES = {state.value: state for state in State}
CELL = (
    "sheet_id",
    "student_id",
    "component",
    "number",
    "state",
    "score",
    "level",
    "text",
    "note",
    "version",
    "id",
    "source",
)


def sheets_where(book_of: Q) -> Any:
    """The sheets of a subject or of a class, both terms, in the order in which they are locked."""
    return MarkSheet.objects.filter(book_of).order_by("id")


def newest_check() -> Subquery:
    """The newest word that the figures of a sheet were looked through, as JSON: digest, who, when."""
    given = ResultCheck.objects.filter(sheet=OuterRef("pk")).order_by("-id")
    said = JSONObject(digest="digest", by="user__full_name", at="checked_at")
    return Subquery(given.values(said=said)[:1])


def newest_word() -> Subquery:
    """The newest confirmation of a sheet as JSON, be it broken or taken back: by whom, when, what became of it."""
    given = SignOff.objects.filter(sheet=OuterRef("pk")).order_by("-id")
    said = JSONObject(
        id="pk",
        by="signed_by__full_name",
        at="signed_at",
        cells="cells",
        digest="digest",
        ending="ending",
        ended_by="ended_by__full_name",
        ended_at="ended_at",
    )
    return Subquery(given.values(said=said)[:1])
