"""R-220: a second factor that works once, is throttled for each account, and is replaced only by its owner."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from schoolbook.errors import Invalid, SecondFactorNeeded
from schoolbook.models import Method, RecoveryCode, SecondFactor, Session
from schoolbook.services import second_factor
from tests import cast

pytestmark = pytest.mark.django_db


def accepts(code, person=cast.AN):
    try:
        second_factor.verify(code=code, user=cast.user(person))
    except Invalid:
        return False
    return True


def set_up(person=cast.CHI, method=Method.TOTP, code=None, verified_at=None):
    return second_factor.set_up(
        method=method,
        secret=cast.TOTP_SECRET,
        code=cast.code() if code is None else code,
        actor=cast.user(person),
        verified_at=verified_at,
        session_key=None,
    )


def factor(person=cast.AN):
    return SecondFactor.objects.get(user=cast.user(person), ended_at=None)


def test_a_code_of_the_phone_works_once(clock):
    assert accepts(cast.code())
    assert not accepts(cast.code())
    clock.forward(seconds=30)
    assert accepts(f" {cast.code()[:3]} {cast.code()[3:]} ")


def test_somebody_elses_code_and_an_old_one_do_not_work(clock):
    assert not accepts(cast.code(-3))
    assert not accepts(cast.code(3))
    assert not accepts(cast.code(), cast.CHI)  # who has no second factor at all


def test_a_code_of_the_sheet_works_once_in_place_of_the_phone():
    codes = cast.give_second_factor(cast.user(cast.CHI))
    assert len(codes) == 10
    assert accepts(codes[3].lower(), cast.CHI)
    assert not accepts(codes[3], cast.CHI)
    assert accepts(codes[9], cast.CHI)
    assert not accepts(codes[0])  # another person's


def test_the_letters_of_one_code_do_not_work_with_the_number_of_another():
    codes = cast.give_second_factor(cast.user(cast.CHI))
    assert not accepts("02" + codes[0][2:], cast.CHI)
    assert accepts(codes[0], cast.CHI)


def test_secrets_are_in_no_history_and_codes_are_kept_as_slow_hashes():
    codes = cast.give_second_factor(cast.user(cast.CHI))
    assert not {"secret", "last_step"} & {f.name for f in SecondFactor.history.model._meta.fields}
    assert "code_hash" not in {f.name for f in RecoveryCode.history.model._meta.fields}
    kept = RecoveryCode.objects.get(second_factor=factor(cast.CHI), number=1)
    assert kept.code_hash.startswith("argon2$")
    assert codes[0][3:].replace("-", "") not in kept.code_hash


def test_five_wrong_codes_let_the_account_rest_and_even_the_right_one_waits(clock):
    for _guess in range(5):
        assert not accepts("000000")
    assert not accepts(cast.code())
    clock.forward(minutes=14, seconds=58)
    assert not accepts(cast.code())
    clock.forward(seconds=4)
    assert accepts(cast.code())


def test_guessing_on_does_not_make_the_rest_longer_or_open_it(clock):
    for _guess in range(200):
        accepts("000000")
    assert factor().failures == 5
    clock.forward(minutes=15, seconds=1)
    assert accepts(cast.code())
    assert factor().failures == 0


def test_no_more_than_ten_guesses_in_any_quarter_of_an_hour(clock):
    counted = 0
    for _guess in range(120):
        before = factor().failures
        accepts("000000")
        counted += factor().failures != before
        clock.forward(seconds=14)  # 28 minutes in all
    assert counted <= 10


def test_wrong_codes_of_one_account_do_not_trouble_another():
    for _guess in range(5):
        accepts("000000")
    assert accepts(cast.code(), cast.BINH)


def test_setting_up_a_phone_asks_for_its_first_code():
    for wrong in ("", "000000", cast.code(5)):
        with pytest.raises(Invalid):
            set_up(code=wrong)
    assert not SecondFactor.objects.filter(user=cast.user(cast.CHI)).exists()
    assert len(set_up()) == 10
    assert not accepts(cast.code(), cast.CHI)  # that code was used for it


def test_printed_codes_alone_are_enough_for_those_without_a_phone():
    codes = set_up(method=Method.PRINTED, code="")
    assert len(codes) == 30
    assert factor(cast.CHI).secret == ""
    assert not accepts(cast.code(), cast.CHI)
    assert accepts(codes[0], cast.CHI)


def test_replacing_a_second_factor_asks_for_the_one_before(clock):
    with pytest.raises(SecondFactorNeeded):
        set_up(cast.AN)
    stale = timezone.now() - timedelta(minutes=11)
    with pytest.raises(SecondFactorNeeded):
        set_up(cast.AN, verified_at=stale)
    old = factor()
    set_up(cast.AN, method=Method.PRINTED, code="", verified_at=timezone.now())
    assert SecondFactor.objects.get(pk=old.pk).ended_at
    assert not old.recovery_codes.filter(used_at=None, replaced_at=None).exists()
    assert not accepts(cast.code())


def test_a_new_sheet_ends_the_old_one():
    codes = cast.give_second_factor(cast.user(cast.CHI))
    with pytest.raises(SecondFactorNeeded):
        second_factor.renew_codes(actor=cast.user(cast.CHI), verified_at=None)
    fresh = second_factor.renew_codes(actor=cast.user(cast.CHI), verified_at=timezone.now())
    assert not set(codes) & set(fresh)
    assert not accepts(codes[0], cast.CHI)
    assert accepts(fresh[0], cast.CHI)


def test_setting_up_ends_every_session_that_knew_of_no_second_factor():
    client = Client()
    client.force_login(cast.user(cast.CHI), "django.contrib.auth.backends.ModelBackend")
    set_up()
    assert not Session.objects.filter(user=cast.user(cast.CHI)).exists()


@pytest.mark.parametrize(("seconds", "fresh"), [(0, True), (599, True), (601, False)])
def test_a_second_factor_is_fresh_for_ten_minutes(clock, seconds, fresh):
    shown = timezone.now()
    clock.forward(seconds=seconds)
    if fresh:
        second_factor.require_fresh(cast.user(cast.AN), shown)
    else:
        with pytest.raises(SecondFactorNeeded):
            second_factor.require_fresh(cast.user(cast.AN), shown)
    with override_settings(FRESH_SECOND_FACTOR_MINUTES=11):
        second_factor.require_fresh(cast.user(cast.AN), shown)
