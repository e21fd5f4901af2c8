"""Where things of the mark book are found: addresses that pages link to, and what they are asked for by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from gradebook.selectors.books import Book
from schoolbook.http import Request

PERIOD_NAMES = {
    "term1": _("Term 1"),
    "term2": _("Term 2"),
    "year": _("Whole year"),
}
MOMENT_NAMES = {
    "midterm1": _("Middle of term 1"),
    "term1": _("End of term 1"),
    "midterm2": _("Middle of term 2"),
    "year": _("End of the year"),
}


def sheet_href(book: Book) -> str:
    """The sheet of a book."""
    if book.class_subject:
        return reverse("gradebook:subject_sheet", args=[book.class_subject.pk, book.term])
    return reverse("gradebook:class_sheet", args=[book.class_group.pk, book.term])


def period_names(book: Book) -> dict[str, Any]:
    """The periods that a class has results of, as people call them."""
    return MOMENT_NAMES if book.is_primary else PERIOD_NAMES


def asked_term(request: Request, otherwise: int) -> int:
    """The term that `?term=` asks for."""
    asked = request.GET.get("term", "")
    return int(asked) if asked in {"1", "2"} else otherwise


def asked_period(request: Request, known: Iterable[str], otherwise: str) -> str:
    """The period that `?period=` asks for, of those there are."""
    asked = request.GET.get("period", "")
    return asked if asked in known else otherwise


def way_back(asked: str, otherwise: str) -> str:
    """Where a form came from, if that is an address of ours."""
    fine = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if fine else otherwise
