"""Averages in an imported file: they are not taken, but where they differ from ours the preview says so."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from gradebook.rules import RulesError
from gradebook.rules.columns import Component
from gradebook.rules.headings import result_of
from gradebook.rules.layout import PupilRow
from gradebook.rules.typed import Entry, read, spelt, taken_over
from gradebook.rules.verdicts import Said
from gradebook.selectors import results
from gradebook.selectors.books import Book
from gradebook.selectors.sheet import RESULT_HEADS
from gradebook.services.acts.previewing import Looked


def said(looked: Looked, rows: Mapping[int, PupilRow]) -> list[Said]:
    """The averages of the file that differ from those that our own rules give after the import; rows by pupil.

    At most one query.
    """
    book = looked.book
    listed = [
        (pk, row, cell, component)
        for pk, row in rows.items()
        for cell in row.averages
        if not cell.refusal and (component := result_of(cell.column, book.term))
    ]
    if not listed:
        return []
    stored = {key: (row.average, row.level) for key, row in results.stored(book).items()}
    for pk, computed in looked.results.items():
        for period, result in computed.by_period.items():
            stored[pk, period] = (result.average, result.level or "")
    found = []
    for pk, row, cell, component in listed:
        period = "year" if component == Component.YEAR_RESULT else f"term{book.term}"
        average, level = stored.get((pk, period), (None, ""))
        ours = spelt(average) if average is not None else level
        theirs = _entry(book, component, cell.text)
        if ours and theirs is not None and theirs.shown != ours:
            values = {"head": RESULT_HEADS[period], "theirs": theirs.shown, "ours": ours}
            sentence = _("%(head)s: the file says %(theirs)s, our book %(ours)s.") % values
            found.append(Said(sentence, cell.address, row.full_name))
    return found


def _entry(book: Book, component: str, text: str) -> Entry | None:
    column = taken_over(book.scheme, Component(component), book.assessed_by, book.term)
    try:
        return read(text, column) if column else None
    except RulesError:
        return None
