"""Forms of the school itself."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from schoolbook.forms.base import Refusable, TidyField, fields_of
from schoolbook.models import School
from schoolbook.services.schools import PARTICULARS, Particulars


class SchoolForm(Refusable):
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
