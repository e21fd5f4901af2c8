"""Whether a cell may be written, and if not, why: the one question that every save asks. Plain Python, no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gradebook.rules.closing import Closed, Shut
from gradebook.rules.columns import TAKEN_OVER, Column
from gradebook.rules.shapes import Standing
from gradebook.rules.typed import Entry, State


class Why(StrEnum):
    """Why a cell may not be written."""

    NO_RIGHT = "no_right"  # not the teacher, nor somebody the right was given to
    NOT_TAUGHT = "not_taught"  # the class does not have the subject in this term
    NOT_ON_SHEET = "not_on_sheet"  # no pupil of this class in this term
    NO_COLUMN = "no_column"
    LEFT = "left"
    ENTRY_LOCKED = "entry_locked"
    MARKS_LOCKED = "marks_locked"
    NOT_OPEN_YET = "not_open_yet"
    WINDOW_OVER = "window_over"
    SIGNED_OFF = "signed_off"
    SEALED = "sealed"  # entered in a session that is over, where the school seals
    FORM_NEEDED = "form_needed"  # it holds something, which by the school's regulation changes only by the form
    NOT_EXEMPT = "not_exempt"  # M without an exemption on file
    ONLY_TAKEN_OVER = "only_taken_over"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a cell before somebody writes in it; `left_on` is past, `standing` of this term."""

    has_right: bool
    is_taught: bool
    is_on_sheet: bool
    left_on: date | None = None
    standing: Standing = Standing.COUNTED
    closed: Closed | None = None
    is_sealed: bool = False
    needs_form: bool = False
    takes_over: bool = False


def why_not(column: Column | None, situation: Situation) -> Why | None:
    """The first reason against writing anything in a cell of this column; None when it may be written."""
    reasons = (
        (Why.NO_RIGHT, not situation.has_right),
        (Why.NOT_TAUGHT, not situation.is_taught),
        (Why.NO_COLUMN, column is None),
        (Why.NOT_ON_SHEET, not situation.is_on_sheet),
        (Why.LEFT, situation.left_on is not None and not situation.takes_over),
        *((Why(shut.value), shut is situation.closed.by) for shut in Shut if situation.closed),
        (Why.SEALED, situation.is_sealed),
        (Why.FORM_NEEDED, situation.needs_form),
        (
            Why.ONLY_TAKEN_OVER,
            column is not None and column.component in TAKEN_OVER and not situation.takes_over,
        ),
    )
    return next((why for why, holds in reasons if holds), None)


def why_not_this(entry: Entry, situation: Situation) -> Why | None:
    """The reason against this content, where the cell as such may be written."""
    if entry.state is State.EXEMPT and situation.standing is not Standing.EXEMPT:
        return Why.NOT_EXEMPT
    return None
