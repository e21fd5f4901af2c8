"""Shape and coercion of what comes in; whether it may be done is for services to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.validators import RegexValidator
from django.db.models import Model
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from schoolbook.models import School
from schoolbook.rules.names import tidy
from schoolbook.services.schools import PARTICULARS, Particulars

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def fields_of(
    model: type[Model], names: Sequence[str], widgets: dict[str, type[forms.Widget] | forms.Widget]
) -> Iterable[forms.Field]:
    """Form fields for fields of a model, with the patterns that those hold.

    Django leaves the patterns to the model's own validation; a person is to hear of all faults at once.
    """
    made = fields_for_model(model, fields=names, widgets=widgets)
    for name, field in made.items():
        held = model._meta.get_field(name).validators  # type: ignore[union-attr]
        field.validators.extend(v for v in held if isinstance(v, RegexValidator))
    return made.values()


class TidyField(forms.CharField):
    """Text in which only what can be seen counts; nothing but invisible letters is nothing."""

    def to_python(self, value: Any) -> str:
        """Tidy what was typed before it is asked whether there is any."""
        return tidy(super().to_python(value) or "")


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


class HistoryForm(forms.Form):
    """Which part of a history to show: what came before a place in it, or the newest."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class SchoolForm(forms.Form):
    """The particulars of a school, the version that was seen and why they change."""

    name, abbreviation, address_before, address_since = fields_of(
        School,
        PARTICULARS,
        # A whole address is to be seen on a phone, too.
        widgets={
            "address_before": forms.Textarea({"rows": 2}),
            "address_since": forms.Textarea({"rows": 2}),
        },
    )
    reason = TidyField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For instance the number and date of the decision. It stays in the history."),
    )
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    @classmethod
    def showing(cls, school: School) -> SchoolForm:
        """The form as it is first shown, with what the school has now."""
        names = (*PARTICULARS, "version")
        return cls(initial={name: getattr(school, name) for name in names})

    @property
    def particulars(self) -> Particulars:
        """What was typed, once the form is valid."""
        return Particulars(**{name: self.cleaned_data[name] for name in PARTICULARS})

    def add_errors(self, errors: Mapping[str, StrOrPromise]) -> None:
        """Put the sentences of a refused change beside their fields."""
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)
