"""The one place where a request takes a step: by the table, with its lines, history and time."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from approvals import words
from approvals.models import CorrectionLine, CorrectionRequest
from approvals.rules.workflow import ENDED, OPEN, Event, State, Why, after
from approvals.selectors import requests as read
from approvals.services import news
from schoolbook import audit
from schoolbook.errors import Invalid
from schoolbook.models import User
from schoolbook.services import rows


def refuse(why: Why | None) -> None:
    """Raise Invalid with the sentence of a reason, if there is one."""
    if why is not None:
        raise Invalid({"__all__": words.WHY[why]})


def step(
    row: CorrectionRequest, event: Event, *, actor: User, reason: str = "", **more: Any
) -> CorrectionRequest:
    """Let an event happen to a request that the caller has locked. Raises Invalid where the table has no such step."""
    to = after(State(row.state), event)
    if to is None:
        refuse(Why.NOT_NOW)
    assert to
    row.state = to.value
    for name, value in more.items():
        setattr(row, name, value)
    if to in ENDED:
        row.ended_at = timezone.now()
    _check(row)
    row.save()
    audit.record([row], actor=actor, reason=reason)
    _hold_items(row, is_open=to in OPEN, actor=actor)
    news.tell(row, event, actor=actor)
    return row


def _check(row: CorrectionRequest) -> None:
    """Raise Invalid for words that are too long; what else must hold the database asks for by itself, in no query."""
    try:
        row.clean_fields(exclude=rows.references(row))
    except ValidationError as error:
        raise Invalid.of(error) from error


def _hold_items(row: CorrectionRequest, *, is_open: bool, actor: User) -> None:
    """Let the lines hold their items while the request is open, and let go of them with its end."""
    lines = list(row.lines.exclude(is_dropped=True).exclude(is_open=is_open).order_by("id"))
    for line in lines:
        line.is_open = is_open
    CorrectionLine.objects.bulk_update(lines, ["is_open"])
    audit.record(lines, actor=actor)


def expired(row: CorrectionRequest, *, actor: User) -> bool:
    """End a locked request of which an item is no longer as it was when it was filed, and say why (state machine).

    Whether it was so.
    """
    found = read.moved(row)
    if found:
        expire(row, label=found.label, old=found.old, now=found.now, actor=actor)
    return found is not None


def expire(row: CorrectionRequest, *, label: str, old: str, now: str, actor: User) -> None:
    """End a locked request because this item has changed since it was filed; said in the language of documents."""
    with translation.override(settings.LANGUAGE_CODE):
        said = _("%(label)s was “%(old)s” when this was asked for, and is “%(now)s” now.")
    ending = said % {"label": label, "old": old[:100], "now": now[:100]}
    step(row, Event.EXPIRE, actor=actor, reason=ending, ending=ending)
