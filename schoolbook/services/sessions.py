"""Keeping the table of sessions small."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils import timezone


def clear_expired() -> int:
    """Remove sessions whose time is over; says how many there were."""
    removed, _by_model = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return removed
