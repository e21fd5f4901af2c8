"""R-220: codes that nobody can guess, read without mistakes and typed in any way."""

import pytest

from schoolbook.rules import codes


def test_a_slip_code_has_more_than_128_bits_and_is_never_the_same():
    made = {codes.new_slip_code() for _ in range(100)}
    assert len(made) == 100
    for code in made:
        letters = code.replace("-", "")
        assert len(letters) * 5 >= 128
        assert set(letters) <= set(codes.LETTERS)


@pytest.mark.parametrize(
    "typed", ["k0m1-A9", "K0M1A9", " koml-a9 ", "KOMI a9", "k-0-m-1-a-9", "K0M1\u2013A9"]
)
def test_a_code_may_be_typed_with_or_without_hyphens_and_with_letters_that_look_alike(typed):
    assert codes.digest(typed) == codes.digest("K0M1-A9")


def test_a_digest_says_nothing_of_its_code():
    code = codes.new_slip_code()
    assert code.replace("-", "")[:4] not in codes.digest(code)
    assert len(codes.digest(code)) == 64


def test_recovery_codes_are_numbered_and_read_back():
    made = codes.new_recovery_codes(30)
    assert [codes.recovery_code(code)[0] for code in made] == list(range(1, 31))  # type: ignore[index]
    assert len({codes.recovery_code(code)[1] for code in made}) == 30  # type: ignore[index]
    assert codes.recovery_code(made[0].lower().replace("-", " ")) == codes.recovery_code(made[0])


@pytest.mark.parametrize("text", ["", "01", "ab-cdef-ghjk-mnpq", "01-abcd-efgh", "1" * 200, "\x00"])
def test_what_is_no_recovery_code_is_none(text):
    assert codes.recovery_code(text) is None
