"""Corrected cells as pages show them: what is struck, in words too, and how many there are on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradebook.rules.columns import Column
from gradebook.selectors.books import Book, Pupil
from gradebook.selectors.corrected import Corrected, Correction, Counted, counted
from gradebook.selectors.ledger import Ledger
from schoolbook.jinja import format_date_time


@dataclass(frozen=True, slots=True)
class Struck:
    """What is struck in a cell, oldest first, with the words for each; `about` names the cell where it stands alone."""

    olds: tuple[str, ...]
    said: tuple[tuple[str, int], ...]
    id: str = ""
    about: str = ""

    @property
    def shown(self) -> str:
        """The struck values in one line."""
        return " / ".join(self.olds)

    @property
    def told(self) -> str:
        """The same as a sentence."""
        return "; ".join(text for text, _number in self.said)


def strike(pupil: Pupil, column: Column, corrections: Sequence[Correction]) -> Struck:
    """What is struck in a cell of a sheet."""
    found = struck(corrections)
    component, number = column.key
    return Struck(
        found.olds,
        found.said,
        f"cor-{pupil.id}-{component}-{number}",
        f"{pupil.name}, {column.name}",
    )


def struck(corrections: Sequence[Correction]) -> Struck:
    """The old values, and a sentence with the number of the request for each."""
    return Struck(
        tuple(one.old or "–" for one in corrections),
        tuple((said(one), one.number) for one in corrections),
    )


def said(one: Correction) -> str:
    """A correction in words."""
    return _("corrected from %(old)s to %(new)s at %(at)s, request no. %(number)s") % {
        "old": one.old or _("(empty)"),
        "new": one.new or _("(empty)"),
        "at": format_date_time(one.at),
        "number": one.number,
    }


def counter_of(book: Book, corrected: Corrected) -> list[str]:
    """The counter of the sheet of a subject, or of the class."""
    return counter([(_name(book), counted(corrected))])


def counter_of_class(found: Ledger, counts: Mapping[int | None, Counted]) -> list[str]:
    """The counter of a page with several sheets, by subject in the order of the book."""
    books = [*found.subjects, *([found.about] if found.seen.whole else [])]
    keys = [book.class_subject.pk if book.class_subject else None for book in books]
    named = [
        (_name(book), counts.get(key, Counted())) for book, key in zip(books, keys, strict=True)
    ]
    return counter(named)


def counter(counts: Iterable[tuple[str, Counted]]) -> list[str]:
    """As at the foot of each page of the paper book: how many marks were corrected on it, by subject; then remarks."""
    named = list(counts)
    total = sum((one for _name, one in named), Counted())
    parts = [
        ngettext("%(subject)s %(count)s mark", "%(subject)s %(count)s marks", one.marks)
        % {"subject": name, "count": one.marks}
        for name, one in named
        if one.marks
    ]
    told = [_("No mark on this page was corrected.")]
    if parts:
        told = [
            ngettext(
                "%(count)s mark on this page was corrected: %(subjects)s.",
                "%(count)s marks on this page were corrected: %(subjects)s.",
                total.marks,
            )
            % {"count": total.marks, "subjects": ", ".join(parts)}
        ]
    if total.remarks:
        told.append(
            ngettext(
                "%(count)s remark on this page was corrected.",
                "%(count)s remarks on this page were corrected.",
                total.remarks,
            )
            % {"count": total.remarks}
        )
    return told


def _name(book: Book) -> str:
    return book.class_subject.subject.name if book.class_subject else _("Conduct and remarks")
