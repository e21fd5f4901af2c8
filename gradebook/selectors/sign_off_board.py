"""Which sheets of which classes are confirmed: for leaders, heads and homeroom teachers (R-146)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from gradebook.models import SignOff
from gradebook.selectors import sign_offs
from gradebook.selectors.books import Book
from gradebook.selectors.missing import book_of
from schoolbook.models import ClassGroup, ClassSubject, Subject


@dataclass(frozen=True, slots=True)
class Square:
    """One sheet on the board; `state` is none, signed or broken, and empty where the class does not have it."""

    book: Book | None
    state: str
    word: SignOff | None = None


@dataclass(frozen=True)
class BoardRow:
    """One class: its subjects in the order of the columns, and the word for the class, if it is shown."""

    group: ClassGroup
    squares: tuple[Square, ...]
    of_class: Square | None
    missing: int


@dataclass(frozen=True)
class Board:
    """Classes × subjects of a term; `done` of `total` sheets are confirmed."""

    subjects: tuple[Subject, ...]
    rows: tuple[BoardRow, ...]
    done: int
    total: int


def board(
    taught: QuerySet[ClassSubject], whole: Iterable[int], term: int, order: Sequence[ClassGroup]
) -> Board:
    """The board of these subjects of these classes; in two queries.

    `whole` are the ids of the classes whose own confirmation is shown, too.
    """
    groups = {group.pk: group for group in order}
    listed = list(
        taught.filter(class_group__in=groups)
        .select_related("subject")
        .order_by("subject__place", "subject_id")
    )
    words = {
        (row.sheet.class_group_id, row.sheet.class_subject_id): row
        for row in sign_offs.of_sheets(Q(sheet__class_group__in=groups, sheet__term=term))
    }
    subjects = tuple(dict.fromkeys(row.subject for row in listed))
    by_place = {(row.class_group_id, row.subject_id): row for row in listed}
    seen = set(whole)
    rows = tuple(
        _row(group, subjects, by_place, words, term, shows_class=group.pk in seen)
        for group in order
    )
    squares = [one for row in rows for one in row.squares if one.state]
    done = sum(one.state == "signed" for one in squares)
    return Board(subjects, rows, done, len(squares))


def _row(
    group: ClassGroup,
    subjects: Sequence[Subject],
    by_place: dict[tuple[int, int], ClassSubject],
    words: dict[tuple[int, int | None], SignOff],
    term: int,
    *,
    shows_class: bool,
) -> BoardRow:
    squares = []
    for subject in subjects:
        taught = by_place.get((group.pk, subject.pk))
        book = book_of(group, taught, term) if taught else None
        if taught is None or book is None or not book.is_taught:
            squares.append(Square(None, ""))
            continue
        word = words.get((group.pk, taught.pk))
        squares.append(Square(book, state_of(word), word))
    own = words.get((group.pk, None))
    of_class = Square(book_of(group, None, term), state_of(own), own) if shows_class else None
    return BoardRow(
        group, tuple(squares), of_class, sum(one.state in {"none", "broken"} for one in squares)
    )


def state_of(word: SignOff | None) -> str:
    """none, signed or broken."""
    if word is None:
        return "none"
    return "broken" if word.ended_at else "signed"


@dataclass(frozen=True)
class Due:
    """A sheet that its teacher has to confirm, or a class; `word` is one that was broken."""

    book: Book
    word: SignOff | None = None


def sheets_of(taught: Iterable[ClassSubject], terms: Iterable[int]) -> list[Due]:
    """The sheets of these subjects and terms that are not confirmed; in one query."""
    rows = list(taught)
    found = sign_offs.of_sheets(Q(sheet__class_subject__in=[row.pk for row in rows]))
    words = {(row.sheet.class_subject_id, row.sheet.term): row for row in found}
    due = []
    for term in terms:
        for row in rows:
            word = words.get((row.pk, term))
            book = book_of(row.class_group, row, term)
            if book.is_taught and state_of(word) != "signed":
                due.append(Due(book, word))
    return due


def of_classes(
    groups: Sequence[ClassGroup], terms: Iterable[int]
) -> dict[tuple[int, int], BoardRow]:
    """The rows of these classes as on the board, by class and term; in two queries a term."""
    taught = ClassSubject.objects.filter(class_group__in=groups)
    whole = [group.pk for group in groups]
    return {
        (row.group.pk, term): row
        for term in terms
        for row in board(taught, whole, term, groups).rows
    }
