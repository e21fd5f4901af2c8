"""What pages say of requests for corrections: what they are about, how they stand, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from approvals import words, words_filing
from approvals.rules.workflow import State
from approvals.selectors import inbox
from schoolbook.rules.regulation import Witness

# The rows of the table on the official form.
_GROUPS = {
    "regular": lambda: _("Regular marks"),
    "midterm": lambda: _("Mid-term mark"),
    "final": lambda: _("End-of-term mark"),
}


@dataclass(frozen=True)
class Part:
    """One step in the life of a request; `is_applied` where its lines belong beside it."""

    label: str
    by: str
    at: datetime
    text: str = ""
    is_applied: bool = False


tone, about = words_filing.tone, words_filing.about


def state(row: Any) -> str:
    """How far a request has come."""
    return str(words.STATE_NAMES[State(row.state)])


def subject(row: Any) -> str:
    """The subject that a request is about, or what its book is called."""
    return words.subject(row)


def group(name: str) -> str:
    """A row of the official form."""
    return _GROUPS[name]() if name in _GROUPS else _("Other information")


def witness(role: Witness | str) -> str:
    """Which witness it is."""
    return str(words.WITNESS_NAMES[Witness(role)])


def turn(row: Any, turns: Sequence[inbox.Turn]) -> list[str]:
    """Whose turn it is, a sentence for each; none where the request has come to its end."""
    return [_turn(State(row.state), one) for one in turns]


def _turn(standing: State, one: inbox.Turn) -> str:
    names = ", ".join(one.names) or _("nobody today: an administrator can tell you more")
    if one.witness:
        return _("Waits for a witness, %(role)s: %(names)s") % {
            "role": witness(one.witness),
            "names": names,
        }
    if standing is State.SUBMITTED:
        return _("Waits for the decision of: %(names)s") % {"names": names}
    return _("Waits to be applied by an administrator: %(names)s") % {"names": names}


def often(counts: Mapping[State, int]) -> str:
    """What became of several requests: "2 applied, 1 refused"."""
    return ", ".join(f"{count} {words.STATE_NAMES[state]}" for state, count in counts.items())


def timeline(row: Any) -> list[Part]:
    """Sent, decided, each witness, applied or ended: by whom and when, with the words of each."""
    found = []
    if row.submitted_at:
        found.append(Part(_("Sent"), row.requested_by.full_name, row.submitted_at))
    if row.decided_by:
        label = _("Refused") if row.state == State.REFUSED else _("Approved")
        found.append(Part(label, row.decided_by.full_name, row.decided_at, row.decision))
    for word in inbox.words(row):
        label = _("Confirmed as witness: %(role)s") % {"role": witness(word.role)}
        found.append(Part(label, word.user.full_name, word.confirmed_at))
    if row.applied_by:
        found.append(Part(_("Applied"), row.applied_by.full_name, row.applied_at, is_applied=True))
    if row.state == State.WITHDRAWN:
        found.append(Part(_("Withdrawn"), row.requested_by.full_name, row.ended_at, row.ending))
    if row.state == State.EXPIRED:
        found.append(Part(_("Expired"), "", row.ended_at, row.ending))
    return found
