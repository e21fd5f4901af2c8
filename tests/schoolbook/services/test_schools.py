"""Keeping the particulars of a school: who may, what is refused, what is left behind."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404

from schoolbook.context import identified
from schoolbook.errors import Conflict, Invalid
from schoolbook.models import School, User
from schoolbook.rules.subjects import Level
from schoolbook.services import schools, slips
from tests import cast

NEW = replace(cast.SONG_LAM, name="Trường THCS Sông Lam A")

pytestmark = pytest.mark.django_db


def edit(person=cast.AN, *, version=1, particulars=NEW, reason="QĐ 12/2026", school=None):
    return schools.edit(
        school_id=(school or cast.song_lam()).pk,
        version=version,
        particulars=particulars,
        reason=reason,
        actor=cast.user(person),
    )


def history(school):
    return list(School.history.filter(id=school.pk).order_by("history_id"))


def test_an_edit_changes_the_school_and_leaves_who_when_and_why():
    with identified("test-") as number:
        school = edit()
    school.refresh_from_db()
    assert school.name == "Trường THCS Sông Lam A"
    assert school.version == 2
    old, new = history(school)
    assert (old.name, new.name) == (cast.SONG_LAM.name, "Trường THCS Sông Lam A")
    assert new.history_user == cast.user(cast.AN)
    assert new.actor_name == "Lê Thị An"
    assert new.history_change_reason == "QĐ 12/2026"
    assert new.request_id == number
    assert new.history_type == "~"
    assert new.version == 2


@pytest.mark.parametrize("person", [cast.BINH, cast.CHI, cast.DUNG, cast.GIANG])
def test_somebody_without_the_duty_today_is_refused_and_nothing_changes(person):
    with pytest.raises(PermissionDenied):
        edit(person)
    assert cast.song_lam().version == 1
    assert len(history(cast.song_lam())) == 1
    edit(cast.AN)  # the same edit by somebody who holds it


@pytest.mark.parametrize("person", [cast.KHANH, cast.HAI])
def test_a_stranger_and_a_closed_account_find_no_such_school(person):
    with pytest.raises(Http404):
        edit(person)
    assert cast.song_lam().version == 1


def test_the_school_next_door_does_not_notice():
    edit()
    assert cast.doi_thong().version == 1
    assert len(history(cast.doi_thong())) == 1


def test_the_second_of_two_editors_is_told_who_was_faster_and_what_it_says_now():
    edit()
    mine = replace(NEW, name="Trường THCS Sông Lam B")
    with pytest.raises(Conflict) as caught:
        edit(version=1, particulars=mine)
    assert caught.value.version == 2
    assert caught.value.values["name"] == "Trường THCS Sông Lam A"
    assert caught.value.author == "Lê Thị An"
    assert caught.value.at == history(cast.song_lam())[-1].history_date
    assert cast.song_lam().name == "Trường THCS Sông Lam A"
    assert edit(version=2, particulars=mine).name == "Trường THCS Sông Lam B"


def test_the_same_edit_sent_twice_is_one_edit():
    edit()
    again = edit(version=1)
    assert again.version == 2
    assert len(history(again)) == 2


def test_spaces_and_letter_forms_are_no_change():
    school = edit(particulars=replace(cast.SONG_LAM, name=f"  {cast.SONG_LAM.name}  "))
    assert school.version == 1
    assert len(history(school)) == 1


def test_a_change_needs_a_reason_that_can_be_read():
    with pytest.raises(Invalid) as caught:
        edit(reason=" \u200b ")
    assert set(caught.value.errors) == {"reason"}
    assert cast.song_lam().version == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "   "),
        ("name", "x" * 201),
        ("abbreviation", "Sông Lam"),
        ("abbreviation", ""),
        ("address_since", ""),
        ("address_before", "x" * 301),
    ],
)
def test_what_breaks_a_rule_is_refused_with_a_sentence_for_its_field(field, value):
    with pytest.raises(Invalid) as caught:
        edit(particulars=replace(NEW, **{field: value}))
    assert set(caught.value.errors) <= {field, "__all__"}
    assert all(str(sentence).strip() for sentence in caught.value.errors.values())
    assert cast.song_lam().version == 1


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("name", "", "school_name_not_empty"),
        ("abbreviation", "SL", "school_abbreviation_plain"),
    ],
)
def test_the_database_refuses_it_too(column, value, constraint):
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        School.objects.filter(pk=cast.song_lam().pk).update(**{column: value})


def test_opening_a_school_with_its_administrator_lets_that_person_edit_it():
    particulars = replace(cast.SONG_LAM, name="Trường THCS Mới", abbreviation="thcsmoi")
    made = schools.open_with_admin(
        particulars,
        level=Level.LOWER_SECONDARY,
        district="xamoi",
        admin_name="Hồ Thị Nga",
        first_day=cast.START,
        actor=User.objects.system(),
    )
    admin = slips.use(code=made.code, password=cast.PASSWORD)
    cast.give_second_factor(admin)
    assert admin.username == "ngaht.thcsmoi"
    assert admin.school
    edited = schools.edit(
        school_id=admin.school.pk,
        version=1,
        particulars=replace(particulars, name="Trường THCS Rất Mới"),
        reason="thử",
        actor=admin,
    )
    assert edited.name == "Trường THCS Rất Mới"
