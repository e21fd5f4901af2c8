"""Forms of who teaches what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from schoolbook.forms.base import DayField
from schoolbook.forms.people import ColleagueField, VersionedForm, reason_field
from schoolbook.models import Department, School, SchoolYear
from schoolbook.rules import school_year
from schoolbook.selectors.years import present


class Kind(StrEnum):
    """What somebody begins to do for a subject of a class."""

    TAKE_OVER = "take_over"
    BESIDE = "beside"
    FINAL = "final"


class AssignSubjectForm(VersionedForm):
    """Who teaches a subject to a class from a day on, and how."""

    user = ColleagueField(label=_("Teacher"))
    kind = forms.ChoiceField(
        label=_("What changes"),
        widget=forms.RadioSelect,
        choices=[
            (
                Kind.TAKE_OVER,
                _("teaches it from that day on; who did so before ends the day before"),
            ),
            (Kind.BESIDE, _("teaches it beside those who do")),
            (Kind.FINAL, _("teaches it already, and gives the final assessment from that day on")),
        ],
    )
    day = DayField(
        label=_("From"), help_text=_("Marks given before stay in the name of who gave them.")
    )
    reason = reason_field()

    def __init__(self, *args: Any, school: School, day: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"kind": Kind.TAKE_OVER, "day": day}
        super().__init__(*args, **kwargs)
        self.fields["user"].of(school)  # type: ignore[attr-defined]


class AssignHomeroomForm(VersionedForm):
    """Who is homeroom teacher of a class from a day on."""

    user = ColleagueField(label=_("Homeroom teacher"))
    day = DayField(label=_("From"), help_text=_("Who was it before ends the day before."))
    reason = reason_field()

    def __init__(self, *args: Any, school: School, day: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"day": day}
        super().__init__(*args, **kwargs)
        self.fields["user"].of(school)  # type: ignore[attr-defined]


class YearForm(forms.Form):
    """Which school year to look at; nonsense means the present one, or `start` if that is given."""

    year = forms.ChoiceField(label=_("School year"), required=False)

    def __init__(
        self, data: QueryDict, *, years: Sequence[SchoolYear], start: int | None = None
    ) -> None:
        names = {str(year.start): year.name for year in years}
        if start is not None:
            names.setdefault(str(start), school_year.name(start))
        here = present(years)
        usual = str(start or (here.start if here else ""))
        asked = data.copy()
        if asked.get("year") not in names:
            asked["year"] = usual
        super().__init__(asked)
        choices = sorted(names.items(), reverse=True)
        self.fields["year"].choices = choices  # type: ignore[attr-defined]

    def asked(self) -> str:
        """The year in which the school year starts, as text; empty for none or nonsense."""
        self.is_valid()
        return str(self.cleaned_data.get("year", ""))


class LoadFilterForm(YearForm):
    """Which teachers the overview shows."""

    department = forms.ChoiceField(label=_("Department"), required=False)
    words = forms.CharField(label=_("Name or user name"), required=False, max_length=100)

    def __init__(
        self,
        data: QueryDict,
        *,
        years: Sequence[SchoolYear],
        departments: Sequence[Department],
    ) -> None:
        super().__init__(data, years=years)
        choices = [("", _("all departments")), *((str(d.pk), d.name) for d in departments)]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]

    @property
    def words_asked(self) -> str:
        """The words, or none."""
        return str(self.cleaned_data.get("words", ""))

    @property
    def department_asked(self) -> int | None:
        """The department, or none."""
        chosen = self.cleaned_data.get("department", "")
        return int(chosen) if chosen else None
