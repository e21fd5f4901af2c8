"""Each form says each of its errors in Vietnamese, at its field."""

import re

import pytest
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils import translation

from schoolbook.forms.accounts import SignInForm
from schoolbook.forms.school import SchoolForm
from schoolbook.models import User

GOOD = {
    "name": "Trường THCS Sông Lam",
    "abbreviation": "songlam",
    "address_before": "",
    "address_since": "Xã Hạ Lưu",
    "reason": "QĐ 12",
    "version": "1",
}
# A sentence in Vietnamese has a letter that English has not, and no word that only English has.
VIETNAMESE = re.compile("[ảãạăắằẳẵặấầẩẫậđẻẽẹếềểễệỉĩịỏõọốồổỗộơớờởỡợủũụưứừửữựỷỹỵ]")
ENGLISH = re.compile(
    r"\b(the|this|that|is|must|enter|ensure|field|value|required)\b", re.IGNORECASE
)


def assert_vietnamese(sentences):
    assert sentences
    for sentence in sentences:
        assert VIETNAMESE.search(sentence), sentence
        assert not ENGLISH.search(sentence), sentence


def test_a_good_form_has_no_error():
    assert SchoolForm(GOOD).is_valid()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("name", "a\x00b"),
        ("abbreviation", ""),
        ("abbreviation", "Sông Lam"),
        ("abbreviation", "x" * 21),
        ("address_before", "x" * 301),
        ("address_since", ""),
        ("address_since", "x" * 301),
        ("reason", ""),
        ("reason", "x" * 301),
        ("version", ""),
        ("version", "một"),
        ("version", "0"),
        ("version", "99999999999999999999"),
    ],
)
def test_each_error_of_the_school_form_is_vietnamese_and_at_its_field(field, value):
    with translation.override("vi"):
        form = SchoolForm({**GOOD, field: value})
        assert not form.is_valid()
        assert set(form.errors) == {field}
        assert_vietnamese(form.errors[field])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"username": "", "password": "x"}, "username"),
        ({"username": "an", "password": ""}, "password"),
        ({"username": "an", "password": "x"}, "__all__"),
        ({"username": "a\x00n", "password": "x"}, "username"),
        ({"username": "a" * 65, "password": "x"}, "username"),
    ],
)
def test_each_error_of_signing_in_is_vietnamese(typed, field):
    request = RequestFactory().post("/sign-in/")
    with translation.override("vi"):
        form = SignInForm(request, typed)
        assert not form.is_valid()
        assert_vietnamese(form.errors[field])


@pytest.mark.parametrize("password", ["ngắn", "12345678", "password", "hồ thị nga"])
def test_each_refusal_of_a_password_is_vietnamese(password):
    assert settings.AUTH_PASSWORD_VALIDATORS
    with translation.override("vi"), pytest.raises(ValidationError) as caught:
        password_validation.validate_password(password, User(full_name="hồ thị nga"))
    assert_vietnamese(caught.value.messages)
