"""Lateness and figures of months: as of their moment, once, and the same however late the job is."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection

from gradebook import tasks
from gradebook.models import Lateness, MonthFigure
from gradebook.rules.progress import month_end
from gradebook.selectors.books import Place
from gradebook.services import watching
from schoolbook.celery import app
from schoolbook.models import User
from schoolbook.services import structure, students
from tests import cast
from tests.gradebook import book
from tests.gradebook.closing import typed
from tests.gradebook.watching import SchoolClock, instant, keep, plan

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)


@pytest.fixture
def shown(monkeypatch):
    return SchoolClock(monkeypatch)


def lateness(code="toan", **found):
    return Lateness.objects.get(class_subject=book.taught(code), **found)


def figures(month, code="toan"):
    return MonthFigure.objects.get(class_subject=book.taught(code), month=month)


@pytest.mark.django_db
class TestLateness:
    def test_it_is_what_was_missing_at_the_moment_and_not_what_is_missing_now(self, shown):
        ends = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)
        plan((1, "final", ends, None))
        typed(book.place())
        between = instant()
        typed(book.place(), pupil=cast.PUPILS[1])
        shown.show(ends, between)
        assert keep().lateness > 0
        row = lateness()
        assert (row.required, row.missing, row.as_of) == (3, 2, ends)
        assert row.teachers == [cast.CHI.full_name]

    @pytest.mark.parametrize(("microseconds", "kept"), [(-1, 0), (0, 1), (1, 1)])
    def test_a_window_has_closed_at_its_end_and_not_before(self, microseconds, kept, shown):
        ends = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)
        plan((1, "final", ends, None))
        shown.show(ends, instant(), now=ends + timedelta(microseconds=microseconds))
        keep()
        found = Lateness.objects.filter(class_subject=book.taught())
        assert found.count() == kept

    def test_a_job_three_days_late_keeps_the_same_as_one_in_time(self, shown):
        ends = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)
        plan((1, "final", ends, None))
        typed(book.place())
        between = instant()
        # What happens after: marks, a pupil who leaves, another teacher.
        typed(book.place(), pupil=cast.PUPILS[1])
        students.leave(
            enrolment_id=cast.pupil(cast.PUPILS[2]).enrolments.get().pk,
            last_day=date(2026, 11, 1),
            reason="Chuyển trường",
            actor=cast.user(cast.QUYEN),
        )
        structure.hand_over(
            class_subject_id=book.taught().pk,
            to=cast.user(cast.MINH),
            day=date(2026, 12, 1),
            actor=User.objects.system(),
        )
        shown.show(ends, between, now=ends + 3 * DAY)
        keep()
        row = lateness()
        assert (row.required, row.missing) == (3, 2)
        assert row.teachers == [cast.CHI.full_name]

    def test_a_cell_that_was_emptied_before_the_end_is_missing(self, shown):
        ends = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)
        plan((1, "final", ends, None))
        first = typed(book.place())
        typed(book.place(), "", seen=first.version)
        between = instant()
        shown.show(ends, between)
        keep()
        assert lateness().missing == 3

    def test_keeping_twice_is_keeping_once(self, shown):
        ends = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)
        plan((1, "final", ends, None))
        shown.show(ends, instant())
        first = keep()
        rows = Lateness.objects.count()
        assert first.lateness == rows
        assert keep() == watching.Kept()
        assert Lateness.objects.count() == rows

    def test_the_window_of_a_grade_goes_before_that_of_all(self, shown):
        ends = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)
        made = plan((1, "final", ends + DAY, None), (1, "final", ends, 6))
        shown.show(ends, instant(), now=ends + 2 * DAY)
        keep()
        [row] = Lateness.objects.filter(class_subject=book.taught())
        assert row.window.grade == 6
        assert row.window.plan == made

    def test_a_plan_counts_for_windows_that_close_while_it_is_in_force(self, shown):
        ends = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)
        closed, moved = ends - timedelta(microseconds=1), ends + 2 * DAY
        plan((1, "midterm", closed, None), (1, "final", moved - DAY, None))
        then = instant()
        plan((1, "midterm", closed, None), (1, "final", moved, None))
        shown.show(ends, then, now=moved)
        keep()
        kept = Lateness.objects.filter(class_subject=book.taught())
        found = {(row.window.component, row.window.plan.number) for row in kept}
        assert found == {("midterm", 1), ("final", 2)}

    def test_windows_that_had_closed_when_they_were_decided_leave_no_trace(self, shown):
        ends = datetime(2026, 11, 2, 17, tzinfo=VIET_NAM)
        now = instant()
        shown.show(ends + DAY, now)
        plan((1, "final", ends, None))
        keep()
        assert not Lateness.objects.exists()

    def test_the_homeroom_teacher_has_windows_too(self, shown):
        ends = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)
        plan((1, "conduct", ends, None))
        typed(book.class_place(), "Tốt", ("conduct", 1), person=cast.LAN)
        shown.show(ends, instant())
        keep()
        [row] = Lateness.objects.all()
        assert row.class_subject is None
        assert (row.required, row.missing) == (3, 2)
        assert row.teachers == [cast.LAN.full_name]


@pytest.mark.django_db
class TestMonths:
    NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)

    @pytest.mark.parametrize("month", [NOVEMBER, DECEMBER])
    def test_a_month_ends_with_the_first_instant_of_the_next(self, month, shown):
        typed(book.place(), cell=("midterm", 1))
        between = instant()
        typed(book.place(), pupil=cast.PUPILS[1])
        shown.show(month_end(month), between)
        keep()
        row = figures(month)
        # Six columns of term 1 and six of term 2, three pupils.
        assert (row.required, row.due, row.entered, row.entered_due) == (36, 0, 1, 0)
        assert row.as_of == month_end(month)

    def test_without_a_plan_a_term_is_due_when_it_is_over(self, shown):
        january = date(2027, 1, 1)
        typed(book.place(), cell=("midterm", 1))
        shown.show(month_end(january), instant())
        keep()
        row = figures(january)
        assert book.taught().class_group.year.term1_ends_on < date(2027, 2, 1)
        assert (row.due, row.entered_due) == (18, 1)

    def test_what_a_window_closed_is_due(self, shown):
        end = month_end(self.NOVEMBER)
        plan((1, "midterm", end - DAY, None))
        typed(book.place(), cell=("midterm", 1))
        shown.show(end, instant())
        keep()
        row = figures(self.NOVEMBER)
        assert (row.due, row.entered, row.entered_due) == (3, 1, 1)

    def test_nothing_is_kept_of_months_before_the_school_used_the_program(self, shown):
        typed(book.place())
        shown.show(month_end(self.DECEMBER), instant())
        keep()
        months = set(MonthFigure.objects.values_list("month", flat=True))
        assert months == {self.DECEMBER}

    def test_a_school_without_marks_and_plan_keeps_nothing(self, shown):
        shown.show(month_end(self.DECEMBER), instant())
        assert keep() == watching.Kept()

    def test_a_primary_school_keeps_its_figures(self, shown):
        group, teacher = book.primary_class()
        row = group.class_subjects.get(subject__code="toan")
        pupils = book.pupils(group)
        where = Place(1, class_subject_id=row.pk)
        book.fill(where, teacher, {pupils[0]: {("level", 1): "T"}})
        shown.show(month_end(self.NOVEMBER), instant())
        keep()
        kept = MonthFigure.objects.get(class_subject=row)
        assert kept.entered == 1
        assert kept.required >= 4


@pytest.mark.django_db
def test_only_the_system_actor_keeps_figures():
    with pytest.raises(PermissionDenied):
        watching.keep_figures(actor=cast.user(cast.AN))


@pytest.mark.django_db
def test_the_job_and_the_command_do_the_same(shown, capsys):
    ends = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)
    plan((1, "final", ends, None))
    shown.show(ends, instant())
    call_command("keep_figures")
    assert f"lateness: {Lateness.objects.count()} rows" in capsys.readouterr().out
    assert tasks.keep_figures() == 0


def test_beat_asks_for_it_every_night_and_the_worker_knows_it():
    app.loader.import_default_modules()
    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.keep_figures.name in asked
    assert asked <= set(app.tasks)


def test_two_schedulers_at_once_keep_nothing_twice_and_raise_nothing(committed, shown):
    ends = datetime(2026, 12, 20, 17, tzinfo=VIET_NAM)
    plan((1, "final", ends, None))
    typed(book.place())
    shown.show(ends, instant(), now=ends + DAY)
    together, failed = Barrier(2), []

    def run():
        try:
            together.wait()
            keep()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert lateness().missing == 2
    kept = list(Lateness.objects.values_list("window", "class_group", "class_subject"))
    assert len(kept) == len(set(kept)) == Lateness.history.count()
