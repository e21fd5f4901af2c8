"""R-002, R-003, R-010: activation slips: shown once, used once, expiring, and with four eyes for people with power."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import override_settings
from django.utils import timezone

from schoolbook.errors import Invalid, SecondFactorMissing, SecondFactorNeeded
from schoolbook.models import ActivationSlip, PasswordChange, SecondFactor, Session, SlipKind, User
from schoolbook.rules import codes
from schoolbook.rules.permissions import Role
from schoolbook.services import duties, people, second_factor, slips
from tests import cast

pytestmark = pytest.mark.django_db
NEW = "thuyền ra khơi xa"


def issue(person=cast.CHI, *, by=cast.AN, kind=SlipKind.PASSWORD, verified_at=None):
    return slips.issue(
        user_id=cast.user(person).pk,
        kind=kind,
        actor=cast.user(by),
        verified_at=verified_at or timezone.now(),
    )


def confirm(made, by=cast.BINH, verified_at=None):
    return slips.confirm(
        slip_id=made.slip.pk, actor=cast.user(by), verified_at=verified_at or timezone.now()
    )


def second_administrator():
    """Chi also administers, with a second factor."""
    duties.charge(
        school=cast.song_lam(),
        user=cast.user(cast.CHI),
        role=Role.ADMIN,
        begins_on=cast.START,
        actor=User.objects.system(),
    )
    cast.give_second_factor(cast.user(cast.CHI))


def test_a_slip_lets_its_bearer_choose_a_password_once():
    made = issue()
    user = slips.use(code=made.code, password=NEW)
    assert user == cast.user(cast.CHI)
    assert cast.user(cast.CHI).check_password(NEW)
    with pytest.raises(Invalid, match="code"):
        slips.use(code=made.code, password=NEW + "!")
    assert cast.user(cast.CHI).check_password(NEW)


def test_the_code_stands_nowhere_and_the_history_has_not_even_its_digest():
    made = issue()
    row = ActivationSlip.objects.values().get()
    letters = codes.typed(made.code)
    assert not any(letters in codes.typed(str(value)) for value in row.values())
    assert row["code_hash"] == codes.digest(made.code)
    assert "code_hash" not in {field.name for field in ActivationSlip.history.model._meta.fields}


def test_using_a_slip_leaves_who_and_when_and_no_password():
    made = issue()
    slips.use(code=made.code, password=NEW)
    first, last = ActivationSlip.history.filter(id=made.slip.pk).order_by("history_id")
    assert (first.actor_name, last.actor_name) == ("Lê Thị An", "Nguyễn Mai Chi")
    assert (first.used_at, last.used_at is None) == (None, False)
    assert PasswordChange.history.filter(user=cast.user(cast.CHI)).count() == 2


@pytest.mark.parametrize("kind", list(SlipKind))
def test_using_a_slip_of_any_kind_ends_every_session_on_the_server(kind, as_person):
    as_person(cast.CHI)
    stranger = as_person(cast.BINH)
    slips.use(code=issue(kind=kind).code, password=NEW)
    assert not Session.objects.filter(user=cast.user(cast.CHI)).exists()
    assert stranger.get("/").status_code == 200


def test_a_new_slip_cancels_the_older_one():
    older = issue()
    newer = issue()
    with pytest.raises(Invalid):
        slips.use(code=older.code, password=NEW)
    assert slips.use(code=newer.code, password=NEW)


def test_a_slip_expires(clock):
    made = issue()
    clock.forward(days=7, seconds=-5)
    assert slips.look_up(made.code)
    clock.forward(seconds=5)
    with pytest.raises(Invalid):
        slips.use(code=made.code, password=NEW)


def test_how_long_a_slip_works_is_a_setting(clock):
    with override_settings(SLIP_DAYS=1):
        made = issue()
    clock.forward(days=1)
    with pytest.raises(Invalid):
        slips.look_up(made.code)


def test_a_weak_password_is_refused_and_the_slip_stays_good():
    made = issue()
    for weak in ("ngan", "12345678", "nguyenmaichi", "songlam2026"):
        with pytest.raises(Invalid) as caught:
            slips.use(code=made.code, password=weak)
        assert set(caught.value.errors) == {"new_password"}
    assert slips.use(code=made.code, password=NEW)


def test_a_slip_for_the_second_factor_leaves_the_password_and_one_for_the_password_the_factor():
    second_administrator()
    made = issue(kind=SlipKind.SECOND_FACTOR)
    confirm(made)
    slips.use(code=made.code)
    assert cast.user(cast.CHI).check_password(cast.PASSWORD)
    assert not SecondFactor.objects.filter(user=cast.user(cast.CHI), ended_at=None).exists()
    cast.give_second_factor(cast.user(cast.CHI))
    made = issue(kind=SlipKind.PASSWORD)
    confirm(made)
    slips.use(code=made.code, password=NEW)
    assert SecondFactor.objects.filter(user=cast.user(cast.CHI), ended_at=None).exists()


@pytest.mark.parametrize("person", [cast.BINH, cast.CHI, cast.DUNG, cast.GIANG])
def test_only_who_manages_accounts_issues_slips(person):
    with pytest.raises(PermissionDenied):
        issue(cast.DUNG, by=person)
    assert not ActivationSlip.objects.exists()


@pytest.mark.parametrize("person", [cast.KHANH, cast.HAI])
def test_strangers_and_closed_accounts_find_nobody(person):
    with pytest.raises(Http404):
        issue(by=person)


def test_without_a_second_factor_the_right_sleeps():
    factor = SecondFactor.objects.get(user=cast.user(cast.AN))
    with transaction.atomic():
        second_factor.take_away(factor.user, actor=factor.user, reason="")
    with pytest.raises(SecondFactorMissing):
        issue()


def test_issuing_and_confirming_ask_for_a_fresh_second_factor(clock):
    shown = timezone.now()
    clock.forward(minutes=10, seconds=1)
    with pytest.raises(SecondFactorNeeded):
        issue(verified_at=shown)
    assert not ActivationSlip.objects.exists()
    made = issue(cast.BINH)
    second_administrator()
    with pytest.raises(SecondFactorNeeded):
        confirm(made, by=cast.CHI, verified_at=shown)
    assert confirm(made, by=cast.CHI).confirmed_at


def test_nobody_issues_a_slip_for_themselves():
    with pytest.raises(Invalid):
        issue(cast.AN, by=cast.AN)
    assert not ActivationSlip.objects.exists()


def test_the_slip_of_somebody_with_power_works_only_after_a_second_person():
    made = issue(cast.BINH)
    assert made.slip.needs_confirmation
    with pytest.raises(Invalid):
        slips.use(code=made.code, password=NEW)
    second_administrator()
    confirm(made, by=cast.CHI)
    assert slips.use(code=made.code, password=NEW)


def test_the_second_person_is_neither_who_issued_nor_who_will_use_it():
    made = issue(cast.BINH)
    for same in (cast.AN, cast.BINH):
        with pytest.raises(Invalid):
            confirm(made, by=same)
    assert ActivationSlip.objects.get().confirmed_at is None


@pytest.mark.parametrize("column", ["issued_by", "user"])
def test_the_database_refuses_the_same_person_twice(column):
    made = issue(cast.BINH)
    same = getattr(made.slip, column)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        ActivationSlip.objects.update(confirmed_by=same, confirmed_at=timezone.now())


def test_the_database_refuses_using_an_unconfirmed_slip():
    issue(cast.BINH)
    with pytest.raises(IntegrityError, match="only_when_confirmed"), transaction.atomic():
        ActivationSlip.objects.update(used_at=timezone.now())


def test_a_teacher_and_a_stranger_are_no_second_person():
    made = issue(cast.BINH)
    with pytest.raises(PermissionDenied):
        confirm(made, by=cast.CHI)
    with pytest.raises(Http404):
        confirm(made, by=cast.KHANH)


def test_power_that_came_after_the_slip_was_issued_asks_for_the_second_person_too():
    made = issue(cast.CHI)
    assert not made.slip.needs_confirmation
    duties.charge(
        school=cast.song_lam(),
        user=cast.user(cast.CHI),
        role=Role.PRINCIPAL,
        begins_on=cast.START,
        actor=User.objects.system(),
    )
    with pytest.raises(Invalid):
        slips.use(code=made.code, password=NEW)
    confirm(made)
    assert slips.use(code=made.code, password=NEW)


def test_a_slip_that_is_over_cannot_be_confirmed(clock):
    made = issue(cast.BINH)
    second_administrator()
    clock.forward(days=8)
    with pytest.raises(Invalid):
        confirm(made, by=cast.CHI)


def test_a_closed_account_gets_no_slip_and_its_old_one_works_no_more():
    with pytest.raises(Invalid):
        issue(cast.HAI)
    made = issue(cast.CHI)
    people.close_account(user_id=made.slip.user_id, actor=User.objects.system())
    with pytest.raises(Invalid):
        slips.use(code=made.code, password=NEW)


@pytest.mark.parametrize("code", ["", "x", "0" * 28, "\x00", "🙂" * 9])
def test_a_code_that_is_none_is_refused_with_a_sentence(code):
    issue()
    with pytest.raises(Invalid):
        slips.look_up(code)
