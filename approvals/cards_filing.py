"""What one's own requests ask of somebody, and what became of them, as cards of the home page (R-120, R-123)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from approvals import words_filing as words
from approvals.models import CorrectionRequest
from approvals.rules.workflow import State
from approvals.selectors import filing
from schoolbook.models import User
from schoolbook.registry import Card

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# So long it is news what became of a request, and so many of them are told one by one.
RECENT, MOST = timedelta(days=14), 5
TITLES: dict[State, tuple[StrOrPromise, str]] = {
    State.REFUSED: (gettext_lazy("Your request was refused: %(about)s"), "info"),
    State.EXPIRED: (gettext_lazy("Your request has expired: %(about)s"), "due"),
    State.APPROVED: (gettext_lazy("Your request is approved: %(about)s"), "info"),
    State.WITNESSED: (gettext_lazy("Your request is approved: %(about)s"), "info"),
    State.APPLIED: (gettext_lazy("Your correction is made: %(about)s"), "done"),
}


def own_requests(user: User) -> Iterator[Card]:
    """Drafts that were not sent, and what became of requests of late; in one query, three where there are any."""
    rows = filing.news(user, timezone.now() - RECENT)
    drafts = [row for row in rows if row.state == State.DRAFT]
    if drafts:
        yield _of_drafts(drafts)
    for row in [one for one in rows if one.state != State.DRAFT][:MOST]:
        yield _of_request(row)


def _of_drafts(drafts: list[CorrectionRequest]) -> Card:
    title = ngettext(
        "%(count)s request for a correction is not sent yet",
        "%(count)s requests for corrections are not sent yet",
        len(drafts),
    )
    one = drafts[0] if len(drafts) == 1 else None
    return Card(
        title % {"count": len(drafts)},
        f"{words.about(one)}: {words.items(one)}" if one else _("Nobody sees a draft but you."),
        words.href(one) if one else reverse("approvals:my_corrections"),
        _("Look at it and send it") if one else _("Your requests"),
        tone="due",
    )


def _of_request(row: CorrectionRequest) -> Card:
    title, tone = TITLES[State(row.state)]
    told = row.decision or row.ending
    if row.state == State.EXPIRED:
        href, action = words.again_href(row), _("Ask again")
        told = row.ending
    else:
        href, action = words.href(row), _("Open")
    return Card(
        title % {"about": f"{words.about(row)}: {words.items(row)}"}, told, href, action, tone
    )
