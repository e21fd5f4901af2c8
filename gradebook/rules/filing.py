"""When a change needs the paper form, and whether a correction of a cell may be filed (R-120, R-123). No Django here.

A school's regulation decides when: always, after the window, or after the lock only.
"""

from __future__ import annotations

from enum import StrEnum

from gradebook.rules.closing import Closed, Shut
from gradebook.rules.entering import Why
from schoolbook.rules.regulation import FormNeeded

LOCKS = frozenset({Shut.ENTRY_LOCKED, Shut.MARKS_LOCKED})


class NotFiled(StrEnum):
    """Why no correction of a cell may be filed."""

    OPEN = "open"  # it is simply written
    NOT_OPEN_YET = "not_open_yet"
    ASK_UNLOCK = "ask_unlock"  # where the form is for locked books only
    TAKE_BACK = "take_back"  # the same, of a sheet that is confirmed


def needs_form(needed: FormNeeded, *, has_value: bool) -> bool:
    """Whether a cell changes only by the form although nothing closes it; a blank one is filled freely."""
    return needed is FormNeeded.ALWAYS and has_value


def why_not_filed(
    closed: Closed | None, *, is_sealed: bool, has_value: bool, needed: FormNeeded
) -> NotFiled | None:
    """Why no correction of this cell may be filed; None where it may.

    `closed` is what closes the cell, `is_sealed` whether it was sealed when its author signed out: a lock and a seal
    always leave this way, and before its window has begun a cell is not corrected in any case.
    """
    if closed is not None and closed.by is Shut.NOT_OPEN_YET:
        return NotFiled.NOT_OPEN_YET
    if is_sealed or (closed is not None and closed.by in LOCKS):
        return None
    if closed is None:
        return None if needs_form(needed, has_value=has_value) else NotFiled.OPEN
    if needed is not FormNeeded.AFTER_LOCK:
        return None
    return NotFiled.TAKE_BACK if closed.by is Shut.SIGNED_OFF else NotFiled.ASK_UNLOCK


def may_file_after(why: Why, needed: FormNeeded) -> bool:
    """Whether a correction may be filed of a cell that was refused for this reason."""
    if why in {Why.WINDOW_OVER, Why.SIGNED_OFF}:
        return needed is not FormNeeded.AFTER_LOCK
    return why in {Why.ENTRY_LOCKED, Why.MARKS_LOCKED, Why.SEALED, Why.FORM_NEEDED}


def may_file(
    closed: Closed | None, *, is_sealed: bool, has_value: bool, needed: FormNeeded
) -> bool:
    """Whether a correction of this cell may be filed; as `why_not_filed`."""
    return why_not_filed(closed, is_sealed=is_sealed, has_value=has_value, needed=needed) is None
