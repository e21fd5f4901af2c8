"""Signing in, activation, second factor, accounts of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolbook.forms.base import Refusable
from schoolbook.models import Method, SlipKind, User
from schoolbook.selectors.security import Filter
from schoolbook.services.passwords import LONGEST

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class SignInForm(AuthenticationForm):
    """User name and password; one sentence for every failure, so that nobody learns which names exist."""

    # No account has a longer name; without a limit the log of attempts would have to hold whatever is sent.
    username = UsernameField(max_length=64, widget=forms.TextInput(attrs={"autofocus": True}))

    error_messages = {
        "invalid_login": _(
            "This user name and password do not match. "
            "Mind capital letters, and the Vietnamese keyboard if it is on."
        ),
        "inactive": _("This user name and password do not match."),
    }


CODE_BOX = {"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}


def _password(label: StrOrPromise, *, new: bool = False, **options: Any) -> forms.CharField:
    purpose = "new-password" if new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": purpose})
    return forms.CharField(label=label, strip=False, max_length=LONGEST, widget=widget, **options)


class SlipCodeForm(Refusable):
    """The code of an activation slip."""

    code = forms.CharField(
        label=_("Code on the slip"),
        max_length=60,
        help_text=_("Seven groups of four. Hyphens and capital letters do not matter."),
        widget=forms.TextInput(attrs=CODE_BOX),
    )


class NewPasswordForm(Refusable):
    """A password of one's own choice, typed twice."""

    new_password = _password(
        _("New password"),
        new=True,
        help_text=_(
            "At least 8 characters; a sentence is easiest to keep in mind. Not your name, "
            "not the school's, and none that is often used or was stolen elsewhere."
        ),
    )
    again = _password(_("New password, once more"), new=True)

    def clean(self) -> None:
        """Both must be the same."""
        first, second = self.cleaned_data.get("new_password"), self.cleaned_data.get("again")
        if first and second and first != second:
            self.add_error("again", gettext("The two passwords are not the same."))


class ActivatePasswordForm(NewPasswordForm):
    """Using a slip for a password."""

    code = forms.CharField(max_length=60, widget=forms.HiddenInput)


class PresentPasswordForm(Refusable):
    """The present password of an account; wrong ones are counted as at sign-in, which needs the request."""

    password = _password(_("Your password"))

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean_password(self) -> str:
        """It must be right."""
        password: str = self.cleaned_data["password"]
        if not authenticate(self.request, username=self.user.username, password=password):
            raise ValidationError(gettext("This is not your password."))
        return password


class ActivateSecondFactorForm(PresentPasswordForm):
    """Using a slip for the second factor alone."""

    code = forms.CharField(max_length=60, widget=forms.HiddenInput)


class ChangePasswordForm(PresentPasswordForm, NewPasswordForm):
    """The present password, and the new one twice."""

    field_order = ("password", "new_password", "again")


class AddressForm(Refusable):
    """Where one wants to be written to."""

    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Leave it blank to get none. Only you see it here."),
    )


class SecondFactorForm(Refusable):
    """A code of the phone or of the printed sheet."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Six figures of your phone, or an unused code of your printed sheet."),
        widget=forms.TextInput(attrs={**CODE_BOX, "autocomplete": "one-time-code"}),
    )


class SetUpSecondFactorForm(Refusable):
    """Which second factor; with a phone, the first code that it shows."""

    method = forms.ChoiceField(choices=Method.choices)
    code = forms.CharField(
        label=_("Code that your phone shows now"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = self.data.get("method") != Method.PRINTED


class OpenAccountForm(Refusable):
    """Whose account; `username` is the one that was shown, once it was."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        help_text=_("With diacritics, as in the staff list."),
    )
    username = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class IssueSlipForm(Refusable):
    """What the slip is for."""

    kind = forms.ChoiceField(
        label=_("What is to be chosen anew?"),
        choices=SlipKind.choices,
        widget=forms.RadioSelect,
        initial=SlipKind.PASSWORD,
    )


class SecurityFilterForm(forms.Form):
    """Which accounts the security page shows."""

    filter = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            (Filter.ALL, _("all accounts")),
            (Filter.POWER, _("with power to administer or approve")),
            (Filter.NO_SECOND_FACTOR, _("second factor missing")),
            (Filter.NOT_ACTIVATED, _("never activated")),
            (Filter.SLIP_OUTSTANDING, _("slip outstanding")),
            (Filter.NO_STATEMENT, _("statement not accepted")),
            (Filter.DEACTIVATED, _("deactivated")),
        ],
    )
    words = forms.CharField(label=_("Name or user name"), required=False, max_length=100)
