"""Classes as the list and their own page show them, and which lists wait for whom."""

from datetime import date

import pytest

from schoolbook import access
from schoolbook.models import User
from schoolbook.rules.calendar import usual_plan
from schoolbook.rules.class_list import ListState
from schoolbook.rules.permissions import Action
from schoolbook.selectors import classes
from schoolbook.selectors import students as pupils
from schoolbook.services import structure, students
from tests import cast

pytestmark = pytest.mark.django_db

IN_TIME, LATE = date(2026, 9, 10), date(2026, 9, 14)  # the second week ends with 13 September


def year():
    return cast.class_group().year


def find(person=cast.AN, **wanted):
    user = cast.user(person)
    found = classes.find(
        access.class_groups(user, Action.VIEW_CLASS),
        **{"year": year(), "user": user, "day": cast.TODAY, **wanted},
    )
    return classes.rows(list(found), day=cast.TODAY)


def names(person=cast.AN, **wanted):
    return [row.name for row in find(person, **wanted)]


def add(*wanted):
    for grade, name in wanted:
        structure.add_class(year=year(), grade=grade, name=name, actor=User.objects.system())


def confirm(person=cast.LAN, name="6A"):
    group = cast.class_group(name)
    return students.confirm_class_list(
        class_group_id=group.pk,
        digest=pupils.list_digest(pupils.class_list(group)),
        actor=cast.user(person),
    )


def test_a_row_says_who_leads_the_class_how_many_are_in_it_and_what_became_of_its_list():
    first, second = find()
    assert (first.name, first.grade, first.pupils) == ("6A", 6, 3)
    assert (first.homeroom_teacher, first.circular) == (
        cast.LAN.full_name,
        "TT 22/2021/TT-BGDĐT",
    )
    assert (first.state, first.late, first.own) == (ListState.NOT_CONFIRMED, True, False)
    assert (second.name, second.pupils) == ("6B", 0)


def test_who_left_is_not_counted():
    students.leave(
        enrolment_id=cast.pupil().enrolments.get().pk,
        last_day=date(2026, 10, 12),
        reason="Chuyển trường",
        actor=cast.user(cast.LAN),
    )
    assert find()[0].pupils == 2


def test_the_list_is_confirmed_until_something_changes():
    confirm()
    assert find()[0].state == ListState.CONFIRMED
    students.leave(
        enrolment_id=cast.pupil().enrolments.get().pk,
        last_day=date(2026, 10, 12),
        reason="Chuyển trường",
        actor=cast.user(cast.LAN),
    )
    assert find()[0].state == ListState.CHANGED


def test_classes_stand_in_the_order_of_their_numbers_and_the_own_one_first():
    add((7, "7A10"), (7, "7A9"), (6, "6A10"))
    assert names() == ["6A", "6B", "6A10", "7A9", "7A10"]
    structure.assign_homeroom(
        class_group=cast.class_group("7A10"),
        user=cast.user(cast.AN),
        begins_on=date(2026, 9, 1),
        actor=User.objects.system(),
    )
    assert names() == ["7A10", "6A", "6B", "6A10", "7A9"]
    assert [row.own for row in find()][:2] == [True, False]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"grade": 6}, ["6A", "6B"]),
        ({"grade": 9}, []),
        ({"words": "6a"}, ["6A"]),
        ({"words": "minh"}, ["6B"]),
        ({"words": "Trương Quang"}, ["6B"]),
        ({"words": "Truòng"}, []),
        ({"words": "%"}, []),
        ({"year": None}, []),
    ],
)
def test_the_list_can_be_narrowed(wanted, found):
    assert names(**wanted) == found


def test_each_finds_the_own_classes():
    assert names(cast.LAN) == names(cast.CHI) == names(cast.PHUC) == ["6A"]
    assert names(cast.MINH) == ["6B"]
    assert names(cast.OANH) == names(cast.KHANH) == []


@pytest.mark.parametrize("more", [0, 30])
def test_the_list_takes_three_queries_after_the_duties_however_many_classes(exactly_queries, more):
    add(*[(7, f"7.{number}") for number in range(more)])
    user, this_year = cast.user(cast.AN), year()
    with exactly_queries(4):  # duties; classes, their homeroom teachers, their pupils
        found = classes.find(
            access.class_groups(user, Action.VIEW_CLASS),
            year=this_year,
            user=user,
            day=cast.TODAY,
        )
        assert len(classes.rows(list(found), day=cast.TODAY)) == 2 + more


def test_the_year_of_a_day_is_found_or_the_newest():
    known = classes.years(cast.song_lam())
    structure.open_year(
        school=cast.song_lam(), start=2027, plan=usual_plan(2027), actor=User.objects.system()
    )
    for day, start in (
        (date(2026, 8, 1), 2026),
        (date(2027, 7, 31), 2026),
        (date(2027, 8, 1), 2027),
        (date(2040, 1, 1), 2027),
    ):
        found = classes.year_of(known, day)
        assert found is not None
        assert found.start == start, day
    assert classes.year_of([], date(2026, 8, 1)) is None


def test_a_year_is_shown_as_on_its_nearest_day_of_lessons():
    assert classes.day_in(year(), date(2026, 8, 1)) == year().term1_begins_on
    assert classes.day_in(year(), cast.TODAY) == min(cast.TODAY, year().term2_ends_on)
    assert classes.day_in(year(), date(2030, 1, 1)) == year().term2_ends_on
    assert classes.day_in(None, date(2030, 1, 1)) == date(2030, 1, 1)


def test_the_subjects_of_a_class_name_who_teaches_them_on_a_day(exactly_queries):
    group = cast.class_group()
    with exactly_queries(2):
        taught = {row.subject.code: row.teachers_today for row in classes.subjects(group, LATE)}
    assert [row.user.full_name for row in taught["toan"]] == [cast.OANH.full_name]
    assert taught["ngu_van"] == []
    maths = {r.subject.code: r.teachers_today for r in classes.subjects(group, cast.TODAY)}["toan"]
    assert [row.user.full_name for row in maths] == [cast.CHI.full_name]


def due(person, day):
    return [
        (row.name, row.due_by, row.changed)
        for row in classes.lists_to_confirm(cast.user(person), day)
    ]


def test_a_list_waits_for_its_homeroom_teacher_until_it_is_confirmed():
    assert due(cast.LAN, IN_TIME) == due(cast.LAN, LATE) == [("6A", date(2026, 9, 13), False)]
    assert due(cast.AN, IN_TIME) == due(cast.CHI, IN_TIME) == []
    confirm()
    assert due(cast.LAN, IN_TIME) == due(cast.LAN, LATE) == []


def test_a_change_asks_for_a_new_word_within_the_two_weeks_and_not_after():
    confirm()
    students.leave(
        enrolment_id=cast.pupil().enrolments.get().pk,
        last_day=date(2026, 9, 9),
        reason="Chuyển trường",
        actor=cast.user(cast.LAN),
    )
    assert due(cast.LAN, IN_TIME) == [("6A", date(2026, 9, 13), True)]
    assert due(cast.LAN, LATE) == []


def test_nothing_waits_when_the_year_is_over_or_the_class_is_somebody_elses():
    assert due(cast.LAN, date(2027, 6, 1)) == []
    structure.assign_homeroom(
        class_group=cast.class_group(),
        user=cast.user(cast.CHI),
        begins_on=IN_TIME,
        actor=User.objects.system(),
    )
    assert due(cast.LAN, IN_TIME) == []
    assert [name for name, *_rest in due(cast.CHI, IN_TIME)] == ["6A"]


def test_asking_what_waits_takes_one_query_and_no_more_than_two(exactly_queries):
    lan, chi = cast.user(cast.LAN), cast.user(cast.CHI)
    with exactly_queries(1):
        classes.lists_to_confirm(chi, IN_TIME)
    with exactly_queries(1):
        classes.lists_to_confirm(lan, LATE)
    confirm()
    with exactly_queries(2):
        classes.lists_to_confirm(lan, IN_TIME)
