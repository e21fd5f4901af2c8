"""Who may write which cell: pupils who come and go, exemptions, seals, columns, classes, primary, other systems."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from gradebook import access
from gradebook.models import Mark, MarkSheet, SubjectResult
from gradebook.rules.entering import Why
from gradebook.selectors.books import Place
from gradebook.selectors.sheet import sheet
from gradebook.services import marks, sheets
from gradebook.services.marks import Edit, Status
from schoolbook import audit, clock
from schoolbook.errors import Invalid
from schoolbook.models import ClassSubject, Enrolment, Session, User
from schoolbook.rules.regulation import Regulation
from schoolbook.services import classes, schools, student_file, students
from tests import cast
from tests.gradebook.services.test_marks import edit, maths, place, save

pytestmark = pytest.mark.django_db


def answer(*edits, **more):
    [found] = save(*edits, **more).answers
    return found


def decide(**parameters):
    schools.decide(
        school_id=cast.song_lam().pk,
        parameters=Regulation(**parameters),
        in_force_from=date(2026, 8, 2),
        decision_number="2/QĐ",
        decided_on=date(2026, 8, 2),
        actor=User.objects.system(),
    )


def leave(last_day, name=cast.PUPILS[0]):
    students.leave(
        enrolment_id=Enrolment.objects.get(student__full_name=name, school=cast.song_lam()).pk,
        last_day=last_day,
        reason="Chuyển trường",
        actor=cast.user(cast.QUYEN),
    )


@pytest.fixture
def in_december(monkeypatch):
    """A day on which the first term is under way."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 12, 1))


def test_who_has_left_stays_on_the_sheet_and_takes_no_more_marks(in_december):
    save(edit("7"))
    leave(date(2026, 11, 30))
    found = answer(edit("8", seen=1))
    assert (found.status, found.why, found.shown) == (Status.REFUSED, Why.LEFT, "7")
    row = sheet(access.book(cast.user(cast.CHI), place())).rows[-1]
    shown = {one.pupil.name: one for one in sheet(access.book(cast.user(cast.CHI), place())).rows}
    assert shown[cast.PUPILS[0]].has_left
    assert shown[cast.PUPILS[0]].cells[0].shown == "7"
    assert row.order == 3


def test_on_the_last_day_marks_are_still_taken(in_december):
    leave(date(2026, 12, 1))
    assert answer(edit("8")).status is Status.SAVED


def test_who_left_before_the_term_is_not_on_its_sheet(in_december):
    leave(date(2026, 8, 20))
    assert answer(edit("8")).why is Why.NOT_ON_SHEET
    names = [row.pupil.name for row in sheet(access.book(cast.user(cast.CHI), place())).rows]
    assert cast.PUPILS[0] not in names


def test_a_pupil_of_another_class_is_none_of_the_sheet():
    stranger = cast.doi_thong().students.order_by("id")[0]
    one = Edit(uuid4(), stranger.pk, "final", 1, "7", 0)
    assert answer(one).why is Why.NOT_ON_SHEET


@pytest.mark.parametrize("cell", [("regular", 9), ("periodic", 1), ("essay", 1), ("retest", 1)])
def test_a_column_that_the_sheet_does_not_have_takes_nothing(cell):
    assert answer(edit("7", component=cell[0], number=cell[1])).why is Why.NO_COLUMN


def test_m_is_for_those_whose_exemption_is_on_file():
    assert answer(edit("M")).why is Why.NOT_EXEMPT
    student_file.exempt(
        student_id=cast.pupil().pk,
        subject=maths().subject,
        year=cast.class_group().year,
        terms=(True, False),
        kind="exempt",
        paper="Giấy ra viện",
        actor=cast.user(cast.QUYEN),
    )
    assert answer(edit("M")).status is Status.SAVED
    assert answer(edit("M"), term=2).why is Why.NOT_EXEMPT


def test_a_subject_that_is_not_taught_in_the_term_takes_nothing():
    taught = maths()
    wanted = {taught.pk: classes.Taught(taught.periods, taught.assessed_by, True, False)}
    classes.edit_subjects(
        class_group_id=taught.class_group_id, wanted=wanted, actor=cast.user(cast.AN)
    )
    assert answer(edit("7"), term=2).why is Why.NOT_TAUGHT
    assert answer(edit("7")).status is Status.SAVED


def session_of(person, *, began, seen):
    """A browser in which somebody is signed in since and until some minutes ago."""
    now = timezone.now()
    return Session.objects.create(
        session_key=uuid4().hex,
        session_data="",
        user=cast.user(person),
        started_at=now - timedelta(minutes=began),
        last_seen_at=now - timedelta(minutes=seen),
        expire_date=now + timedelta(hours=1),
    )


def test_where_the_school_seals_a_mark_is_open_while_its_author_is_signed_in():
    decide(seal_on_sign_out=True)
    signed_in = session_of(cast.CHI, began=5, seen=0)
    save(edit("7"))
    assert answer(edit("8", seen=1)).status is Status.SAVED
    signed_in.delete()
    found = answer(edit("9", seen=2))
    assert (found.why, found.shown) == (Why.SEALED, "8")
    assert answer(edit("9", number=2)).status is Status.SAVED
    cells = sheet(access.book(cast.user(cast.CHI), place())).rows
    why = {row.pupil.name: row.cells[0].why for row in cells}
    assert why[cast.PUPILS[0]] is Why.SEALED
    assert why[cast.PUPILS[1]] is None


def test_a_session_that_was_idle_for_too_long_is_over_and_a_later_one_opens_nothing():
    decide(seal_on_sign_out=True, idle_minutes=20)
    idle = session_of(cast.CHI, began=60, seen=21)
    save(edit("7"))
    assert answer(edit("8", seen=1)).why is Why.SEALED
    idle.last_seen_at = timezone.now()
    idle.save()
    assert answer(edit("8", seen=1)).status is Status.SAVED
    idle.delete()
    session_of(cast.CHI, began=-1, seen=-1)
    assert answer(edit("9", seen=2)).why is Why.SEALED


def test_columns_beyond_those_of_the_circular_are_the_schools_to_allow():
    chi = cast.user(cast.CHI)
    with pytest.raises(Invalid):
        sheets.set_regular(place=place(), columns=5, actor=chi)
    decide(extra_regular=1)
    sheets.set_regular(place=place(), columns=5, actor=chi)
    assert answer(edit("7", number=5)).status is Status.SAVED
    with pytest.raises(Invalid):
        sheets.set_regular(place=place(), columns=6, actor=chi)
    with pytest.raises(Invalid):
        sheets.set_regular(place=place(), columns=4, actor=chi)
    save(edit("", number=5, seen=1))
    sheets.set_regular(place=place(), columns=4, actor=chi)
    assert answer(edit("7", number=5, seen=2)).why is Why.NO_COLUMN
    assert MarkSheet.history.filter(regular=5).exists()


def test_only_who_enters_the_marks_widens_the_sheet():
    decide(extra_regular=1)
    with pytest.raises(PermissionDenied):
        sheets.set_regular(place=place(), columns=5, actor=cast.user(cast.THU))


def test_a_figure_of_another_system_is_taken_over_only_with_its_source():
    result = {"component": "term_result", "number": 1}
    assert answer(edit("6,4", **result)).why is Why.NO_COLUMN
    assert answer(edit("6,4", **result, source="vnEdu")).status is Status.SAVED
    mark = Mark.objects.get()
    assert (mark.origin, mark.source) == ("taken_over", "vnEdu")
    stored = SubjectResult.objects.get(period="term1")
    assert (str(stored.average), stored.origin) == ("6.4", "taken_over")
    row = next(
        row
        for row in sheet(access.book(cast.user(cast.CHI), place())).rows
        if row.pupil.name == cast.PUPILS[0]
    )
    assert row.results[0].is_taken_over


def test_a_mark_taken_over_says_so_until_it_is_typed_anew():
    save(edit("7", source="SMAS"))
    assert answer(edit("7", seen=1)).status is Status.SAVED
    assert (Mark.objects.get().origin, Mark.objects.get().source) == ("entered", "")


def in_class(typed, *, component="conduct", number=1, term=1, actor=cast.LAN, seen=0):
    one = Edit(uuid4(), cast.pupil().pk, component, number, typed, seen)
    where = Place(term, class_group_id=cast.class_group().pk)
    [found] = marks.save(place=where, edits=[one], actor=cast.user(actor)).answers
    return found


def test_the_homeroom_teacher_enters_conduct_and_remarks_on_the_sheet_of_the_class():
    assert in_class("t").shown == "Tốt"
    assert in_class("Ngoan, chăm chỉ.", component="comment").status is Status.SAVED
    assert in_class("Chuyên cần.", component="month", number=10).status is Status.SAVED
    assert in_class("V").status is Status.REFUSED
    assert in_class("Khá", component="conduct_summer", term=2).status is Status.SAVED
    assert not SubjectResult.objects.exists()


@pytest.mark.parametrize("actor", [cast.CHI, cast.BINH, cast.VAN, cast.AN])
def test_nobody_else_writes_on_the_sheet_of_the_class(actor):
    with pytest.raises(PermissionDenied):
        in_class("Tốt", actor=actor)


def test_who_teaches_one_subject_does_not_see_the_sheet_of_the_class():
    where = Place(1, class_group_id=cast.class_group().pk)
    with pytest.raises(PermissionDenied):
        access.book(cast.user(cast.CHI), where)
    assert not access.book(cast.user(cast.BINH), where).may_enter


def test_the_homeroom_teacher_looks_at_the_subjects_and_does_not_write_there():
    assert not access.book(cast.user(cast.LAN), place()).may_enter
    with pytest.raises(PermissionDenied):
        save(edit("7"), actor=cast.LAN)


def test_a_primary_class_has_levels_and_tests_and_no_computed_average():
    group = cast.class_group()
    group.scheme, group.grade = "tt27", 4
    group.save()
    audit.record([group], actor=User.objects.system())
    found = save(
        edit("t", component="level"),
        edit("9", component="test", number=2),
        edit("8,5", component="test", number=1),
        edit("Con đọc tốt.", component="comment", number=2),
    ).answers
    statuses = [one.status for one in found]
    assert statuses == [Status.SAVED, Status.SAVED, Status.REFUSED, Status.SAVED]
    assert [one.shown for one in found] == ["T", "9", "", "Con đọc tốt."]
    assert not SubjectResult.objects.exists()
    page = sheet(access.book(cast.user(cast.CHI), place()))
    assert page.periods == ()
    assert in_class("t", component="quality_end", number=5).shown == "T"
    assert in_class("c", component="competence_middle", number=10).shown == "C"


def test_the_assessment_after_the_summer_overwrites_nothing():
    cells = [("regular", number) for number in (1, 2, 3, 4)] + [("midterm", 1), ("final", 1)]
    for term in (1, 2):
        save(*[edit("4", component=name, number=number) for name, number in cells], term=term)
    before = {row.period: row.average for row in SubjectResult.objects.all()}
    save(edit("6", component="retest"), term=2)
    assert {row.period: row.average for row in SubjectResult.objects.all()} == before
    assert ClassSubject.objects.get(pk=maths().pk)
