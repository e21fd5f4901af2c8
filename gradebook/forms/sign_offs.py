"""Confirming a sheet or a class, and taking that back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gradebook.models.names import LONGEST_REASON
from schoolbook.forms.base import Refusable, TidyField

LARGEST = 2**63 - 1


class SignOffForm(Refusable):
    """A word for what was shown: its digest, the newest link of the history then, and what was accepted by a tick."""

    digest = forms.RegexField(r"^[0-9a-f]{64}\Z", widget=forms.HiddenInput)
    link = forms.IntegerField(
        required=False, min_value=0, max_value=LARGEST, widget=forms.HiddenInput
    )
    incomplete = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)


class TakeBackForm(Refusable):
    """Which confirmation is taken back, and why."""

    sign_off = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    reason = TidyField(
        label=_("Why it is taken back"),
        max_length=LONGEST_REASON,
        help_text=_("It stays in the history."),
    )
