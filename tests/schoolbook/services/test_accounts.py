"""R-001, R-002, R-003, R-017, R-019: opening, deactivating and reactivating accounts of the own school."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.utils import timezone

from schoolbook.errors import Invalid, SecondFactorNeeded
from schoolbook.models import ActivationSlip, Session, SlipKind, User
from schoolbook.rules.permissions import Role
from schoolbook.services import accounts, duties, slips
from tests import cast

pytestmark = pytest.mark.django_db


def open_account(full_name="Hồ Văn Khải", username="khaihv.songlam", by=cast.AN, fresh=True):
    return accounts.open_account(
        full_name=full_name,
        username=username,
        actor=cast.user(by),
        verified_at=timezone.now() if fresh else None,
    )


def turn(service, person=cast.CHI, by=cast.AN, fresh=True):
    return service(
        user_id=cast.user(person).pk,
        reason="QĐ 7",
        actor=cast.user(by),
        verified_at=timezone.now() if fresh else None,
    )


def test_an_account_is_opened_without_a_password_anybody_knows():
    made = open_account()
    user = User.objects.get(username="khaihv.songlam")
    assert made.slip.user == user
    assert user.school == cast.song_lam()
    assert not user.has_usable_password()
    assert User.history.get(id=user.pk).actor_name == "Lê Thị An"


def test_the_name_that_was_shown_is_the_name_that_is_given():
    open_account()
    with pytest.raises(accounts.NameTaken) as caught:
        open_account()
    assert caught.value.username == "khaihv2.songlam"
    assert User.objects.filter(full_name="Hồ Văn Khải").count() == 1
    assert open_account(username="khaihv2.songlam")


def test_a_name_without_letters_is_refused():
    with pytest.raises(Invalid):
        open_account("…", "x.songlam")


@pytest.mark.parametrize("person", [cast.BINH, cast.CHI, cast.DUNG, cast.GIANG])
@pytest.mark.parametrize("service", [accounts.deactivate, accounts.reactivate])
def test_only_who_manages_accounts_turns_them(person, service):
    with pytest.raises(PermissionDenied):
        turn(service, by=person)
    with pytest.raises(PermissionDenied):
        open_account(by=person)
    assert cast.user(cast.CHI).is_active


@pytest.mark.parametrize("service", [accounts.deactivate, accounts.reactivate])
def test_an_account_next_door_does_not_exist(service):
    with pytest.raises(Http404):
        turn(service, cast.KHANH)
    assert cast.user(cast.KHANH).is_active


def test_each_act_asks_for_a_fresh_second_factor():
    for service in (accounts.deactivate, accounts.reactivate):
        with pytest.raises(SecondFactorNeeded):
            turn(service, fresh=False)
    with pytest.raises(SecondFactorNeeded):
        open_account(fresh=False)
    assert cast.user(cast.CHI).is_active


def test_deactivating_ends_sessions_and_slips_and_leaves_why():
    client = Client()
    client.force_login(cast.user(cast.CHI), "django.contrib.auth.backends.ModelBackend")
    slips.issue_as_operator(
        username=cast.CHI.username, kind=SlipKind.BOTH, actor=User.objects.system()
    )
    turn(accounts.deactivate)
    assert not cast.user(cast.CHI).is_active
    assert not Session.objects.filter(user=cast.user(cast.CHI)).exists()
    assert not ActivationSlip.objects.open().exists()
    row = User.history.filter(id=cast.user(cast.CHI).pk).latest("history_id")
    assert (row.is_active, row.history_change_reason, row.actor_name) == (
        False,
        "QĐ 7",
        "Lê Thị An",
    )
    turn(accounts.deactivate)  # again: nothing more to do
    assert User.history.filter(id=cast.user(cast.CHI).pk).count() == 2


def test_reactivating_lets_the_person_in_with_the_password_from_before(client):
    turn(accounts.deactivate)
    turn(accounts.reactivate)
    sent = {"username": cast.CHI.username, "password": cast.PASSWORD}
    assert client.post("/sign-in/", sent).status_code == 302


def test_the_last_administrator_stays():
    with pytest.raises(Invalid) as caught:
        turn(accounts.deactivate, cast.AN)
    assert "reason" in caught.value.errors
    assert cast.user(cast.AN).is_active


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "enough"),
    [
        (cast.START, None, True),
        (cast.START, timezone.localdate(), False),  # nobody could from tomorrow on
        (cast.START, cast.START, False),
    ],
)
def test_another_administrator_counts_only_while_the_duty_lasts(begins_on, ends_on, enough):
    duties.charge(
        school=cast.song_lam(),
        user=cast.user(cast.CHI),
        role=Role.ADMIN,
        begins_on=begins_on,
        ends_on=ends_on,
        actor=User.objects.system(),
    )
    if enough:
        assert not turn(accounts.deactivate, cast.AN).is_active
    else:
        with pytest.raises(Invalid):
            turn(accounts.deactivate, cast.AN)


def test_an_administrator_who_never_chose_a_password_does_not_count():
    made = open_account()
    duties.charge(
        school=cast.song_lam(),
        user=made.slip.user,
        role=Role.ADMIN,
        begins_on=cast.START,
        actor=User.objects.system(),
    )
    with pytest.raises(Invalid):
        turn(accounts.deactivate, cast.AN)
    assert cast.user(cast.AN).is_active


def test_nothing_here_deletes_an_account():
    assert not [name for name in dir(accounts) if "delete" in name or "remove" in name]
