"""Pupils: entered all or none, never twice, moved without losing where they were."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from schoolbook.errors import Conflict, Invalid
from schoolbook.models import Student, User
from schoolbook.selectors import schools as school_selectors
from schoolbook.selectors import students as selectors
from schoolbook.services import rows, student_file, students
from tests import cast

pytestmark = pytest.mark.django_db

NEW = students.Particulars(
    code="HS100", full_name="Phan Thị  Đào", sex="female", born_on=date(2015, 5, 5)
)


def enter(*particulars, person=cast.AN):
    return students.enter(school=cast.song_lam(), particulars=particulars, actor=cast.user(person))


def many(count):
    return [replace(NEW, code=f"N{number:04d}") for number in range(count)]


@pytest.mark.parametrize("count", [1, 200])
def test_entering_pupils_takes_the_same_queries_however_many(exactly_queries, count):
    particulars, actor, school = many(count), cast.user(cast.AN), cast.song_lam()
    with exactly_queries(7):  # savepoint, school, duties, codes, rows, history, release
        students.enter(school=school, particulars=particulars, actor=actor)


def test_a_name_is_tidied_and_sorted_by_given_name():
    enter(NEW, replace(NEW, code="HS101", full_name="Vũ Văn An"))
    names = Student.objects.filter(school=cast.song_lam()).values_list("full_name", flat=True)
    assert list(names) == [
        "Vũ Văn An",
        "Lê Thị Ánh",
        "Nguyễn Gia Bảo",
        "Đỗ Minh Châu",
        "Phan Thị Đào",
    ]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"code": ""}, "1.code"),
        ({"code": "HS001"}, "1.code"),
        ({"code": "HS100"}, "1.code"),
        ({"full_name": "  "}, "1.full_name"),
        ({"sex": "x"}, "1.sex"),
        ({"born_on": date(2999, 1, 1)}, "1.born_on"),
        ({"national_id": "123"}, "1.national_id"),
        ({"national_id": "１２３４５６７８９０１２"}, "1.national_id"),
    ],
)
def test_one_bad_row_refuses_all_of_them_and_says_which(change, key):
    before = Student.objects.count()
    with pytest.raises(Invalid) as caught:
        enter(NEW, replace(NEW, **{"code": "HS101", **change}))
    assert set(caught.value.errors) == {key}
    assert Student.objects.count() == before


def test_the_same_code_may_exist_next_door():
    assert cast.doi_thong().students.filter(code="HS001").exists()
    assert cast.song_lam().students.filter(code="HS001").exists()


def test_an_identity_code_belongs_to_one_pupil_of_the_school():
    digits = "012345678901"
    enter(replace(NEW, national_id=digits))
    with pytest.raises(Invalid):
        enter(replace(NEW, code="HS101", national_id=digits))
    with pytest.raises(IntegrityError, match="student_national_id_once"), transaction.atomic():
        Student.objects.filter(pk=cast.pupil().pk).update(national_id=digits)


@pytest.mark.parametrize("person", [cast.BINH, cast.CHI, cast.LAN])
def test_entering_is_for_the_office(person):
    with pytest.raises(PermissionDenied):
        enter(NEW, person=person)


def shown(pupil):
    return students.Particulars(**{name: getattr(pupil, name) for name in students.PARTICULARS})


def edit(person=cast.LAN, *, version=1, **changes):
    pupil = cast.pupil()
    return students.edit(
        student_id=pupil.pk,
        version=version,
        particulars=replace(shown(pupil), **changes),
        reason="gia đình báo",
        actor=cast.user(person),
    )


def test_the_homeroom_teacher_updates_a_pupil_at_once_and_leaves_a_trace():
    pupil = edit(address="Xã Hạ Lưu", full_name="Nguyễn Gia Bách")
    assert (pupil.version, pupil.search_key) == (2, "nguyen gia bach")
    newest = Student.history.filter(id=pupil.pk).latest("history_id")
    assert (newest.actor_name, newest.history_change_reason) == ("Hoàng Thị Lan", "gia đình báo")


def test_somebody_who_only_teaches_the_class_may_not_and_another_does_not_find_the_pupil():
    with pytest.raises(PermissionDenied):
        edit(cast.CHI, address="x")
    with pytest.raises(Http404):
        edit(cast.MINH, address="x")


def test_the_slower_of_two_is_told_and_the_same_twice_is_one_change():
    edit(address="Xã Hạ Lưu")
    assert edit(address="Xã Hạ Lưu", version=1).version == 2
    with pytest.raises(Conflict) as caught:
        edit(cast.AN, address="Nơi khác", version=1)
    assert (caught.value.author, caught.value.version) == ("Hoàng Thị Lan", 2)


def test_a_code_of_somebody_else_is_refused_when_editing():
    with pytest.raises(Invalid) as caught:
        edit(cast.AN, code="HS002")
    assert set(caught.value.errors) == {"code"}


def test_moving_a_pupil_ends_the_old_place_the_day_before_and_keeps_both():
    pupil = cast.pupil()
    students.move(
        student_id=pupil.pk,
        to=cast.class_group("6B"),
        day=cast.TODAY,
        reason="theo nguyện vọng",
        actor=cast.user(cast.AN),
    )
    old, new = pupil.enrolments.order_by("begins_on")
    assert (old.class_group.name, new.class_group.name) == ("6A", "6B")
    assert old.ends_on == rows.day_before(new.begins_on)
    listed = selectors.class_list(cast.class_group("6A"))
    assert [row.left_on for row in listed if row.student_id == pupil.pk] == [old.ends_on]
    with pytest.raises(Http404):  # the homeroom teacher of the old class
        edit(cast.LAN, address="x")


def test_nobody_is_in_two_classes_at_a_time():
    with pytest.raises(Invalid) as caught:
        students.enrol(
            class_group=cast.class_group("6B"),
            pupils=[cast.pupil()],
            begins_on=cast.TODAY,
            actor=cast.user(cast.AN),
        )
    assert "Nguyễn Gia Bảo" in str(caught.value.errors["pupils"])


def confirm(person=cast.LAN, digest=None):
    group = cast.class_group()
    current = selectors.list_digest(selectors.class_list(group))
    return students.confirm_class_list(
        class_group_id=group.pk, digest=digest or current, actor=cast.user(person)
    )


def test_the_homeroom_teacher_confirms_exactly_the_list_that_was_shown():
    seen = selectors.list_digest(selectors.class_list(cast.class_group()))
    assert confirm().pupils == 3
    edit(cast.AN, full_name="Nguyễn Gia Bách")
    with pytest.raises(Invalid):
        confirm(digest=seen)


@pytest.mark.parametrize("person", [cast.AN, cast.BINH, cast.CHI])
def test_nobody_else_confirms_the_list(person):
    with pytest.raises(PermissionDenied):
        confirm(person)


def test_an_exemption_needs_its_paper_and_is_given_once():
    wanted: dict[str, Any] = {
        "student_id": cast.pupil().pk,
        "subject": cast.song_lam().subjects.get(code="gdtc"),
        "year": cast.class_group().year,
        "terms": (True, True),
        "kind": "exempt",
        "actor": cast.user(cast.AN),
    }
    with pytest.raises(Invalid) as caught:
        student_file.exempt(**wanted, paper=" ")
    assert set(caught.value.errors) <= {"paper", "__all__"}
    assert student_file.exempt(**wanted, paper="Giấy ra viện 12/2026").pk
    with pytest.raises(Invalid):
        student_file.exempt(**wanted, paper="Giấy khác")


def test_a_guardian_belongs_to_the_pupil_and_the_school():
    row = student_file.add_guardian(
        student_id=cast.pupil().pk,
        contact=student_file.Contact("mother", "Trần Thị Nguyệt", phone="0900000000"),
        actor=cast.user(cast.LAN),
    )
    assert (row.school, row.student) == (cast.song_lam(), cast.pupil())


def test_the_class_list_takes_one_query(exactly_queries):
    group = cast.class_group()
    with exactly_queries(1):
        assert [row.full_name for row in selectors.class_list(group)] == [
            "Lê Thị Ánh",
            "Nguyễn Gia Bảo",
            "Đỗ Minh Châu",
        ]


def test_the_regulation_of_a_day_is_the_newest_in_force():
    school = cast.song_lam()
    from_cast = school_selectors.regulation_on(school, date(2026, 8, 1))
    assert from_cast == school_selectors.regulation_on(school, date(2020, 1, 1))
    assert User.objects.system().is_system
