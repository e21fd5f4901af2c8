"""Signs that are worth a question, for those who lead the school (R-117): never a judgement."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from gradebook import words
from gradebook.rules.anomalies import FEWEST_CHANGED, FEWEST_HASTY, FEWEST_MOVED, HASTE, Changed
from gradebook.selectors import anomalies as selectors
from gradebook.selectors.books import Book
from gradebook.selectors.missing import book_of
from gradebook.selectors.remarks import year_of
from gradebook.selectors.trace import column_name
from gradebook.views.places import sheet_href
from schoolbook import access as kernel
from schoolbook.http import Request, page
from schoolbook.rules.permissions import Action


@require_safe
def anomalies(request: Request) -> HttpResponse:
    """Many changes just before the end, results moved over thresholds, and who changes how much."""
    kernel.require(request.user, Action.VIEW_ANOMALIES)
    assert request.user.school
    year = year_of(request.user.school)
    found = selectors.signs(year) if year else None
    context = {
        "signs": found,
        "words": _Words(found) if found else None,
        "numbers": {
            "hours": HASTE.days * 24,
            "hasty": FEWEST_HASTY,
            "moved": FEWEST_MOVED,
            "changed": FEWEST_CHANGED,
        },
    }
    return page(request, "gradebook/watching/anomalies.html", context)


class _Words:
    """How the page names sheets, people and cells, and where they lead."""

    def __init__(self, found: selectors.Signs) -> None:
        self._found = found

    def book(self, sheet_id: int) -> Book:
        sheet = self._found.sheets[sheet_id]
        return book_of(sheet.class_group, sheet.class_subject, sheet.term)

    def title(self, sheet_id: int) -> str:
        return words.sheet_title(self.book(sheet_id))

    def href(self, sheet_id: int) -> str:
        return sheet_href(self.book(sheet_id))

    def person(self, user_id: int) -> str:
        return self._found.people.get(user_id, "")

    def pupil(self, student_id: int) -> str:
        return self._found.students.get(student_id, "")

    def column(self, change: Changed) -> str:
        return column_name(change.component, change.number)

    def history(self, change: Changed) -> str:
        """The history of the cell."""
        book = self.book(change.sheet)
        cell: tuple[Any, ...] = (book.term, change.student, change.component, change.number)
        if book.class_subject:
            return reverse("gradebook:cell_history", args=[book.class_subject.pk, *cell])
        return reverse("gradebook:class_cell_history", args=[book.class_group.pk, *cell])
