"""The sheets of a class as documents: of one subject and term, or all of a term at once (R-154, R-155, R-188)."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404

from gradebook import access, words
from gradebook.pdf.page import html_of
from gradebook.rules.columns import TERMS
from gradebook.selectors.books import Place
from schoolbook import access as core
from schoolbook import clock
from schoolbook.models import ClassGroup, User
from schoolbook.registry import Composed, Document
from schoolbook.rules.paper import ROMAN
from schoolbook.rules.permissions import Action
from schoolbook.selectors import classes

Arguments = Mapping[str, object]
SHEET, CLASS_SHEETS = "gradebook.sheet", "gradebook.class_sheets"


def documents() -> list[Document]:
    """The kinds that this app prints."""
    return [
        Document(SHEET, sheet_title, compose_sheet),
        Document(CLASS_SHEETS, class_title, compose_class),
    ]


def place_of(arguments: Arguments) -> Place:
    """The sheet that is asked for: `term`, and `class_subject` or `class_group`. Raises Http404 for anything else."""
    taught = _id(arguments, "class_subject")
    group = None if taught else _id(arguments, "class_group")
    if taught is None and group is None:
        raise Http404
    return Place(_term(arguments), class_subject_id=taught, class_group_id=group)


def sheet_title(user: User, arguments: Arguments) -> str:
    """Which sheet is printed: "Toán · 6A · HKI". Raises Http404 and PermissionDenied."""
    return words.sheet_title(access.book(user, place_of(arguments)))


def compose_sheet(user: User, arguments: Arguments) -> Composed:
    """One sheet. Raises Http404 and PermissionDenied."""
    book = access.book(user, place_of(arguments))
    return Composed(words.sheet_title(book), [html_of(book, _leaders(book.class_group))])


def class_title(user: User, arguments: Arguments) -> str:
    """Of which class and term all sheets are printed: "6A · HKI". Raises Http404 and PermissionDenied."""
    group = core.class_group(user, _id(arguments, "class_group") or 0, to=Action.VIEW_CLASS)
    return f"{group.name} · HK{ROMAN[_term(arguments)]}"


def compose_class(user: User, arguments: Arguments) -> Composed:
    """All sheets of a class and term that this person may look at, in the order of the book, then the class's own.

    Raises Http404 and PermissionDenied; who may look at no sheet of the class gets that.
    """
    term = _term(arguments)
    group = core.class_group(user, _id(arguments, "class_group") or 0, to=Action.VIEW_CLASS)
    seen = core.class_subjects(user, Action.VIEW_MARKS).filter(
        class_group=group, **{f"in_term{term}": True}
    )
    ids = seen.order_by("subject__place", "pk").values_list("pk", flat=True)
    books = [access.subject_book(user, pk, term) for pk in ids]
    try:
        books.append(access.class_book(user, group.pk, term))
    except PermissionDenied:
        if not books:
            raise
    leaders = _leaders(group)
    return Composed(class_title(user, arguments), [html_of(book, leaders) for book in books])


def _leaders(group: ClassGroup) -> tuple[str, ...]:
    """Who leads the class today; in one query."""
    return tuple(row.user.full_name for row in classes.homeroom_teachers(group, clock.today()))


def _id(arguments: Arguments, name: str) -> int | None:
    given = arguments.get(name)
    # What JSON gives for an id; access answers for ids that nobody has.
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _term(arguments: Arguments) -> int:
    given = arguments.get("term")
    if given not in TERMS:
        raise Http404
    return int(str(given))
