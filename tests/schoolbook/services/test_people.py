"""Accounts and duties: names that do not collide, dates that do not overlap, histories without secrets."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from schoolbook.errors import Invalid
from schoolbook.models import Duty, User
from schoolbook.rules.permissions import Role
from schoolbook.services import duties, people
from tests import cast

pytestmark = pytest.mark.django_db


def system():
    return User.objects.system()


def open_account(full_name="Lê Thị An"):
    return people.open_account(
        school=cast.song_lam(), full_name=full_name, password=cast.PASSWORD, actor=system()
    )


def test_namesakes_get_names_of_their_own_that_stay():
    second, third = open_account(), open_account("Lý Thanh An")
    assert [second.username, third.username] == ["anlt2.songlam", "anlt3.songlam"]
    assert cast.user(cast.AN).username == "anlt.songlam"


def test_the_history_of_an_account_holds_no_password_and_no_sign_in():
    user = open_account()
    row = User.history.get(id=user.pk)
    columns = {field.name for field in row._meta.fields}
    assert {"username", "full_name"} <= columns
    assert not {"password", "last_login"} & columns


def test_closing_an_account_keeps_it_and_leaves_a_trace():
    user = people.close_account(user_id=cast.user(cast.CHI).pk, actor=system(), reason="nghỉ hưu")
    assert not user.is_active
    newest = User.history.filter(id=user.pk).latest("history_id")
    assert (newest.is_active, newest.history_change_reason) == (False, "nghỉ hưu")


def test_nobody_signs_in_as_the_actor_of_jobs(client):
    assert not system().has_usable_password()
    client.post("/sign-in/", {"username": "system", "password": "!"})
    assert "_auth_user_id" not in client.session


def test_the_database_keeps_a_password_from_the_actor_of_jobs():
    with pytest.raises(IntegrityError, match="user_system_cannot_sign_in"), transaction.atomic():
        User.objects.filter(username="system").update(password="argon2$anything")


def charge(begins_on, ends_on=None, role=Role.ADMIN, person=cast.DUNG):
    return duties.charge(
        school=cast.song_lam(),
        user=cast.user(person),
        role=role,
        begins_on=begins_on,
        ends_on=ends_on,
        actor=system(),
    )


def test_a_duty_may_be_taken_up_again_the_day_after_it_ended():
    assert cast.DUNG.duty == (Role.ADMIN, cast.START, date(2026, 5, 31))
    with pytest.raises(Invalid) as caught:
        charge(date(2026, 5, 31))
    assert "đang giữ nhiệm vụ này" in str(caught.value.errors["__all__"])
    assert charge(date(2026, 6, 1)).pk


def test_the_database_refuses_an_overlap_too():
    user = cast.user(cast.DUNG)
    with pytest.raises(IntegrityError, match="duty_held_once_at_a_time"), transaction.atomic():
        Duty.objects.create(
            school=cast.song_lam(), user=user, role=Role.ADMIN, begins_on=date(2026, 1, 1)
        )


def test_two_different_duties_may_overlap():
    assert charge(date(2026, 1, 1), role=Role.CLERK).pk


def test_a_duty_cannot_end_before_it_begins():
    with pytest.raises(Invalid):
        charge(date(2026, 6, 2), date(2026, 6, 1))
    assert charge(date(2026, 6, 2), date(2026, 6, 2)).pk


def test_an_unknown_duty_is_refused():
    with pytest.raises(Invalid):
        charge(date(2026, 6, 2), role="caretaker")
    with pytest.raises(IntegrityError, match="duty_role_known"), transaction.atomic():
        Duty.objects.create(
            school=cast.song_lam(),
            user=cast.user(cast.DUNG),
            role="caretaker",
            begins_on=date(2026, 6, 2),
        )


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2025, 7, 31), False),
        (date(2025, 8, 1), True),
        (date(2026, 5, 31), True),
        (date(2026, 6, 1), False),
    ],
)
def test_the_first_and_the_last_day_of_a_duty_count(day, holds):
    assert cast.user(cast.DUNG).duties.on(day).exists() is holds
