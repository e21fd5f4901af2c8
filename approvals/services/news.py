"""News of requests by e-mail, to whoever's turn it is and to who asked; no marks in them, and no pupils' names."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals import words
from approvals.models import CorrectionRequest
from approvals.rules.workflow import Event
from approvals.selectors import parties
from schoolbook import clock
from schoolbook.models import User
from schoolbook.rules.permissions import Role
from schoolbook.selectors import approvers
from schoolbook.services import mail

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SUBJECTS: dict[Event, StrPromise] = {
    Event.SUBMIT: gettext_lazy("A request for a correction waits for your decision"),
    Event.APPROVE: gettext_lazy("A correction waits for you as a witness"),
    Event.COMPLETE: gettext_lazy("A correction is to be applied"),
    Event.REFUSE: gettext_lazy("Your request for a correction was refused"),
    Event.APPLY: gettext_lazy("The correction that you asked for is applied"),
    Event.EXPIRE: gettext_lazy("Your request for a correction has expired"),
}


def tell(row: CorrectionRequest, event: Event, *, actor: User) -> None:
    """Write to those whom a step concerns, once it has been committed; not to who took it.

    Where no e-mail is set up nobody is looked for.
    """
    if not settings.SENDS_MAIL or event not in SUBJECTS:
        return
    people = set(_concerned(row, event)) - {actor.pk}
    with translation.override(settings.LANGUAGE_CODE):
        mail.tell(
            people,
            SUBJECTS[event],
            _about(row),
            reverse("approvals:correction", args=[row.pk]),
        )


def _concerned(row: CorrectionRequest, event: Event) -> Collection[int]:
    """Who decides, who could be a witness, who applies; who asked, where the request has ended."""
    if event is Event.SUBMIT:
        return parties.facts(row).deciders
    if event is Event.APPROVE:
        able = parties.facts(row).candidates
        return {one for people in able.values() for one in people}
    if event is Event.COMPLETE:
        return approvers.holders(row.school, clock.today())[Role.ADMIN]
    return [row.requested_by_id]


def _about(row: CorrectionRequest) -> str:
    return _("Request no. %(number)s, class %(class)s, %(subject)s, asked for by %(name)s.") % {
        "number": row.pk,
        "class": row.class_group.name,
        "subject": words.subject(row),
        "name": row.requested_by.full_name,
    }
