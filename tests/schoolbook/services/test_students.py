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
from schoolbook.services import rows, students
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
        ({"born_on": date(1899, 12, 31)}, "1.born_on"),
        ({"full_name": "…"}, "1.full_name"),
        ({"full_name": "字" * 150}, "1.full_name"),
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


def move(person=cast.AN, *, to="6B", day=cast.TODAY, reason="QĐ 5"):
    return students.move(
        student_id=cast.pupil().pk,
        to=cast.class_group(to),
        day=day,
        reason=reason,
        actor=cast.user(person),
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"to": "6A"}, "to"),
        ({"day": date(2026, 8, 1)}, "day"),
        ({"day": date.min}, "day"),
        ({"day": date.max}, "day"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_move_that_makes_no_sense_changes_nothing(wrong, field):
    with pytest.raises(Invalid) as caught:
        move(**wrong)
    assert set(caught.value.errors) == {field}
    assert cast.pupil().enrolments.get().ends_on is None


@pytest.mark.parametrize("person", [cast.LAN, cast.CHI, cast.BINH])
def test_only_the_office_moves_pupils(person):
    with pytest.raises(PermissionDenied):
        move(person)


def leave(person=cast.LAN, *, last_day=date(2026, 10, 12), reason="Chuyển trường"):
    return students.leave(
        enrolment_id=cast.pupil().enrolments.get().pk,
        last_day=last_day,
        reason=reason,
        actor=cast.user(person),
    )


def test_who_leaves_keeps_the_place_with_its_last_day_and_a_wrong_day_is_set_right():
    leave()
    row = leave(last_day=date(2026, 10, 13), reason="ngày đúng")
    assert (row.ends_on, row.end_reason) == (date(2026, 10, 13), "ngày đúng")
    newest = row.history.latest("history_id")
    assert (newest.actor_name, newest.history_change_reason) == (cast.LAN.full_name, "ngày đúng")


def test_who_left_comes_back_into_a_class():
    leave()
    move(to="6A")
    assert cast.pupil().enrolments.on(cast.TODAY).get().class_group == cast.class_group("6A")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"last_day": date(2026, 7, 31)}, "last_day"),
        ({"last_day": date(2027, 9, 1)}, "last_day"),
        ({"last_day": date.min}, "last_day"),
        ({"reason": "\u200b"}, "reason"),
    ],
)
def test_leaving_needs_a_day_of_the_year_and_a_reason(wrong, field):
    with pytest.raises(Invalid) as caught:
        leave(**wrong)
    assert set(caught.value.errors) == {field}


@pytest.mark.parametrize(("person", "answer"), [(cast.CHI, PermissionDenied), (cast.MINH, Http404)])
def test_who_does_not_keep_the_pupil_does_not_end_the_place(person, answer):
    with pytest.raises(answer):
        leave(person)


def admit(person=cast.LAN, *, particulars=NEW, begins_on=cast.TODAY, to="6A"):
    return students.admit(
        class_group_id=cast.class_group(to).pk,
        particulars=particulars,
        begins_on=begins_on,
        actor=cast.user(person),
    )


def test_the_homeroom_teacher_adds_a_pupil_to_the_own_class():
    pupil = admit()
    assert pupil.full_name == "Phan Thị Đào"
    place = pupil.enrolments.get()
    assert (place.class_group, place.begins_on) == (cast.class_group(), cast.TODAY)
    assert place.history.get().actor_name == cast.LAN.full_name


@pytest.mark.parametrize(
    ("person", "to", "answer"),
    [
        (cast.LAN, "6B", Http404),
        (cast.CHI, "6A", PermissionDenied),
        (cast.BINH, "6A", PermissionDenied),
        (cast.KHANH, "6A", Http404),
    ],
)
def test_nobody_adds_a_pupil_to_another_class(person, to, answer):
    with pytest.raises(answer):
        admit(person, to=to)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"particulars": replace(NEW, code="HS001")}, "code"),
        ({"particulars": replace(NEW, full_name="…")}, "full_name"),
        ({"begins_on": date.min}, "begins_on"),
        ({"begins_on": date(2027, 9, 1)}, "begins_on"),
    ],
)
def test_a_pupil_that_is_refused_is_not_half_there(wrong, field):
    before = Student.objects.count()
    with pytest.raises(Invalid) as caught:
        admit(**wrong)
    assert set(caught.value.errors) == {field}
    assert Student.objects.count() == before


@pytest.mark.parametrize("name", ["code", "national_id"])
def test_a_code_that_somebody_takes_in_the_same_moment_is_told_and_no_fault(monkeypatch, name):
    digits = "012345678901"
    enter(replace(NEW, national_id=digits))
    value = {"code": "HS100", "national_id": digits}[name]
    changes: dict[str, Any] = {"code": "HS101", name: value}
    monkeypatch.setattr(students, "_repeated", lambda *_: {})
    monkeypatch.setattr(students, "_taken", lambda *_: {})
    with pytest.raises(Invalid) as caught:
        admit(particulars=replace(NEW, **changes))
    assert set(caught.value.errors) == {name}
    with pytest.raises(Invalid) as caught:
        edit(cast.AN, **{name: value})
    assert set(caught.value.errors) == {name}


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


def test_the_same_word_on_the_same_list_is_given_once():
    first = confirm()
    assert confirm() == first
    edit(cast.AN, full_name="Nguyễn Gia Bách")
    assert confirm() != first


def test_a_list_of_nobody_is_not_confirmed():
    group = cast.class_group("6B")
    with pytest.raises(Invalid):
        students.confirm_class_list(
            class_group_id=group.pk, digest=selectors.list_digest([]), actor=cast.user(cast.MINH)
        )


@pytest.mark.parametrize("person", [cast.AN, cast.BINH, cast.CHI])
def test_nobody_else_confirms_the_list(person):
    with pytest.raises(PermissionDenied):
        confirm(person)


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
