"""What pages say of locks and unlocks: what they are, how they stand, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gradebook.rules.scopes import BookStanding, Carried, How
from schoolbook import clock
from schoolbook.jinja import format_date_time
from schoolbook.selectors import history

TONES = {
    "asked": "waiting",
    "decided": "waiting",
    "refused": "refused",
    "withdrawn": "info",
    "done": "done",
}


@dataclass(frozen=True)
class Part:
    """One step in the life of a request."""

    label: str
    by: str
    at: datetime
    text: str = ""


def what(act: Any) -> str:
    """What is asked for, in a few words."""
    if act.kind == "unlock":
        return _("Unlock until %(until)s") % {"until": format_date_time(act.ends_at)}
    if act.freezes == "marks":
        return _("Lock of marks already entered")
    return _("Lock of all entry")


def tone(act: Any) -> str:
    """The badge of a request."""
    if act.state == "done":
        if act.kind == "lock":
            return "locked"
        return "open" if _holds(act) else "info"
    return TONES[act.state]


def state(act: Any) -> str:
    """How far a request has come."""
    if act.state == "done" and act.kind == "unlock" and not _holds(act):
        return _("over")
    said = {
        "asked": _("waits for a decision"),
        "decided": _("waits to be carried out"),
        "refused": _("refused"),
        "withdrawn": _("taken back"),
        "done": _("carried out"),
    }
    return said[act.state]


def _holds(act: Any) -> bool:
    return bool(clock.now() < act.ends_at)


def waits_for(act: Any) -> str:
    """Who comes next, in a sentence; empty where it has come to its end."""
    if act.state == "asked":
        return _(
            "It waits for the decision of the principal, or of whom the school's regulation names."
        )
    if act.state == "decided":
        return _("It is decided. It counts as soon as an administrator has carried it out.")
    return ""


def timeline(act: Any) -> list[Part]:
    """Asked, decided, carried out, withdrawn: by whom and when, with the words of each."""
    found = [Part(_("Asked for"), act.asked_by.full_name, act.asked_at, act.reason)]
    if act.decided_by:
        label = _("Refused") if act.state == "refused" else _("Decided")
        number = _("Decision %(number)s") % {"number": act.decision_number}
        told = [number] if act.decision_number else []
        text = ". ".join([*told, *([act.decision] if act.decision else [])])
        found.append(Part(label, act.decided_by.full_name, act.decided_at, text))
    if act.state == "withdrawn":
        by, at = history.newest(act)
        found.append(Part(_("Taken back"), by, at))
    if act.done_by:
        found.append(Part(_("Carried out"), act.done_by.full_name, act.done_at))
        if act.kind == "unlock":
            label = _("Ends by itself") if _holds(act) else _("Ended by itself")
            found.append(Part(label, "", act.ends_at))
    return found


def book_state(standing: BookStanding) -> str:
    """How a book of the board stands."""
    said = {
        How.FREE: _("not locked"),
        How.ENTRY: _("entry locked"),
        How.MARKS: _("marks locked"),
        How.PARTLY: _("partly locked"),
    }
    return said[standing.how]


def since(carried: Carried) -> str:
    """Since when and by whose decision."""
    row = carried.row
    names = {
        "name": row.decided_by.full_name,
        "number": row.decision_number,
        "since": format_date_time(row.done_at),
    }
    if row.decision_number:
        return _("since %(since)s, decision %(number)s of %(name)s") % names
    return _("since %(since)s, decision of %(name)s") % names
