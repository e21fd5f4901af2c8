"""What sheets ask of teachers, as a card of the home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradebook import access
from gradebook.selectors import missing
from schoolbook import clock
from schoolbook.models import User
from schoolbook.registry import Card

# So long before the last day of a term its marks become a thing to do.
SOON = timedelta(days=21)


def missing_marks(user: User) -> Iterator[Card]:
    """The sheets of this person with missing marks, in one card; in five queries, three for somebody without any."""
    open_ones = [line for line in missing.lines(access.own_books(user)) if line.missing]
    if not open_ones:
        return
    book, today = open_ones[0].book, clock.today()
    last = book.days[1]
    marks, sheets = sum(line.missing for line in open_ones), len(open_ones)
    tone = "late" if today > last else "due" if today > last - SOON else "info"
    yield Card(
        ngettext(
            "Marks are missing on %(count)s sheet", "Marks are missing on %(count)s sheets", sheets
        )
        % {"count": sheets},
        ngettext("%(count)s mark in term %(term)s.", "%(count)s marks in term %(term)s.", marks)
        % {"count": marks, "term": book.term},
        reverse("gradebook:my_sheets"),
        _("Open your sheets"),
        tone=tone,
        due=_("until %(day)s") % {"day": last.strftime("%d/%m/%Y")},
    )
