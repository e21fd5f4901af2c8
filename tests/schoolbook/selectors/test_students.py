"""Pupils are found by name with and without diacritics, by code, by class, by year and by state."""

from datetime import date

import pytest

from schoolbook import access
from schoolbook.models import Student, User
from schoolbook.rules.calendar import usual_plan
from schoolbook.rules.permissions import Action
from schoolbook.selectors import students as selectors
from schoolbook.selectors.students import Search, State
from schoolbook.services import structure, students
from tests import cast

pytestmark = pytest.mark.django_db

BAO, ANH, CHAU = cast.PUPILS


def year():
    return cast.class_group().year


def find(words="", *, person=cast.AN, **wanted):
    search = Search(**{"year": year(), "day": cast.TODAY, "words": words, **wanted})
    reachable = access.students(cast.user(person), Action.VIEW_CLASS)
    return [row.full_name for row in selectors.search(reachable, search)]


def enter(*names, code="T"):
    return students.enter(
        school=cast.song_lam(),
        particulars=[
            students.Particulars(f"{code}{number}", name, "male", date(2015, 1, 1))
            for number, name in enumerate(names)
        ],
        actor=User.objects.system(),
    )


def leave(name):
    students.leave(
        enrolment_id=cast.pupil(name).enrolments.get().pk,
        last_day=date(2026, 10, 12),
        reason="Chuyển trường",
        actor=cast.user(cast.AN),
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", [ANH, BAO, CHAU]),
        ("bao", [BAO]),
        ("Bảo", [BAO]),
        ("bào", []),
        ("anh", [ANH]),
        ("NGUYEN gia", [BAO]),
        ("gia nguyễn", [BAO]),
        ("Ba\u0309o", [BAO]),  # typed in another form
        ("inh", []),  # words are found by their beginning
        ("hs003", [CHAU]),
        ("HS0", [ANH, BAO, CHAU]),
        ("%", []),
        ("_", []),
        ("…", []),
        ("' OR 1=1", []),
    ],
)
def test_words_of_a_name_or_the_beginning_of_a_code(words, found):
    assert find(words) == found


def test_each_finds_the_pupils_of_the_own_classes():
    assert find(person=cast.LAN) == find(person=cast.CHI) == [ANH, BAO, CHAU]
    assert find(person=cast.MINH) == find(person=cast.OANH) == []
    assert find(person=cast.KHANH) == []


def test_who_left_is_found_where_those_are_asked_for():
    leave(ANH)
    assert find() == [BAO, CHAU]
    assert find(state=State.LEFT) == [ANH]
    assert find(state=State.ALL) == [ANH, BAO, CHAU]


def test_a_pupil_without_a_class_is_found_by_the_office():
    enter("Tạ Văn Ẩn")
    assert find(state=State.NO_CLASS) == ["Tạ Văn Ẩn"]
    assert find(state=State.NO_CLASS, person=cast.LAN) == []
    assert find("tạ", state=State.ALL) == []


def test_a_move_inside_the_year_shows_one_line_with_the_newest_class():
    students.move(
        student_id=cast.pupil(BAO).pk,
        to=cast.class_group("6B"),
        day=date(2026, 10, 1),
        reason="QĐ 5",
        actor=cast.user(cast.AN),
    )
    everybody = Student.objects.filter(school=cast.song_lam())
    (row,) = selectors.search(everybody, Search(year(), cast.TODAY, "bao"))
    assert (row.class_name, row.joined_on, row.left_on) == ("6B", date(2026, 10, 1), None)
    assert find(class_group=cast.class_group("6A")) == [ANH, CHAU]
    assert find(class_group=cast.class_group("6A"), state=State.LEFT) == [BAO]
    assert find(class_group=cast.class_group("6B")) == [BAO]


def test_another_year_has_its_own_classes():
    earlier = structure.open_year(
        school=cast.song_lam(), start=2025, plan=usual_plan(2025), actor=User.objects.system()
    )
    assert find(year=earlier, day=date(2026, 5, 1), state=State.ALL) == []
    assert find(year=earlier, state=State.NO_CLASS) == [ANH, BAO, CHAU]


@pytest.mark.parametrize("more", [0, 60])
def test_a_search_takes_one_query_however_many_are_found(exactly_queries, more):
    made = enter(*["Vũ Văn Ích"] * more)
    students.enrol(
        class_group=cast.class_group("6B"),
        pupils=made,
        begins_on=date(2026, 8, 1),
        actor=User.objects.system(),
    )
    everybody, wanted = Student.objects.all(), Search(year(), cast.TODAY, "v")
    with exactly_queries(1):
        assert len(selectors.search(everybody, wanted)) == more


@pytest.mark.parametrize("classes", [1, 2])
def test_the_lists_of_several_classes_take_one_query(exactly_queries, classes):
    groups = [cast.class_group(name) for name in ("6A", "6B")][:classes]
    with exactly_queries(1):
        found = selectors.class_lists(groups)
    assert [row.full_name for row in found[groups[0].pk]] == [ANH, BAO, CHAU]
    assert len(found) == classes


def test_a_pupil_is_in_the_class_from_the_first_to_the_last_day():
    leave(ANH)
    row = selectors.class_list(cast.class_group())[0]
    days = [date(2026, 7, 31), date(2026, 8, 1), date(2026, 10, 12), date(2026, 10, 13)]
    assert [row.is_in(day) for day in days] == [False, True, True, False]
