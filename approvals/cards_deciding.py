"""What requests for corrections ask of those who deal with them, as cards of the home page (R-122 – R-126)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals import access
from approvals.models import CorrectionRequest
from approvals.selectors import inbox
from schoolbook import access as kernel
from schoolbook.models import User
from schoolbook.registry import Card

# After so many days without a decision, a word or the change itself, somebody waits too long.
LATE_AFTER = 3


@dataclass(frozen=True)
class _Words:
    """What a card says of one kind of work; `place` is where it stands on the page."""

    title: str
    text: str
    action: str
    place: str


def waiting_corrections(user: User) -> Iterator[Card]:
    """What waits for this person to decide, to witness and to apply.

    In four queries beside what this person may do, which the home page asks once for all; in one where no request is
    open.
    """
    rows = access.corrections(user)
    found = inbox.waiting(rows, user, kernel.rights(user))
    for waits, words in (
        (found.to_decide, _to_decide),
        (found.to_witness, _to_witness),
        (found.to_apply, _to_apply),
    ):
        if waits:
            yield _card(waits, words(len(waits)))


def _to_decide(count: int) -> _Words:
    return _Words(
        ngettext(
            "%(count)s request for a correction waits for your decision",
            "%(count)s requests for corrections wait for your decision",
            count,
        ),
        _("You approve, or refuse with words."),
        _("Decide"),
        "to-decide",
    )


def _to_witness(count: int) -> _Words:
    return _Words(
        ngettext(
            "%(count)s correction waits for you as a witness",
            "%(count)s corrections wait for you as a witness",
            count,
        ),
        _("It was approved; it is made in the presence of its witnesses."),
        _("Look and confirm"),
        "to-witness",
    )


def _to_apply(count: int) -> _Words:
    return _Words(
        ngettext(
            "%(count)s approved correction is to be applied",
            "%(count)s approved corrections are to be applied",
            count,
        ),
        _("The book changes only when you have applied it."),
        _("Apply"),
        "to-apply",
    )


def _card(waits: Sequence[CorrectionRequest], words: _Words) -> Card:
    days = max(inbox.waits(row) for row in waits)
    oldest = ngettext("the oldest for %(count)s day", "the oldest for %(count)s days", days)
    return Card(
        words.title % {"count": len(waits)},
        words.text,
        f"{reverse('approvals:corrections')}#{words.place}",
        words.action,
        tone="late" if days >= LATE_AFTER else "due",
        due=oldest % {"count": days} if days else _("since today"),
    )
