"""What pages say of one's own requests: how far each is, since when, and what its sending still needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals import addresses, words
from approvals.rules.workflow import OPEN, State, Why

TONES = {
    State.DRAFT: "unsaved",
    State.SUBMITTED: "waiting",
    State.REFUSED: "refused",
    State.APPROVED: "waiting",
    State.WITNESSED: "waiting",
    State.APPLIED: "done",
    State.WITHDRAWN: "info",
    State.EXPIRED: "conflict",
}


def tone(row: Any) -> str:
    """The badge of a request."""
    return TONES[State(row.state)]


def about(row: Any) -> str:
    """Whom and what a request is about, without the items."""
    return " · ".join([row.student.full_name, *where(row)])


def where(row: Any) -> list[str]:
    """The class, the subject or else the book, and the term of a request."""
    term = [_("term %(number)s") % {"number": "I" * row.term}] if row.term else []
    return [row.class_group.name, words.subject(row), *term]


def items(row: Any) -> str:
    """What a request would change, by name."""
    return ", ".join(line.label for line in row.lines.all())


def age(row: Any) -> str:
    """Since how many days a request that is open has been sent; empty for any other."""
    if State(row.state) not in OPEN:
        return ""
    days = (timezone.localdate() - _day(row.submitted_at)).days
    if days <= 0:
        return _("sent today")
    return ngettext("for %(count)s day", "for %(count)s days", days) % {"count": days}


def _day(at: Any) -> date:
    return timezone.localtime(at).date()


def came_of_it(row: Any, waits: Mapping[int, str]) -> str:
    """For whom a request waits, or what became of it, in a sentence."""
    if row.state == State.DRAFT:
        return _("It is not sent yet.")
    if row.state == State.WITNESSED:
        return _("It waits for an administrator, who applies it.")
    if row.state in {State.SUBMITTED, State.APPROVED}:
        names = waits.get(row.pk, "")
        return _("It waits for: %(names)s.") % {"names": names} if names else ""
    return row.decision or row.ending if row.state != State.APPLIED else ""


def missing(row: Any, lines: Sequence[Any], evidence: Sequence[Any]) -> list[str]:
    """What a draft still needs before it can be sent."""
    needs = ((Why.NO_LINES, lines), (Why.NO_REASON, row.reason), (Why.NO_EVIDENCE, evidence))
    return [str(words.WHY[why]) for why, there in needs if not there]


def href(row: Any) -> str:
    """Where a request is looked at: a draft where it is sent from."""
    if row.state == State.DRAFT:
        return reverse("approvals:draft", args=[row.pk])
    return addresses.request(row.pk)


def form_href(row: Any) -> str:
    """The form of the page that a request is about; that of a draft opens with what it says."""
    return addresses.filing({"book": row.book, **row.place, "student": row.student_id})


def again_href(row: Any) -> str:
    """The same form, with what this request said."""
    return f"{form_href(row)}&again={row.pk}"
