"""Setting up a year: what the database and the services refuse, and what stays when something changes in mid-year."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from schoolbook.errors import Invalid
from schoolbook.models import ClassSubject, Enrolment, HomeroomAssignment, User
from schoolbook.rules.calendar import YearPlan, usual_plan
from schoolbook.rules.permissions import Role
from schoolbook.rules.subjects import CATALOGUE, Level, usual_subjects
from schoolbook.services import duties, rows, structure
from tests import cast

pytestmark = pytest.mark.django_db


def system():
    return User.objects.system()


def year():
    return cast.class_group().year


def test_a_year_belongs_to_a_school_once_and_its_days_are_in_order():
    made = structure.open_year(
        school=cast.song_lam(), start=2027, plan=usual_plan(2027), actor=cast.user(cast.AN)
    )
    assert made.name == "2027-2028"
    with pytest.raises(Invalid) as caught:
        structure.open_year(
            school=cast.song_lam(), start=2027, plan=usual_plan(2027), actor=cast.user(cast.AN)
        )
    assert "__all__" in caught.value.errors
    (begin1, _end1), second = usual_plan(2028).first_term, usual_plan(2028).second_term
    overlapping = YearPlan(first_term=(begin1, second[0]), second_term=second)
    with pytest.raises(Invalid):
        structure.open_year(
            school=cast.song_lam(), start=2028, plan=overlapping, actor=cast.user(cast.AN)
        )


@pytest.mark.parametrize("person", [cast.BINH, cast.CHI, cast.QUYEN, cast.SON, cast.DUNG])
def test_only_the_administrator_sets_up_a_year(person):
    with pytest.raises(PermissionDenied):
        structure.add_class(year=year(), grade=6, name="6C", actor=cast.user(person))


def test_the_administrator_next_door_finds_no_such_school():
    with pytest.raises(Http404):
        structure.add_class(year=year(), grade=6, name="6C", actor=cast.user(cast.KHANH))


@pytest.mark.parametrize(("grade", "scheme"), [(6, "tt22"), (9, "tt22")])
def test_a_class_keeps_the_circular_of_its_level_grade_and_year(grade, scheme):
    group = structure.add_class(year=year(), grade=grade, name="Z", actor=cast.user(cast.AN))
    assert group.scheme == scheme


def test_a_class_of_an_older_year_keeps_the_older_circular():
    old = structure.open_year(
        school=cast.song_lam(), start=2022, plan=usual_plan(2022), actor=cast.user(cast.AN)
    )
    group = structure.add_class(year=old, grade=9, name="9A", actor=cast.user(cast.AN))
    assert group.scheme == "tt26"


@pytest.mark.parametrize("grade", [0, 5, 10, 13])
def test_a_grade_of_another_level_is_refused_with_a_sentence(grade):
    with pytest.raises(Invalid) as caught:
        structure.add_class(year=year(), grade=grade, name="X", actor=cast.user(cast.AN))
    assert caught.value.errors["grade"]


def test_the_usual_subjects_come_with_periods_and_kind_in_few_queries(exactly_queries):
    group = structure.add_class(year=year(), grade=8, name="8A", actor=system())
    actor = system()
    with exactly_queries(
        9
    ):  # two savepoints and their ends, class and school locked, subjects, rows, history
        structure.take_usual_subjects(class_group=group, actor=actor)
    taught = {row.subject.code: row for row in group.class_subjects.select_related("subject")}
    assert set(taught) == {entry.code for entry in usual_subjects(Level.LOWER_SECONDARY, 8)}
    assert (taught["toan"].periods, taught["toan"].assessed_by) == (140, "score")
    assert taught["gdtc"].assessed_by == "comment"


@pytest.mark.parametrize("level", list(Level))
def test_the_catalogue_has_every_code_once_in_a_grade(level):
    for grade in range(1, 13):
        codes = [entry.code for entry in usual_subjects(level, grade)]
        assert len(codes) == len(set(codes))
    assert all(entry.periods > 0 for entry in CATALOGUE[level])


def maths(name="6A"):
    return cast.class_group(name).class_subjects.get(subject__code="toan")


def test_two_may_teach_together_but_one_gives_the_assessment_of_the_term():
    minh = cast.user(cast.MINH)
    with pytest.raises(Invalid):
        structure.assign_teacher(
            class_subject=maths(), user=minh, begins_on=cast.TODAY, actor=cast.user(cast.AN)
        )
    beside = structure.assign_teacher(
        class_subject=maths(),
        user=minh,
        begins_on=cast.TODAY,
        gives_final=False,
        actor=cast.user(cast.AN),
    )
    assert beside.pk


def test_a_new_homeroom_teacher_ends_the_old_one_the_day_before():
    structure.assign_homeroom(
        class_group=cast.class_group(),
        user=cast.user(cast.MINH),
        begins_on=cast.TODAY,
        actor=cast.user(cast.AN),
    )
    old, new = HomeroomAssignment.objects.filter(class_group=cast.class_group()).order_by("id")
    assert (old.user, new.user) == (cast.user(cast.LAN), cast.user(cast.MINH))
    assert old.ends_on == rows.day_before(new.begins_on)
    with pytest.raises(IntegrityError, match="homeroom_one_at_a_time"), transaction.atomic():
        HomeroomAssignment.objects.create(
            school=cast.song_lam(),
            class_group=cast.class_group(),
            user=cast.user(cast.CHI),
            begins_on=cast.TODAY,
        )


def test_nothing_points_across_the_fence_between_schools_even_past_the_services():
    stranger = cast.doi_thong().students.get(code="HS001")
    with pytest.raises(DatabaseError, match="belongs to another school"), transaction.atomic():
        Enrolment.objects.create(
            school=cast.song_lam(),
            student=stranger,
            class_group=cast.class_group(),
            begins_on=date(2099, 1, 1),
        )
    with pytest.raises(DatabaseError, match="belongs to another school"), transaction.atomic():
        ClassSubject.objects.filter(pk=maths().pk).update(
            subject=cast.doi_thong().subjects.get(code="toan")
        )


BOARD = [(cast.AN, "Trưởng ban"), (cast.CHI, "Thiết lập năm học"), (cast.MINH, "Hỗ trợ")]


def appoint(members, number="15/QĐ"):
    return duties.appoint_board(
        school=cast.song_lam(),
        decision_number=number,
        decided_on=cast.TODAY,
        members=[duties.BoardMember(cast.user(person), task) for person, task in members],
        actor=cast.user(cast.AN),
        verified_at=timezone.now(),
    )


def test_an_admin_board_has_its_decision_and_a_written_duty_each():
    board = appoint(BOARD)
    assert board.members.count() == 3
    assert {duty.task for duty in board.members.all()} == {task for _person, task in BOARD}
    assert cast.user(cast.CHI).duties.on(cast.TODAY).get().role == Role.ADMIN


@pytest.mark.parametrize(
    "members",
    [
        BOARD[:2],
        [*BOARD, BOARD[0]],
        [*BOARD, *((p, "x") for p in (cast.LAN, cast.PHUC, cast.QUYEN))],
        [*BOARD[:2], (cast.MINH, " ")],
        [*BOARD[:2], (cast.KHANH, "x")],
    ],
    ids=["two", "one twice", "six", "no duty written", "a stranger"],
)
def test_any_other_board_is_refused_and_nothing_stays(members):
    before = cast.song_lam().duties.count()
    with pytest.raises((Invalid, Http404)), transaction.atomic():
        appoint(members)
    assert cast.song_lam().duties.count() == before


def test_a_board_needs_the_number_of_its_decision():
    with pytest.raises(Invalid) as caught:
        appoint(BOARD, number=" ")
    assert "decision_number" in caught.value.errors


def test_a_discharged_administrator_has_no_right_from_the_next_day_on():
    duty = cast.user(cast.AN).duties.get()
    duties.charge(
        school=cast.song_lam(),
        user=cast.user(cast.CHI),
        role=Role.ADMIN,
        begins_on=cast.START,
        actor=system(),
    )
    duties.discharge(duty_id=duty.pk, last_day=date(2026, 6, 30), actor=system())
    with pytest.raises(PermissionDenied):
        structure.add_class(year=year(), grade=6, name="6C", actor=cast.user(cast.AN))
