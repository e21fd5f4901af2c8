"""Choosing a colleague, a department, a day; and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schoolbook import clock
from schoolbook.forms.base import DayField, Refusable, TidyField
from schoolbook.models import School, User


class ColleagueField(forms.ModelChoiceField):
    """Somebody of the school whose account is active; namesakes are told apart by their user names."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("empty_label", _("– choose –"))
        super().__init__(queryset=User.objects.none(), **options)

    def of(self, school: School) -> None:
        """Offer the people of this school, by name."""
        self.queryset = User.objects.filter(school=school, is_active=True).order_by(
            "sort_key", "id"
        )

    def label_from_instance(self, obj: Any) -> str:
        """Name and user name."""
        return f"{obj.full_name} ({obj.username})"


class VersionedForm(Refusable):
    """A form that says what its page has shown, so that nobody overwrites what they never saw."""

    version = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: int, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


def reason_field(**options: Any) -> TidyField:
    """Why, for the history; often the number of a decision."""
    return TidyField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("For instance the number and date of the decision. It stays in the history."),
        **options,
    )


class EndForm(VersionedForm):
    """The last day of something that holds from a day on, and why it ends."""

    last_day = DayField(
        label=_("Last day"), help_text=_("The last day counts. Its rights end with it.")
    )
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"last_day": clock.today(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
