"""What the rules say, as sentences in the language of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from gradebook.models.names import COMPONENT_NAMES
from gradebook.rules import RulesError
from gradebook.rules.columns import TAKEN_OVER, Column, Component
from gradebook.rules.entering import Why
from gradebook.rules.filing import NotFiled
from gradebook.rules.shapes import Standing
from gradebook.selectors.sheet import RESULT_HEADS
from schoolbook.jinja import format_date_time
from schoolbook.rules.regulation import FormNeeded

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from gradebook.models import LockAct
    from gradebook.rules.closing import Closed
    from gradebook.rules.windows import Line
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
    Why.FORM_NEEDED: _(
        "What is entered here changes only by a correction, by the school's regulation."
    ),
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
    Why.FORM_NEEDED: _(
        "Ask for a correction, which a leader approves. Blank cells are filled as usual."
    ),
    Why.NOT_EXEMPT: _("The office or the homeroom teacher records exemptions with their paper."),
    Why.ONLY_TAKEN_OVER: _("Marks entered here make the result themselves."),
}
# The same where the school's regulation says when a correction is filed, if that is something else.
ASK_BY_FORM: dict[tuple[Why, FormNeeded], StrOrPromise] = {
    (Why.WINDOW_OVER, FormNeeded.AFTER_LOCK): _("Ask for it to be unlocked for some hours."),
    **{
        (Why.SIGNED_OFF, needed): _(
            "Whoever confirmed it can take that back, as long as the class is not confirmed. Or ask for a correction."
        )
        for needed in (FormNeeded.ALWAYS, FormNeeded.AFTER_WINDOW)
    },
}
# Why no correction may be filed, and what to do instead.
NOT_FILED: dict[NotFiled, StrOrPromise] = {
    NotFiled.OPEN: _("This cell is open: write it on the sheet itself."),
    NotFiled.NOT_OPEN_YET: _("Entry has not begun yet, so there is nothing to correct."),
    NotFiled.ASK_UNLOCK: _(
        "By the school's regulation corrections are for locked books. Ask for the sheet to be unlocked for some hours."
    ),
    NotFiled.TAKE_BACK: _(
        "By the school's regulation corrections are for locked books. Whoever confirmed the sheet can take that back."
    ),
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


def reason(why: Why, closed: Closed | None = None, needed: FormNeeded | None = None) -> str:
    """Why a cell cannot be written, by whose decision and since when, and whom to ask: a few sentences.

    `needed` says when a correction is filed, by the school's regulation.
    """
    ask = ASK_BY_FORM.get((why, needed), ASK[why]) if needed else ASK[why]
    return " ".join(part for part in (str(WHY[why]), by_whom(closed), str(ask)) if part)


def by_whom(closed: Closed | None) -> str:
    """The decision, window or sign-off that closes a cell, in a sentence; empty where none does."""
    if closed is None:
        return ""
    if closed.act:
        number = closed.act.decision_number
        names = {
            "name": closed.act.decided_by,
            "number": number,
            "since": format_date_time(closed.act.done_at),
        }
        if number:
            return gettext("Locked since %(since)s by decision %(number)s of %(name)s.") % names
        return gettext("Locked since %(since)s by decision of %(name)s.") % names
    if closed.span:
        names = {
            "from": format_date_time(closed.span.opens_at),
            "to": format_date_time(closed.span.closes_at),
        }
        return gettext("It is entered from %(from)s to %(to)s.") % names
    assert closed.signed
    names = {"name": closed.signed.by, "at": format_date_time(closed.signed.at)}
    return gettext("%(name)s confirmed it at %(at)s.") % names


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


# How the book heads components, where one head stands for all of a component.
HEADS: dict[Component, str] = {
    Component.REGULAR: "ĐĐGtx",
    Component.PERIODIC: "KT định kì",
    Component.MIDTERM: "ĐĐGgk",
    Component.FINAL: "ĐĐGck",
    Component.RETEST: "Đánh giá lại",
    Component.COMMENT: "Nhận xét",
    Component.MONTH: "Nhận xét tháng",
}
# Components of which there is only ever one: their number says nothing.
SINGLE = {Component.MIDTERM, Component.FINAL, Component.RETEST}
BOOKS: dict[str, StrOrPromise] = {
    "subject": _("marks of subjects"),
    "class": _("conduct and remarks"),
}


def component_said(component: str, number: int | None = None) -> str:
    """A component as the book heads it, or as the school calls it: "ĐĐGtx 2", "Conduct of the term"."""
    known = Component(component)
    said = HEADS.get(known) or str(capfirst(COMPONENT_NAMES[known]))
    return said if number is None or known in SINGLE else f"{said} {number}"


def component_named(component: str) -> str:
    """A component for somebody who chooses one: the name, and how the book heads it."""
    known = Component(component)
    name, short = str(capfirst(COMPONENT_NAMES[known])), HEADS.get(known)
    return f"{name} ({short})" if short and short.casefold() != name.casefold() else name


def grade_said(grade: int | None) -> str:
    """For which grade something holds."""
    return gettext("grade %(grade)s") % {"grade": grade} if grade else gettext("all grades")


def line_said(line: Line) -> str:
    """What a line of a plan is about: "HKI · ĐĐGgk · all grades"."""
    return f"HK{'I' * line.term} · {component_said(line.component)} · {grade_said(line.grade)}"


def span_said(opens_at: datetime, closes_at: datetime) -> str:
    """From when until when: "07:00 01/11/2026 – 17:00 15/11/2026"."""
    return f"{format_date_time(opens_at)} – {format_date_time(closes_at)}"


def scope_said(act: LockAct) -> str:
    """The scope of a lock or unlock in one line, as a book would: "Toán · 6A · HKI · ĐĐGck · Lê Thị Ánh"."""
    said = [act.subject.name] if act.subject else []
    if act.class_group:
        said.append(act.class_group.name)
    else:
        said.append(grade_said(act.grade).capitalize() if act.grade else gettext("Whole school"))
    if act.book and not act.subject:
        said.append(str(BOOKS[act.book]))
    said.append(f"HK{'I' * act.term}" if act.term else gettext("whole year"))
    if act.component:
        said.append(component_said(act.component, act.number))
    if act.student:
        said.append(act.student.full_name)
    return " · ".join(said)
