"""Shape and coercion of what comes in; whether it may be done is for services to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from schoolbook.models import School
from schoolbook.services.schools import PARTICULARS, Particulars

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class SignInForm(AuthenticationForm):
    """User name and password; one sentence for every failure, so that nobody learns which names exist."""

    error_messages = {
        "invalid_login": _(
            "This user name and password do not match. "
            "Mind capital letters, and the Vietnamese keyboard if it is on."
        ),
        "inactive": _("This user name and password do not match."),
    }


class SchoolForm(forms.ModelForm):  # type: ignore[type-arg]
    """The particulars of a school, the version that was seen and why they change."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=300,
        help_text=_("For instance the number and date of the decision. It stays in the history."),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    class Meta:
        model = School
        fields = PARTICULARS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial["version"] = self.instance.version

    @property
    def particulars(self) -> Particulars:
        """What was typed, once the form is valid."""
        return Particulars(**{name: self.cleaned_data[name] for name in PARTICULARS})

    def add_errors(self, errors: Mapping[str, StrOrPromise]) -> None:
        """Put the sentences of a refused change beside their fields."""
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)
