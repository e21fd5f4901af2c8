"""R-004 – R-006, R-036: giving and ending duties with a fresh second factor; an administrator always stays."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from schoolbook.errors import Conflict, Invalid, SecondFactorNeeded
from schoolbook.models import Department, Duty, User
from schoolbook.models.duties import TEAM
from schoolbook.rules.permissions import Role
from schoolbook.services import duties, people
from tests import cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AGES_AGO = timezone.now() - timedelta(hours=1)


def an():
    return cast.user(cast.AN)


def charge(person=cast.CHI, role=Role.CLERK, begins_on=cast.START, **more):
    given = {"actor": an(), "verified_at": timezone.now(), **more}
    return duties.charge(
        school=cast.song_lam(), user=cast.user(person), role=role, begins_on=begins_on, **given
    )


def discharge(duty, last_day=cast.TODAY, **more):
    given = {"actor": an(), "verified_at": timezone.now(), **more}
    return duties.discharge(duty_id=duty.pk, last_day=last_day, **given)


def own(person, role=Role.ADMIN):
    return cast.user(person).duties.filter(role=role).get()


@pytest.mark.parametrize("verified_at", [None, AGES_AGO])
def test_giving_and_taking_power_asks_for_a_fresh_second_factor(verified_at):
    with pytest.raises(SecondFactorNeeded):
        charge(verified_at=verified_at)
    with pytest.raises(SecondFactorNeeded):
        discharge(own(cast.THU, Role.VICE_PRINCIPAL), verified_at=verified_at)
    with pytest.raises(SecondFactorNeeded):
        board(verified_at=verified_at)
    with pytest.raises(SecondFactorNeeded):
        head(verified_at=verified_at)
    assert charge().pk


@pytest.mark.parametrize("person", [cast.BINH, cast.THU, cast.CHI, cast.QUYEN, cast.GIANG])
def test_only_administrators_give_and_end_duties(person):
    actor = cast.user(person)
    with pytest.raises(PermissionDenied):
        charge(actor=actor)
    with pytest.raises(PermissionDenied):
        discharge(own(cast.QUYEN, Role.CLERK), actor=actor)


def test_next_door_there_is_no_such_duty_and_no_such_person():
    with pytest.raises(Http404):
        discharge(own(cast.THU, Role.VICE_PRINCIPAL), actor=cast.user(cast.KHANH))
    with pytest.raises(Http404):
        charge(cast.KHANH)


def test_a_deactivated_account_is_given_nothing():
    with pytest.raises(Invalid) as caught:
        charge(cast.HAI, role=Role.CLERK)
    assert set(caught.value.errors) == {"user"}


@pytest.mark.parametrize(
    ("role", "field"), [(Role.DEPARTMENT_HEAD, "department"), (Role.INSPECTOR, "ends_on")]
)
def test_what_a_duty_lacks_is_told_at_its_field(role, field):
    with pytest.raises(Invalid) as caught:
        charge(role=role)
    assert set(caught.value.errors) == {field}


@pytest.mark.parametrize("last_day", [cast.TODAY - DAY, cast.TODAY, cast.TODAY + 400 * DAY])
def test_the_last_administrator_is_never_discharged_not_even_later(last_day):
    with pytest.raises(Invalid) as caught, transaction.atomic():
        discharge(own(cast.AN), last_day)
    assert set(caught.value.errors) == {"last_day"}
    assert own(cast.AN).ends_on is None


def test_with_another_administrator_one_may_go():
    charge(role=Role.ADMIN)
    discharge(own(cast.AN))
    assert own(cast.AN).ends_on == cast.TODAY


def test_one_who_goes_next_month_does_not_stand_in_for_ever():
    charge(role=Role.ADMIN, ends_on=cast.TODAY + 30 * DAY)
    with pytest.raises(Invalid), transaction.atomic():
        discharge(own(cast.AN))


def test_one_who_never_chose_a_password_or_is_deactivated_does_not_count():
    system = User.objects.system()
    new = people.open_account(school=cast.song_lam(), full_name="Hồ Văn Khải", actor=system)
    duties.charge(
        school=cast.song_lam(), user=new, role=Role.ADMIN, begins_on=cast.START, actor=system
    )
    with pytest.raises(Invalid), transaction.atomic():
        discharge(own(cast.AN))
    with pytest.raises(Invalid), transaction.atomic():
        discharge(own(cast.AN), actor=system)


def test_ending_a_duty_that_somebody_else_has_ended_meanwhile_is_a_conflict():
    duty = own(cast.THU, Role.VICE_PRINCIPAL)
    seen = Duty.history.filter(id=duty.pk).latest("history_id").pk
    discharge(duty, version=seen)
    with pytest.raises(Conflict) as caught:
        discharge(duty, cast.TODAY + DAY, version=seen)
    assert f"{cast.TODAY:%d/%m/%Y}" in caught.value.values.values()


MEMBERS = [(cast.AN, "Trưởng ban"), (cast.CHI, "Năm học"), (cast.MINH, "Hỗ trợ")]


def board(members=MEMBERS, decided_on=cast.TODAY, number="15/QĐ", **more):
    given = {"actor": an(), "verified_at": timezone.now(), **more}
    return duties.appoint_board(
        school=cast.song_lam(),
        decision_number=number,
        decided_on=decided_on,
        members=[duties.BoardMember(cast.user(person), task) for person, task in members],
        **given,
    )


def test_a_new_board_ends_the_one_before_the_day_before():
    first = board(decided_on=cast.TODAY - 10 * DAY)
    second = board([*MEMBERS[:2], (cast.LAN, "Hỗ trợ")], number="16/QĐ")
    assert set(first.members.values_list("ends_on", flat=True)) == {cast.TODAY - DAY}
    assert set(second.members.values_list("ends_on", flat=True)) == {None}
    assert cast.user(cast.MINH).duties.on(cast.TODAY).count() == 0


def test_a_board_of_people_who_never_signed_in_would_lock_the_school_out():
    made = [
        people.open_account(
            school=cast.song_lam(), full_name=f"Hồ Văn {name}", actor=User.objects.system()
        )
        for name in ("Khải", "Lộc", "Nghĩa")
    ]
    with pytest.raises(Invalid) as caught, transaction.atomic():
        duties.appoint_board(
            school=cast.song_lam(),
            decision_number="15/QĐ",
            decided_on=cast.TODAY,
            members=[duties.BoardMember(user, "Hỗ trợ") for user in made],
            actor=an(),
            verified_at=timezone.now(),
        )
    assert set(caught.value.errors) == {"members"}


def test_a_board_cannot_begin_on_the_day_on_which_the_last_one_did():
    board()
    with pytest.raises(Invalid) as caught, transaction.atomic():
        board(number="16/QĐ")
    assert set(caught.value.errors) == {"decided_on"}


def department(name="Tổ Toán"):
    return Department.objects.get(school=cast.song_lam(), name=name)


def head(person=cast.MINH, day=cast.TODAY, **more):
    given = {"actor": an(), "verified_at": timezone.now(), **more}
    return duties.name_head(department_id=department().pk, user=cast.user(person), day=day, **given)


def test_a_new_head_ends_the_old_one_the_day_before():
    head()
    old = Duty.objects.get(department=department(), user=cast.user(cast.PHUC))
    assert old.ends_on == cast.TODAY - DAY
    assert department().heads.on(cast.TODAY).get().user == cast.user(cast.MINH)
    with pytest.raises(Invalid) as caught:
        head(cast.MINH, cast.TODAY + DAY)
    assert set(caught.value.errors) == {"user"}
    with pytest.raises(Invalid) as caught:
        head(cast.CHI)
    assert set(caught.value.errors) == {"day"}


def edit(one, **more):
    wanted = {"name": one.name, "kind": one.kind, "is_active": one.is_active, **more}
    return duties.edit_department(department_id=one.pk, actor=an(), **wanted)


def test_a_team_is_a_kind_of_department_and_can_be_renamed():
    team = duties.open_department(school=cast.song_lam(), name="Nhóm Tin", kind=TEAM, actor=an())
    assert edit(team, name=" Nhóm  Tin học ").name == "Nhóm Tin học"
    assert Department.history.filter(id=team.pk).count() == 2
    edit(team, name="Nhóm Tin học")
    assert Department.history.filter(id=team.pk).count() == 2
    with pytest.raises(Invalid):
        edit(team, name="Tổ Toán")
    with pytest.raises(Conflict):
        edit(team, name="Nhóm khác", version=1)


def test_a_department_goes_out_of_use_only_when_nobody_is_in_it_or_heads_it():
    with pytest.raises(Invalid) as caught:
        edit(department(), is_active=False)
    assert set(caught.value.errors) == {"is_active"}
    with pytest.raises(Invalid):
        edit(department("Tổ Ngữ văn"), is_active=False)
    empty = duties.open_department(school=cast.song_lam(), name="Tổ Cũ", actor=an())
    edit(empty, is_active=False)
    with pytest.raises(Invalid):
        duties.join_department(
            department=empty, user=cast.user(cast.CHI), begins_on=cast.TODAY, actor=an()
        )


def test_a_membership_ends_and_the_person_may_come_back():
    row = department().memberships.get(user=cast.user(cast.CHI))
    duties.leave_department(membership_id=row.pk, last_day=cast.TODAY, actor=an())
    with pytest.raises(Invalid):
        duties.join_department(
            department=department(), user=row.user, begins_on=cast.TODAY, actor=an()
        )
    assert duties.join_department(
        department=department(), user=row.user, begins_on=cast.TODAY + DAY, actor=an()
    ).pk


def test_a_vice_principal_and_a_history_in_words():
    duty = charge(cast.MINH, Role.VICE_PRINCIPAL, date(2026, 9, 1), task="Chuyên môn")
    assert duty.task == "Chuyên môn"
