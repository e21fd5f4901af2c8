"""R-011, R-220, ASVS 5.0 6.2: which passwords are refused, and that changing one leaves only that and when."""

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from schoolbook import passwords as validators
from schoolbook.errors import Invalid
from schoolbook.models import PasswordChange
from schoolbook.services import passwords
from tests import cast

pytestmark = pytest.mark.django_db


def refused(password, person=cast.CHI):
    try:
        passwords.check(password, cast.user(person))
    except Invalid as error:
        return set(error.errors) == {"new_password"}
    return False


@pytest.mark.parametrize(
    "password",
    [
        "",
        "1234567",
        "password1",
        "iloveyou",
        "Nguyễn Mai Chi",
        "chinm.songlam",
        "schoolbook!",
        "SONGLAM2026",
    ],
)
def test_easy_ones_are_refused(password):
    assert refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "aquzwmxe",
        "thuyền ra khơi xa",
        "toàn chữ thường thôi",
        "9274018365",
        "x" * 128,
        "🐟🐠🐡🦈🐙🦑🦐🦞",
    ],
)
def test_eight_are_enough_128_are_not_too_many_and_no_kind_of_letter_is_asked_for(password):
    assert not refused(password)


def test_the_operators_list_of_stolen_passwords_counts(tmp_path):
    stolen = tmp_path / "stolen.txt"
    stolen.write_text("aquzwmxe\nthuyền ra khơi xa\n", encoding="utf-8")
    with override_settings(BREACHED_PASSWORDS=str(stolen)):
        assert refused("AquZwmXe")
        assert refused("thuyền ra khơi xa")
        assert not refused("thuyền ra khơi gần")


def test_without_a_person_only_the_product_is_context():
    with pytest.raises(ValidationError):
        validators.ContextValidator().validate("schoolbook1")
    validators.ContextValidator().validate("songlam2026")


def test_the_rules_say_themselves_beforehand():
    for validator in (validators.ContextValidator(), validators.BreachedValidator()):
        assert str(validator.get_help_text())


def test_changing_leaves_that_and_when_and_no_password():
    passwords.change(password="thuyền ra khơi xa", session_key=None, actor=cast.user(cast.CHI))
    assert cast.user(cast.CHI).check_password("thuyền ra khơi xa")
    change = PasswordChange.objects.filter(user=cast.user(cast.CHI)).latest("changed_at")
    row = PasswordChange.history.get(id=change.pk)
    assert row.actor_name == "Nguyễn Mai Chi"
    assert {field.name for field in PasswordChange._meta.fields} == {"id", "user", "changed_at"}
