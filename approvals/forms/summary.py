"""What the summary of corrections is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

Choices = Sequence[tuple[int, str]]


class YearForm(forms.Form):
    """The school year, by the calendar year in which it starts; nonsense is none."""

    year = forms.IntegerField(required=False, min_value=0, max_value=9999)

    def start(self) -> int | None:
        """The year that was asked for, if it can be one."""
        self.full_clean()
        found: int | None = self.cleaned_data.get("year")
        return found


class SummaryForm(forms.Form):
    """Year, class, subject and teacher; what the year has no request of narrows nothing."""

    year = forms.ChoiceField(label=_("School year"))
    class_group = forms.ChoiceField(label=_("Class"), required=False)
    subject = forms.ChoiceField(label=_("Subject"), required=False)
    teacher = forms.ChoiceField(label=_("Asked by"), required=False)

    def __init__(self, data: QueryDict, *, year: int, years: Choices, **offered: Choices) -> None:
        said: dict[str, str] = {"year": str(year)}
        for name, choices in offered.items():
            given = data.get(name, "")
            said[name] = given if given in {str(pk) for pk, _name in choices} else ""
        super().__init__(said)
        for name, choices in {"year": years, **offered}.items():
            field: Any = self.fields[name]
            every = [] if name == "year" else [("", _("all"))]
            field.choices = [*every, *choices]
        self.full_clean()

    def asked(self) -> Mapping[str, int | None]:
        """What was chosen, by id."""
        names = ("class_group", "subject", "teacher")
        return {name: int(self.cleaned_data.get(name) or 0) or None for name in names}
