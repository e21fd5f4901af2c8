"""What the rules say, as sentences in the language of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from gradebook.rules import RulesError
from gradebook.rules.columns import TAKEN_OVER, Column, Component
from gradebook.rules.entering import Why
from gradebook.rules.shapes import Standing
from gradebook.selectors.sheet import RESULT_HEADS

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from gradebook.rules.closing import Closed
    from gradebook.selectors.books import Book

WHY: dict[Why, StrOrPromise] = {
    Why.NO_RIGHT: _("This subject is not assigned to you in this class."),
    Why.NOT_TAUGHT: _("The class does not have this subject in this term."),
    Why.NOT_ON_SHEET: _("This pupil is not in the class in this term."),
    Why.NO_COLUMN: _("The sheet has no such column."),
    Why.LEFT: _("The pupil has left the class."),
    Why.ENTRY_LOCKED: _("Entry in this book is locked."),
    Why.MARKS_LOCKED: _("Marks that were entered here are locked."),
    Why.NOT_OPEN_YET: _("Entry has not begun yet."),
    Why.WINDOW_OVER: _("The time of entry is over."),
    Why.SIGNED_OFF: _("The sheet is confirmed."),
    Why.SEALED: _("What was entered here was sealed when its author signed out."),
    Why.NOT_EXEMPT: _("No exemption of this pupil from this subject is on file for this term."),
    Why.ONLY_TAKEN_OVER: _("This figure is only taken over from another system, by an import."),
}
# Whom to ask, and what that person can do.
ASK: dict[Why, StrOrPromise] = {
    Why.NO_RIGHT: _("The administrator keeps the assignments and can let a colleague enter marks."),
    Why.NOT_TAUGHT: _("The administrator keeps the subjects of each class."),
    Why.NOT_ON_SHEET: _("The office places pupils in classes."),
    Why.NO_COLUMN: _("Reload the page: the columns may have changed."),
    Why.LEFT: _(
        "The marks stay as they were on the last day. The office knows where the pupil went."
    ),
    Why.ENTRY_LOCKED: _(
        "Ask for it to be unlocked for some hours, or for a correction, which a leader approves."
    ),
    Why.MARKS_LOCKED: _(
        "Cells that are blank can still be filled. Ask for it to be unlocked for some hours, or for a correction."
    ),
    Why.NOT_OPEN_YET: _("The leaders of the school announce when each assessment is entered."),
    Why.WINDOW_OVER: _(
        "Ask for it to be unlocked for some hours, or for a correction, which a leader approves."
    ),
    Why.SIGNED_OFF: _(
        "Whoever confirmed it can take that back, as long as the class is not confirmed."
    ),
    Why.SEALED: _(
        "By the school's regulation it changes only by a correction, which a leader approves."
    ),
    Why.NOT_EXEMPT: _("The office or the homeroom teacher records exemptions with their paper."),
    Why.ONLY_TAKEN_OVER: _("Marks entered here make the result themselves."),
}

# What stands beside a pupil's name where the subject is another one for this pupil.
STANDING: dict[Standing, StrOrPromise] = {
    Standing.EXEMPT: _("exempt"),
    Standing.REDUCED: _("reduced requirement"),
    Standing.INDIVIDUAL_PLAN: _("by individual plan"),
}


def sentence(error: RulesError) -> str:
    """What the engine refused, in Vietnamese or English."""
    return error.en if get_language() == "en" else error.vi


def reason(why: Why, closed: Closed | None = None) -> str:
    """Why a cell cannot be written, by whose decision and since when, and whom to ask: a few sentences."""
    return " ".join(part for part in (str(WHY[why]), by_whom(closed), str(ASK[why])) if part)


def by_whom(closed: Closed | None) -> str:
    """The decision, window or sign-off that closes a cell, in a sentence; empty where none does."""
    if closed is None:
        return ""
    if closed.act:
        number = closed.act.decision_number
        names = {
            "name": closed.act.decided_by,
            "number": number,
            "since": moment(closed.act.done_at),
        }
        if number:
            return gettext("Locked since %(since)s by decision %(number)s of %(name)s.") % names
        return gettext("Locked since %(since)s by decision of %(name)s.") % names
    if closed.span:
        names = {"from": moment(closed.span.opens_at), "to": moment(closed.span.closes_at)}
        return gettext("It is entered from %(from)s to %(to)s.") % names
    assert closed.signed
    names = {"name": closed.signed.by, "at": moment(closed.signed.at)}
    return gettext("%(name)s confirmed it at %(at)s.") % names


def moment(at: datetime) -> str:
    """A moment as Vietnamese papers write it, in Viet Nam: "17:00 22/12/2026"."""
    return timezone.localtime(at).strftime("%H:%M %d/%m/%Y")


def head(column: Column, term: int) -> str:
    """How a column is headed in the book, in one line; results of another system as the book heads its own."""
    if column.component in TAKEN_OVER:
        period = f"term{term}" if column.component is Component.TERM_RESULT else "year"
        return RESULT_HEADS[period]
    return column.name


def sheet_title(book: Book) -> str:
    """A sheet in a few words, as a book names it: "Toán · 6A · HKI"; that of the homeroom teacher "6A · HKI"."""
    what = [book.class_subject.subject.name] if book.class_subject else []
    return " · ".join([*what, book.class_group.name, f"HK{'I' * book.term}"])
