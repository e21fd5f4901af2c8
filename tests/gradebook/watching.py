"""Plans of entry and moments in tests of those who watch over books."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from gradebook.models import PlanState, Window, WindowPlan
from gradebook.services import watching
from gradebook.services.watching import Kept
from schoolbook import audit
from schoolbook import clock as school_clock
from schoolbook.models import SchoolYear, User
from schoolbook.services import rows
from tests import cast

Wanted = tuple[int, str, datetime, int | None]  # term, component, closes at, grade


@transaction.atomic
def plan(*windows: Wanted, year: SchoolYear | None = None) -> WindowPlan:
    """A plan that is decided now, with these windows."""
    year = year or cast.class_group().year
    thu, binh = cast.user(cast.THU), cast.user(cast.BINH)
    row = rows.enter(
        WindowPlan(
            school=year.school,
            year=year,
            number=WindowPlan.objects.filter(year=year).count() + 1,
            state=PlanState.DRAFT,
            drafted_by=thu,
            drafted_at=timezone.now(),
        ),
        actor=thu,
    )
    for term, component, closes_at, grade in windows:
        rows.enter(
            Window(
                school=year.school,
                plan=row,
                grade=grade,
                term=term,
                component=component,
                opens_at=closes_at - timedelta(days=30),
                closes_at=closes_at,
            ),
            actor=thu,
        )
    row.state, row.decided_by, row.decided_at = PlanState.DECIDED, binh, timezone.now()
    row.save()
    audit.record([row], actor=binh)
    return row


def instant() -> datetime:
    """A real moment after everything that was written yet; history is dated by the same machine."""
    return timezone.now()


def keep() -> Kept:
    """The job of the night."""
    return watching.keep_figures(actor=User.objects.system())


class SchoolClock:
    """Puts the school clock so that a real moment was this one by it, and lets it show a later one now."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def show(self, shown: datetime, at: datetime, *, now: datetime | None = None) -> None:
        """Let the school clock have shown a moment at a real one; `now` is what it shows now, the same if not said."""
        self._patch.setattr(school_clock, "offset", lambda: shown - at)
        self._patch.setattr(school_clock, "now", lambda: now or shown)
