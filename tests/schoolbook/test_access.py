"""Who reaches which class and which pupil: by duty, by assignment and by date, and never across schools."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from schoolbook import access
from schoolbook.models import Student, User
from schoolbook.rules.permissions import Action
from schoolbook.services import structure, students
from tests import cast

pytestmark = pytest.mark.django_db

EVERY_CLASS = {"6A", "6B"}


def classes(person, action=Action.VIEW_CLASS):
    return set(access.class_groups(cast.user(person), action).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        (cast.AN, EVERY_CLASS),
        (cast.BINH, EVERY_CLASS),
        (cast.QUYEN, EVERY_CLASS),
        (cast.SON, EVERY_CLASS),
        (cast.CHI, {"6A"}),
        (cast.LAN, {"6A"}),
        (cast.MINH, {"6B"}),
        (cast.PHUC, {"6A"}),
        (cast.OANH, set()),
        (cast.DUNG, set()),
        (cast.GIANG, set()),
        (cast.HAI, set()),
        (cast.KHANH, {"10A", "10B"}),
    ],
    ids=lambda value: getattr(value, "full_name", None),
)
def test_each_sees_the_classes_of_today_and_no_others(person, seen):
    assert classes(person) == seen


@pytest.mark.parametrize(
    ("person", "edited"),
    [
        (cast.AN, EVERY_CLASS),
        (cast.QUYEN, EVERY_CLASS),
        (cast.LAN, {"6A"}),
        (cast.BINH, set()),
        (cast.CHI, set()),
        (cast.PHUC, set()),
        (cast.SON, set()),
    ],
    ids=lambda value: getattr(value, "full_name", None),
)
def test_few_of_those_who_see_pupils_may_edit_them(person, edited):
    assert classes(person, Action.EDIT_STUDENTS) == edited


def test_handing_over_moves_the_right_and_not_the_past():
    group = cast.class_group()
    maths = group.class_subjects.get(subject__code="toan")
    assert classes(cast.MINH) == {"6B"}
    structure.hand_over(
        class_subject_id=maths.pk,
        to=cast.user(cast.MINH),
        day=cast.TODAY,
        actor=User.objects.system(),
    )
    assert classes(cast.MINH) == EVERY_CLASS
    assert classes(cast.CHI) == set()
    taught = maths.assignments.order_by("begins_on").values_list("user__username", flat=True)
    assert list(taught) == [p.username for p in (cast.OANH, cast.CHI, cast.MINH)]


def test_too_little_right_over_a_class_that_one_sees_is_403_and_a_strange_class_is_404():
    own, other = cast.class_group("6A"), cast.class_group("6B")
    teacher = cast.user(cast.CHI)
    assert access.class_group(teacher, own.pk, to=Action.VIEW_CLASS) == own
    with pytest.raises(PermissionDenied):
        access.class_group(teacher, own.pk, to=Action.EDIT_STUDENTS)
    with pytest.raises(Http404):
        access.class_group(teacher, other.pk, to=Action.VIEW_CLASS)
    with pytest.raises(Http404):
        access.class_group(cast.user(cast.KHANH), own.pk, to=Action.VIEW_CLASS)
    with pytest.raises(Http404):
        access.class_group(teacher, 0, to=Action.VIEW_CLASS)


@pytest.mark.parametrize("person", [cast.AN, cast.LAN, cast.QUYEN])
def test_a_pupil_is_edited_by_those_who_may_edit_the_class(person):
    pupil = cast.pupil()
    assert access.student(cast.user(person), pupil.pk, to=Action.EDIT_STUDENTS) == pupil


@pytest.mark.parametrize(
    ("person", "answer"),
    [(cast.CHI, PermissionDenied), (cast.MINH, Http404), (cast.KHANH, Http404)],
)
def test_a_pupil_is_out_of_reach_of_everybody_else(person, answer):
    with pytest.raises(answer):
        access.student(cast.user(person), cast.pupil().pk, to=Action.EDIT_STUDENTS)


@pytest.mark.parametrize("count", [1, 30])
def test_asking_for_the_classes_takes_two_queries_however_many_there_are(exactly_queries, count):
    system, year = User.objects.system(), cast.class_group().year
    for number in range(count):
        structure.add_class(year=year, grade=7, name=f"7.{number}", actor=system)
    person = cast.user(cast.PHUC)
    with exactly_queries(2):
        seen = [group.name for group in access.class_groups(person, Action.VIEW_CLASS)]
    assert seen == ["6A"]


LOOK = {Action.VIEW_CLASS}
READ = LOOK | {Action.VIEW_STUDENT_FILE}
OFFICE = READ | {Action.EDIT_STUDENTS, Action.PLACE_STUDENTS}
OWN = READ | {Action.EDIT_STUDENTS, Action.CONFIRM_CLASS_LIST}


@pytest.mark.parametrize(
    ("person", "in_6a", "in_6b"),
    [
        (cast.AN, OFFICE, OFFICE),
        (cast.QUYEN, OFFICE, OFFICE),
        (cast.BINH, READ, READ),
        (cast.SON, LOOK, LOOK),
        (cast.CHI, LOOK, set()),
        (cast.PHUC, LOOK, set()),
        (cast.LAN, OWN, set()),
        (cast.MINH, set(), OWN),
        (cast.OANH, set(), set()),
        (cast.HAI, set(), set()),
        (cast.KHANH, set(), set()),
    ],
    ids=lambda value: getattr(value, "full_name", None),
)
def test_what_each_may_do_with_a_class_and_its_pupils(person, in_6a, in_6b):
    user = cast.user(person)
    assert access.rights_in_class(user, cast.class_group("6A")) == in_6a
    assert access.rights_in_class(user, cast.class_group("6B")) == in_6b
    assert access.rights_over(user, cast.pupil()) == in_6a


def reached(person, action=Action.VIEW_CLASS):
    return set(access.students(cast.user(person), action).values_list("full_name", flat=True))


@pytest.mark.parametrize(
    ("person", "seen", "edited"),
    [
        (cast.AN, set(cast.PUPILS), set(cast.PUPILS)),
        (cast.LAN, set(cast.PUPILS), set(cast.PUPILS)),
        (cast.CHI, set(cast.PUPILS), set()),
        (cast.MINH, set(), set()),
        (cast.OANH, set(), set()),
    ],
    ids=lambda value: getattr(value, "full_name", None),
)
def test_the_pupils_one_finds_are_those_one_may_open(person, seen, edited):
    assert reached(person) == seen
    assert reached(person, Action.EDIT_STUDENTS) == edited


def test_the_pupils_next_door_are_found_by_nobody_here():
    here = Student.objects.filter(school=cast.song_lam())
    assert not access.students(cast.user(cast.KHANH), Action.VIEW_CLASS).filter(pk__in=here)


def test_a_pupil_who_moved_is_found_by_the_new_class_and_no_more_by_the_old():
    students.move(
        student_id=cast.pupil().pk,
        to=cast.class_group("6B"),
        day=cast.TODAY,
        reason="QĐ 5",
        actor=cast.user(cast.AN),
    )
    assert reached(cast.LAN) == set(cast.PUPILS[1:])
    assert reached(cast.MINH) == set(cast.PUPILS[:1])


def test_a_place_is_reached_as_its_pupil_is():
    place = cast.pupil().enrolments.get()
    for person in (cast.AN, cast.LAN, cast.QUYEN):
        assert access.enrolment(cast.user(person), place.pk, to=Action.EDIT_STUDENTS) == place
    with pytest.raises(PermissionDenied):
        access.enrolment(cast.user(cast.CHI), place.pk, to=Action.EDIT_STUDENTS)
    for person in (cast.MINH, cast.KHANH, cast.HAI):
        with pytest.raises(Http404):
            access.enrolment(cast.user(person), place.pk, to=Action.VIEW_CLASS)


def test_a_list_is_for_those_who_may_look_at_something_of_it():
    access.require_anywhere(cast.user(cast.CHI), Action.VIEW_CLASS)
    for person in (cast.OANH, cast.DUNG, cast.HAI):
        with pytest.raises(PermissionDenied):
            access.require_anywhere(cast.user(person), Action.VIEW_CLASS)
