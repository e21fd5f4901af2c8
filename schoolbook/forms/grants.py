"""Giving a right for some days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schoolbook import clock
from schoolbook.forms.base import DayField, Refusable, TidyField
from schoolbook.models import School
from schoolbook.rules.permissions import Action
from schoolbook.selectors import grants
from schoolbook.selectors.grants import State
from schoolbook.services.grants import Wanted

RIGHTS = [
    (Action.ENTER_MARKS.value, _("enter marks")),
    (Action.VIEW_MARKS.value, _("look at marks")),
]


class GrantForm(Refusable):
    """What is given, over what, to whom, and until when."""

    class_subject = forms.TypedChoiceField(label=_("Class and subject"), coerce=int)
    right = forms.ChoiceField(label=_("What for"), choices=RIGHTS, initial=Action.ENTER_MARKS.value)
    user = forms.TypedChoiceField(label=_("Person"), coerce=int, required=False, empty_value=None)
    group = forms.TypedChoiceField(
        label=_("or everybody in a department"), coerce=int, required=False, empty_value=None
    )
    begins_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    reason = TidyField(
        label=_("Reason"),
        max_length=300,
        help_text=_(
            "For instance the leave of the teacher and who decided. It stays in the history."
        ),
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = grants.choices(school, clock.today())
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = [("", "---------"), *offered]
        self.fields["begins_on"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        """Exactly one of person and group."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            "user" in cleaned
            and "group" in cleaned
            and (not cleaned["user"]) == (not cleaned["group"])
        ):
            self.add_error("user", _("Choose either one person or one department."))
        return cleaned

    @property
    def wanted(self) -> Wanted:
        """What was asked for, once the form is valid."""
        return Wanted(
            class_subject_id=self.cleaned_data["class_subject"],
            right=Action(self.cleaned_data["right"]),
            begins_on=self.cleaned_data["begins_on"],
            ends_on=self.cleaned_data["ends_on"],
            reason=self.cleaned_data["reason"],
        )


class GrantFilterForm(forms.Form):
    """Which grants the list shows."""

    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("in force or to come")),
            (State.OVER, _("over")),
            (State.REVOKED, _("revoked")),
            ("all", _("all")),
        ],
    )
    words = forms.CharField(label=_("Name, class or subject"), required=False, max_length=100)

    @property
    def asked(self) -> dict[str, Any]:
        """The filters; the usual ones where something that is none was asked for."""
        state, words = "", ""
        if self.is_valid():
            state, words = self.cleaned_data["state"], self.cleaned_data["words"]
        if state == "all":
            return {"states": set(State), "words": words}
        return {
            "states": {State(state)} if state else {State.IN_FORCE, State.COMING},
            "words": words,
        }
