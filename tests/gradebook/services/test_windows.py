"""Plans of entry windows: drafted, decided, in versions; and what they close."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404
from django.utils import timezone

from gradebook.models import Window, WindowPlan
from gradebook.rules.entering import Why
from gradebook.rules.windows import Line
from gradebook.selectors import windows as found
from gradebook.services import windows
from gradebook.services.marks import Status
from schoolbook import clock
from schoolbook.errors import Conflict, Invalid, SecondFactorNeeded
from schoolbook.models import User
from schoolbook.rules.calendar import VIET_NAM
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Regulation
from schoolbook.services import schools
from tests import cast
from tests.gradebook.book import place
from tests.gradebook.closing import typed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def year():
    return cast.class_group().year


def line(component="final", *, term=1, grade=None, opens=-HOUR, closes=HOUR):
    now = clock.now().replace(microsecond=0)
    return Line(term, component, grade, now + opens, now + closes)


def save(*lines, person=cast.THU, version=None, reason=""):
    return windows.save_draft(
        year_id=year().pk,
        lines=lines,
        version=found.mark(found.draft(year())) if version is None else version,
        reason=reason,
        actor=cast.user(person),
    )


def decide(plan, person=cast.BINH, **more):
    more = {"version": found.mark(plan), "verified_at": timezone.now(), **more}
    return windows.decide(plan_id=plan.pk, actor=cast.user(person), **more)


def said(plan):
    return [(one.term, one.component, one.grade) for one in found.lines_of(plan)]


def test_a_draft_closes_nothing_and_the_decided_plan_does():
    plan = save(line(opens=-2 * HOUR, closes=-HOUR))
    assert typed(place()).status is Status.SAVED
    decide(plan, decision_number="7/QĐ")
    plan.refresh_from_db()
    assert (plan.decided_by, plan.decision_number) == (cast.user(cast.BINH), "7/QĐ")
    answer = typed(place(), pupil=cast.PUPILS[1])
    assert answer.why is Why.WINDOW_OVER
    assert typed(place(), cell=("midterm", 1)).status is Status.SAVED


def test_the_decided_plan_with_the_highest_number_counts():
    decide(save(line(opens=-2 * HOUR, closes=-HOUR)))
    assert typed(place()).why is Why.WINDOW_OVER
    second = decide(save(line()))
    assert second.number == 2
    assert typed(place()).status is Status.SAVED
    assert [one.standing for one in found.versions(year())] == ["in_force", "replaced"]


def test_a_grade_has_its_own_window_before_that_of_all_grades():
    decide(save(line(opens=-2 * HOUR, closes=-HOUR), line(grade=6)))
    assert typed(place()).status is Status.SAVED


def test_a_save_writes_all_lines_and_takes_out_what_is_no_longer_there():
    plan = save(line(), line("midterm"), line("regular", grade=6))
    save(line("midterm", closes=3 * HOUR), line("comment"))
    assert said(plan) == [(1, "midterm", None), (1, "comment", None)]
    assert Window.objects.filter(plan=plan).count() == 4
    save(line())
    assert said(plan) == [(1, "final", None)]
    assert Window.objects.filter(plan=plan).count() == 4


def test_a_new_draft_begins_with_what_is_in_force_or_with_the_usual_times():
    usual = found.proposed(year())
    assert {one.term for one in usual} == {1, 2}
    assert ("final", 1) in {(one.component, one.term) for one in usual}
    assert all(one.opens_at < one.closes_at for one in usual)
    decide(save(*usual))
    decide(save(line("midterm")))
    assert [one.component for one in found.proposed(year())] == ["midterm"]


def test_two_who_edit_the_draft_hear_of_each_other():
    first = save(line())
    seen = found.mark(first)
    save(line("midterm"), version=seen, person=cast.BINH)
    with pytest.raises(Conflict) as conflict:
        save(line("regular"), version=seen)
    assert conflict.value.author == cast.BINH.full_name
    assert conflict.value.version == found.mark(first)
    assert said(first) == [(1, "midterm", None)]
    with pytest.raises(Conflict):
        save(line("regular"), version=0)


def test_a_draft_that_was_decided_meanwhile_is_not_saved_over():
    plan = save(line())
    seen = found.mark(plan)
    decide(plan)
    with pytest.raises(Invalid):
        save(line("regular"), version=seen)
    assert said(plan) == [(1, "final", None)]


def test_each_line_that_cannot_be_so_has_its_sentence():
    far = timedelta(days=900)
    with pytest.raises(windows.LinesRefused) as refused:
        save(
            line(),
            line("midterm", opens=HOUR, closes=-HOUR),
            line(),
            line("comment", opens=far, closes=far + HOUR),
            line("nothing"),
            line("regular", term=3),
            line("regular", opens=HOUR, closes=HOUR),
        )
    assert sorted(refused.value.lines) == [1, 2, 3, 4, 5, 6]
    assert not WindowPlan.objects.exists()
    with pytest.raises(Invalid):
        save(*[line()] * (windows.MOST_LINES + 1))


@pytest.mark.parametrize("person", [cast.AN, cast.CHI, cast.SON])
def test_only_leaders_draft(person):
    with pytest.raises(PermissionDenied):
        save(line(), person=person)
    plan = save(line())
    with pytest.raises(PermissionDenied):
        windows.withdraw(plan_id=plan.pk, actor=cast.user(person))


def test_only_whom_the_regulation_names_decides():
    plan = save(line())
    for person in (cast.THU, cast.AN, cast.CHI):
        with pytest.raises(PermissionDenied):
            decide(plan, person)
    with pytest.raises(SecondFactorNeeded):
        decide(plan, verified_at=None)
    with pytest.raises(Http404):
        decide(plan, cast.KHANH)
    schools.decide(
        school_id=cast.song_lam().pk,
        parameters=Regulation(lock_decider=Role.VICE_PRINCIPAL),
        in_force_from=cast.TODAY,
        decision_number="2/QĐ",
        decided_on=cast.TODAY,
        actor=User.objects.system(),
    )
    assert decide(plan, cast.THU).state == "decided"


def test_what_is_decided_is_what_was_shown_and_deciding_twice_is_deciding_once():
    plan = save(line())
    seen = found.mark(plan)
    save(line("midterm"))
    with pytest.raises(Conflict):
        decide(plan, version=seen)
    first = decide(plan)
    again = decide(plan, version=seen, decision_number="other")
    assert (again.decided_at, again.decision_number) == (first.decided_at, "")
    assert WindowPlan.history.filter(id=plan.pk, state="decided").count() == 1


def test_an_empty_draft_is_not_decided_and_a_withdrawn_one_never():
    plan = save()
    with pytest.raises(Invalid):
        decide(plan)
    windows.withdraw(plan_id=plan.pk, actor=cast.user(cast.THU))
    windows.withdraw(plan_id=plan.pk, actor=cast.user(cast.THU))
    with pytest.raises(Invalid):
        decide(plan)
    decided = decide(save(line()))
    with pytest.raises(Invalid):
        windows.withdraw(plan_id=decided.pk, actor=cast.user(cast.THU))
    assert decided.number == plan.number + 1


def test_the_database_keeps_a_decided_plan_as_it_is():
    plan = decide(save(line()))
    for change in (
        lambda: Window.objects.filter(plan=plan).update(is_dropped=True),
        lambda: WindowPlan.objects.filter(pk=plan.pk).update(reason="x"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_every_save_and_the_decision_stand_in_the_history():
    plan = save(line(), reason="Lần đầu")
    save(line(), line("midterm"), reason="Thêm giữa kì", person=cast.BINH)
    decide(plan)
    kept = WindowPlan.history.filter(id=plan.pk).order_by("history_id")
    assert [(row.actor_name, row.state) for row in kept] == [
        (cast.THU.full_name, "draft"),
        (cast.BINH.full_name, "draft"),
        (cast.BINH.full_name, "decided"),
    ]
    assert Window.history.filter(plan=plan).count() == 2


@pytest.mark.parametrize(
    ("edge", "closed"),
    [
        (datetime(2026, 10, 31, 23, 59, 59, 999999, VIET_NAM), Why.NOT_OPEN_YET),
        (datetime(2026, 11, 1, tzinfo=VIET_NAM), None),
        (datetime(2026, 11, 1, 0, 0, 0, 1, VIET_NAM), None),
        (datetime(2026, 12, 31, 23, 59, 59, 999999, VIET_NAM), None),
        (datetime(2027, 1, 1, tzinfo=VIET_NAM), Why.WINDOW_OVER),
        (datetime(2027, 1, 1, 0, 0, 0, 1, VIET_NAM), Why.WINDOW_OVER),
        (datetime(2026, 12, 31, 16, 59, 59, 999999, UTC), None),
        (datetime(2026, 12, 31, 17, 0, 0, 0, UTC), Why.WINDOW_OVER),
    ],
)
def test_a_window_of_two_months_is_exact_at_the_ends_of_month_and_year(edge, closed):
    from gradebook import access  # noqa: PLC0415
    from gradebook.rules.closing import Closing  # noqa: PLC0415

    whole = Line(
        1,
        "final",
        None,
        datetime(2026, 11, 1, tzinfo=VIET_NAM),
        datetime(2027, 1, 1, tzinfo=VIET_NAM),
    )
    decide(save(whole))
    spans = access.book(cast.user(cast.CHI), place()).closing.spans
    shut = Closing(moment=edge, spans=spans).closes((1, "final", 1), has_value=False)
    assert (Why(shut.by.value) if shut else None) is closed
