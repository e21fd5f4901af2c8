"""R-220: the six digits of a phone, as RFC 6238 has them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolbook import totp

RFC = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("moment", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_examples_of_the_standard(moment, code):
    assert totp.code_of(RFC, totp.step_of(moment)) == code


def test_a_code_of_now_and_of_a_neighbouring_half_minute_counts_and_no_other():
    now = 1_800_000_000
    step = totp.step_of(now)
    counts = [
        distance
        for distance in range(-4, 5)
        if totp.matching_step(RFC, totp.code_of(RFC, step + distance), moment=now, after=0)
    ]
    assert counts == [-1, 0, 1]


def test_a_code_that_was_used_or_is_older_than_one_that_was_does_not_count():
    now = 1_800_000_000
    step = totp.step_of(now)
    code = totp.code_of(RFC, step)
    assert totp.matching_step(RFC, code, moment=now, after=step - 1) == step
    assert totp.matching_step(RFC, code, moment=now, after=step) is None
    assert totp.matching_step(RFC, totp.code_of(RFC, step - 1), moment=now, after=step) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\x00", "12 345"])
def test_whatever_is_typed_is_only_wrong(code):
    assert totp.matching_step(RFC, code, moment=59, after=0) is None


@given(st.binary(min_size=20, max_size=20))
def test_any_secret_makes_six_digits(secret):
    text = base64.b32encode(secret).decode()
    code = totp.code_of(text, 0)
    assert len(code) == 6
    assert code.isdecimal()


def test_secrets_are_fresh_and_the_address_names_account_and_product():
    first, second = totp.new_secret(), totp.new_secret()
    assert first != second
    assert len(base64.b32decode(first)) == 20
    address = totp.address(first, username="anlt.songlam", issuer="Schoolbook")
    assert address == f"otpauth://totp/Schoolbook:anlt.songlam?secret={first}&issuer=Schoolbook"
