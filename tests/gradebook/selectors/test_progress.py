"""The board against a slow and plain recount, and what a plan makes due."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gradebook.access import book as open_book
from gradebook.access_watching import watched
from gradebook.models import Mark
from gradebook.rules.progress import (
    Due,
    PlannedWindow,
    Tally,
    Tone,
    last_day_before,
    month_end,
    months,
)
from gradebook.selectors import progress
from gradebook.selectors.books import Place
from gradebook.selectors.sheet import sheet
from schoolbook.services import students
from tests import cast
from tests.gradebook import book

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
ENDS = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)


def recounted(line, term):
    """The same figures from the page of the sheet: cell by cell."""
    where = (
        Place(term, class_subject_id=line.taught.pk)
        if line.taught
        else Place(term, class_group_id=line.group.pk)
    )
    opened = open_book(cast.user(cast.BINH), where)
    if not opened.is_taught:
        return (0, 0)
    here = [row for row in sheet(opened).rows if not row.has_left]
    wanted = sum(cell.column.required for row in here for cell in row.cells)
    return (wanted, wanted - sum(cell.is_missing for row in here for cell in row.cells))


@pytest.mark.django_db
def test_every_tile_says_what_its_sheet_says():
    teacher = book.teach_everything(cast.CHI)
    book.more_pupils(4)
    book.whole_term(1, teacher, book.pupils()[:5])
    book.fill(book.class_place(), cast.user(cast.LAN), {cast.pupil(): {("conduct", 1): "Tốt"}})
    students.leave(
        enrolment_id=cast.pupil(cast.PUPILS[1]).enrolments.get().pk,
        last_day=date(2026, 10, 1),
        reason="Chuyển trường",
        actor=cast.user(cast.QUYEN),
    )
    # A comment and a column beside those required count for nothing.
    book.fill(book.place(), teacher, {cast.pupil(): {("comment", 1): "Chăm học."}})
    seen = watched(cast.user(cast.BINH))
    assert seen.year
    found = progress.lines(seen.year, seen.subjects, seen.groups)
    assert len(found) > 20
    for line in found:
        for term in (1, 2):
            tally = line.tallies[term]
            assert (tally.required, tally.entered) == recounted(line, term), (line, term)
    assert sum(line.tally((1, 2)).entered for line in found) < Mark.objects.count()


def window(component="final", grade=None, closes_at=ENDS, pk=1):
    return PlannedWindow(pk, grade, 1, component, closes_at - timedelta(days=9), closes_at)


@pytest.mark.parametrize(("microseconds", "due"), [(-1, False), (0, True), (1, True)])
def test_what_a_window_limits_is_due_when_it_closes(microseconds, due):
    rule = Due([window()], {1: date(2027, 1, 10), 2: date(2027, 5, 25)})
    moment = ENDS + timedelta(microseconds=microseconds)
    assert rule.is_due(6, 1, "final", moment) is due
    assert rule.is_due(6, 1, "midterm", moment) is False


@pytest.mark.parametrize(("microseconds", "due"), [(-1, False), (0, True), (1, True)])
def test_what_none_limits_is_due_when_the_term_is_over(microseconds, due):
    rule = Due([], {1: date(2026, 12, 31), 2: date(2027, 5, 25)})
    new_year = datetime(2027, 1, 1, tzinfo=VIET_NAM)
    assert rule.is_due(6, 1, "final", new_year + timedelta(microseconds=microseconds)) is due


def test_a_grade_may_have_a_window_of_its_own():
    own = window(grade=9, closes_at=ENDS + timedelta(days=2), pk=2)
    rule = Due([window(), own], {1: date(2027, 1, 10), 2: date(2027, 5, 25)})
    assert rule.is_due(6, 1, "final", ENDS)
    assert not rule.is_due(9, 1, "final", ENDS)
    assert rule.window(9, 1, "final") == own


def test_months_end_in_viet_nam():
    december = month_end(date(2026, 12, 1))
    assert december == datetime(2027, 1, 1, tzinfo=VIET_NAM)
    assert last_day_before(december) == date(2026, 12, 31)
    assert last_day_before(ENDS) == date(2026, 12, 20)
    assert months(date(2026, 11, 20), date(2027, 1, 2)) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]


@pytest.mark.parametrize(
    ("entered", "tone"),
    [
        (0, Tone.NONE),
        (1, Tone.SOME),
        (499, Tone.SOME),
        (500, Tone.MOST),
        (899, Tone.MOST),
        (900, Tone.NEARLY),
        (999, Tone.NEARLY),
        (1000, Tone.COMPLETE),
    ],
)
def test_a_tile_is_complete_only_when_nothing_is_missing(entered, tone):
    assert Tally(required=1000, entered=entered).tone is tone
    assert (Tally(required=1000, entered=entered).percent == 100) is (tone is Tone.COMPLETE)


def test_a_sheet_with_nobody_on_it_is_no_zero():
    assert Tally().tone is Tone.NOBODY
