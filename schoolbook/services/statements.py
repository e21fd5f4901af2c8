"""Accepting the responsibility statement at the start of a school year (R-223)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from schoolbook import audit, clock
from schoolbook.models import Acceptance, User
from schoolbook.rules import school_year, statement


@transaction.atomic
def accept(*, actor: User) -> Acceptance:
    """Record that the actor accepts the statement of today for this school year; once, however often it is sent."""
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=actor.pk)
    acceptance, created = Acceptance.objects.get_or_create(
        user=actor,
        first_year=school_year.first_calendar_year(clock.today()),
        defaults={
            "text_version": statement.VERSION,
            "text_digest": statement.digest(),
            "accepted_at": timezone.now(),
        },
    )
    if created:
        audit.record([acceptance], actor=actor, created=True)
    return acceptance
