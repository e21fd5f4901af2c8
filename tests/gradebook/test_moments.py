"""Moments are typed by the clock of Viet Nam, wherever the server stands."""

import time
from datetime import UTC, datetime

import pytest
from django import forms
from django.test import override_settings
from django.utils import timezone

from gradebook.forms.locks import proposed_ends
from gradebook.forms.moments import MomentField
from schoolbook.rules.calendar import VIET_NAM

NEW_YEAR = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


@pytest.fixture(params=["UTC", "Asia/Ho_Chi_Minh", "America/Los_Angeles"])
def zone(request, monkeypatch):
    """The zone of the machine and of the settings; `now` stays what it is."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        with override_settings(TIME_ZONE=request.param), timezone.override(request.param):
            yield request.param
    time.tzset()


class MomentForm(forms.Form):
    at = MomentField()


@pytest.mark.parametrize(
    "typed", ["2027-01-01T00:00", "2027-01-01T00:00:00", "00:00 01/01/2027", "01/01/2027 00:00"]
)
def test_what_is_typed_is_a_moment_in_viet_nam(zone, typed):
    form = MomentForm({"at": typed})
    assert form.is_valid()
    assert form.cleaned_data["at"] == NEW_YEAR


def test_what_is_shown_is_a_moment_in_viet_nam(zone):
    assert 'value="2027-01-01T00:00"' in str(MomentForm(initial={"at": NEW_YEAR})["at"])


def test_proposed_ends_are_hours_of_viet_nam(zone):
    evening = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # 23:30 in Viet Nam
    ends = proposed_ends(evening)
    assert ends["hours"] == datetime(2027, 1, 1, 1, 30, tzinfo=VIET_NAM)
    assert ends["tonight"] == datetime(2026, 12, 31, 23, 59, tzinfo=VIET_NAM)
    assert ends["tomorrow"] == datetime(2027, 1, 1, 17, 0, tzinfo=VIET_NAM)
    assert ends["days"] == datetime(2027, 1, 3, 17, 0, tzinfo=VIET_NAM)


@pytest.mark.parametrize(
    "typed", ["", "x", "\x00", "2026-02-30T07:00", "1999-12-31T23:00", "9" * 400]
)
def test_what_is_no_moment_of_a_school_is_refused(typed):
    assert not MomentForm({"at": typed}).is_valid()
