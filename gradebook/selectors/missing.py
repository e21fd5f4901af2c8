"""How many marks are still missing on sheets: what teachers have to do, and homeroom teachers and leaders ask about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from gradebook.models import Mark
from gradebook.rules.columns import Column
from gradebook.selectors.books import Book
from schoolbook import clock
from schoolbook.models import ClassGroup, ClassSubject, Enrolment, SchoolYear
from schoolbook.rules.regulation import Regulation

Which = tuple[int | None, int]  # subject of the class, None for the class itself; class


@dataclass(frozen=True, slots=True)
class Line:
    """A sheet in a list: `missing` required cells of `expected` are blank, as the sheet itself counts them."""

    book: Book
    missing: int
    expected: int


def term_on(year: SchoolYear) -> int:
    """The term of today, or the nearest one of the year."""
    return 2 if clock.today() >= year.term2_begins_on else 1


def book_of(group: ClassGroup, taught: ClassSubject | None, term: int) -> Book:
    """A sheet to be listed."""
    return Book(group, taught, term, Regulation(), may_enter=False)


def lines(books: Sequence[Book]) -> list[Line]:
    """How much is missing on each of these sheets, all of one year and term; in two queries."""
    return [
        Line(book, sum(blank for _column, blank in columns), here * len(columns))
        for book, here, columns in _counted(books)
    ]


def by_component(books: Sequence[Book]) -> list[tuple[Book, dict[str, int]]]:
    """How many required cells of each component are blank on each of these sheets; as `lines`."""
    found = []
    for book, _here, columns in _counted(books):
        blanks: Counter[str] = Counter()
        for column, blank in columns:
            blanks[column.component.value] += blank
        found.append((book, dict(blanks)))
    return found


def _counted(books: Sequence[Book]) -> Iterator[tuple[Book, int, list[tuple[Column, int]]]]:
    """Of each sheet that is taught: how many pupils there are, and by required column how many of them are blank."""
    if not books:
        return
    present = _present(books)
    filled = _filled(books)
    for book in books:
        if book.is_taught:
            here, held = present[book.class_group.pk], filled[_which(book)]
            required = [column for column in book.columns if column.required]
            yield book, here, [(column, max(0, here - held[column.key])) for column in required]


def _which(book: Book) -> Which:
    return (book.class_subject.pk if book.class_subject else None, book.class_group.pk)


def staying(book: Book) -> Any:
    """Places in classes, of those who are on the sheets of the term and have not left."""
    first, last = book.days
    return Enrolment.objects.between(first, last).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    )


def _present(books: Sequence[Book]) -> dict[int, int]:
    groups = {book.class_group.pk for book in books}
    rows = staying(books[0]).filter(class_group__in=groups).order_by().values_list("class_group")
    counted = rows.annotate(pupils=Count("student", distinct=True))
    return defaultdict(int, counted)


def _filled(books: Sequence[Book]) -> dict[Which, dict[tuple[str, int], int]]:
    taught = [book.class_subject.pk for book in books if book.class_subject]
    led = [book.class_group.pk for book in books if not book.class_subject]
    here = staying(books[0]).filter(
        class_group=OuterRef("sheet__class_group"), student=OuterRef("student")
    )
    rows = (
        Mark.objects.filter(
            Q(sheet__class_subject__in=taught)
            | Q(sheet__class_subject__isnull=True, sheet__class_group__in=led),
            sheet__term=books[0].term,
        )
        .exclude(state="blank")
        .filter(Exists(here))
        .order_by()
        .values_list("sheet__class_subject", "sheet__class_group", "component", "number")
    )
    found: dict[Which, dict[tuple[str, int], int]] = defaultdict(lambda: defaultdict(int))
    for subject, group, component, number, count in rows.annotate(count=Count("id")):
        found[subject, group][component, number] = count
    return found
