"""What has closed a sheet over time, as the rows tell it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradebook.models import MarkSheet, PlanState, Window, WindowPlan
from gradebook.rules.closing import Shut
from gradebook.selectors.past import pasts
from schoolbook import audit, clock
from schoolbook.services import rows
from tests import cast
from tests.gradebook.book import class_place, place, taught
from tests.gradebook.closing import lock, typed, unlock

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=5)


@pytest.fixture
def sheet():
    typed(place())
    return MarkSheet.objects.select_related("class_group", "class_subject").get(
        class_subject=taught(), term=1
    )


def decide(*windows):
    """A plan with these windows, each a grade, term, component, and how many hours ago it opened and closed."""
    actor, year = cast.user(cast.BINH), cast.class_group().year
    plan = rows.enter(
        WindowPlan(
            school=year.school,
            year=year,
            number=WindowPlan.objects.count() + 1,
            state=PlanState.DRAFT,
            drafted_by=actor,
            drafted_at=timezone.now(),
        ),
        actor=actor,
    )
    for grade, term, component, opened, closed in windows:
        rows.enter(
            Window(
                school=year.school,
                plan=plan,
                grade=grade,
                term=term,
                component=component,
                opens_at=clock.now() - timedelta(hours=opened),
                closes_at=clock.now() - timedelta(hours=closed),
            ),
            actor=actor,
        )
    plan.state, plan.decided_by, plan.decided_at = PlanState.DECIDED, actor, timezone.now()
    plan.save()
    audit.record([plan], actor=actor)


def why(sheet, component="final", after=SOON, *, had_value=False):
    cell = (cast.pupil().pk, component, 1)
    past = pasts(cast.song_lam())(sheet)
    found = past.closed(cell, had_value=had_value, written_at=timezone.now() + after)
    return found and found.by


def test_windows_of_the_plan_in_force_count_those_of_the_grade_first(sheet):
    decide((None, 1, "final", 9, 8), (None, 1, "midterm", 9, -9), (None, 2, "comment", 9, 8))
    assert why(sheet) is Shut.WINDOW_OVER
    assert why(sheet, "midterm") is None
    assert why(sheet, "comment") is None
    assert why(sheet, after=-SOON) is None
    decide((None, 1, "final", 9, 8), (6, 1, "final", 9, -9), (7, 1, "midterm", 9, 8))
    assert why(sheet) is None
    assert why(sheet, "midterm") is None


def test_locks_count_for_the_sheets_of_their_scope(sheet):
    lock(book="class")
    lock(term=2)
    lock(grade=7)
    lock(class_group_id=cast.class_group("6B").pk)
    lock(subject_id=taught("ngu_van").subject_id)
    assert why(sheet) is None
    lock("marks", subject_id=taught().subject_id)
    assert why(sheet) is None
    assert why(sheet, had_value=True) is Shut.MARKS_LOCKED
    lock(class_group_id=cast.class_group().pk)
    assert why(sheet) is Shut.ENTRY_LOCKED
    unlock(grade=6)
    assert why(sheet) is None
    assert why(sheet, after=timedelta(hours=2)) is Shut.ENTRY_LOCKED


def test_the_sheet_of_the_class_is_locked_by_locks_of_its_book_and_not_by_those_of_a_subject():
    typed(class_place(), "Tốt", ("conduct", 1), person=cast.LAN)
    sheet = MarkSheet.objects.select_related("class_group", "class_subject").get(
        class_group=cast.class_group(), class_subject=None, term=1
    )
    lock(subject_id=taught().subject_id)
    lock(book="subject")
    assert why(sheet, "conduct") is None
    lock(book="class")
    assert why(sheet, "conduct") is Shut.ENTRY_LOCKED
