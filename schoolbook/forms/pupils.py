"""Classes, pupils, and what belongs to a pupil."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from schoolbook.forms.base import Refusable, TidyField, fields_of
from schoolbook.models import ClassGroup, Exemption, Guardian, SchoolYear, Student, Subject
from schoolbook.selectors.students import State
from schoolbook.services.student_file import CONTACT, Contact
from schoolbook.services.students import PARTICULARS, Particulars

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


class DayField(forms.DateField):
    """A day: chosen in the browser's own calendar, or typed as in Viet Nam where it has none."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(input_formats=DAY_FORMATS, widget=widget, **options)


def _reason(**options: Any) -> TidyField:
    return TidyField(label=_("Reason"), max_length=200, **options)


def with_year(data: QueryDict, year: SchoolYear | None) -> QueryDict:
    """What a filter was asked, with this year unless it names one."""
    asked = data.copy()
    if year and not asked.get("year"):
        asked["year"] = str(year.start)
    return asked


class _YearFilterForm(forms.Form):
    """The school year of a list; a part that makes no sense is told, and the others hold."""

    year = forms.ModelChoiceField(
        SchoolYear.objects.none(),
        label=_("School year"),
        required=False,
        empty_label=None,
        to_field_name="start",
    )

    def __init__(self, data: QueryDict, *, years: QuerySet[SchoolYear]) -> None:
        super().__init__(data)
        self._field("year").queryset = years

    def _field(self, name: str) -> forms.ModelChoiceField[Any]:
        field: Any = self.fields[name]
        return field

    def chosen(self, name: str, otherwise: Any = None) -> Any:
        """What was asked for, as far as it makes sense."""
        self.is_valid()
        return self.cleaned_data.get(name) or otherwise


class ClassFilterForm(_YearFilterForm):
    """Which classes the list shows."""

    grade = forms.TypedChoiceField(label=_("Grade"), required=False, coerce=int, empty_value=None)
    words = forms.CharField(label=_("Class or teacher"), required=False, max_length=100)

    def __init__(
        self, data: QueryDict, *, years: QuerySet[SchoolYear], grades: Sequence[int]
    ) -> None:
        super().__init__(data, years=years)
        choices = [("", _("all grades")), *((str(grade), str(grade)) for grade in grades)]
        self.fields["grade"].choices = choices  # type: ignore[attr-defined]


class StudentFilterForm(_YearFilterForm):
    """Which pupils a search is for."""

    words = forms.CharField(
        label=_("Name or code"),
        required=False,
        max_length=100,
        help_text=_("With or without diacritics."),
    )
    class_group = forms.ModelChoiceField(
        ClassGroup.objects.none(), label=_("Class"), required=False, empty_label=_("all classes")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            (State.PRESENT, _("in class")),
            (State.LEFT, _("left the class")),
            (State.ALL, _("both")),
            (State.NO_CLASS, _("without a class this year")),
        ],
    )
    field_order = ["words", "class_group", "year", "state"]

    def __init__(
        self,
        data: QueryDict,
        *,
        years: QuerySet[SchoolYear],
        groups: QuerySet[ClassGroup],
    ) -> None:
        super().__init__(data, years=years)
        self._field("class_group").queryset = groups.filter(year=self.chosen("year"))
        self.full_clean()


class ParticularsForm(Refusable):
    """The particulars of a pupil, as the class book prints them."""

    (
        code,
        full_name,
        sex,
        born_on,
        national_id,
        birth_place,
        ethnicity,
        priority,
        address,
        note,
    ) = fields_of(
        Student,
        PARTICULARS,
        widgets={"address": forms.Textarea({"rows": 2}), "note": forms.Textarea({"rows": 2})},
    )
    born_on = DayField(label=_("Date of birth"))
    field_order = PARTICULARS

    @property
    def particulars(self) -> Particulars:
        """What was typed, once the form is valid."""
        return Particulars(**{name: self.cleaned_data[name] for name in PARTICULARS})


class StudentForm(ParticularsForm):
    """The particulars, the version that was seen and why they change."""

    reason = _reason(
        required=False, help_text=_("Who said so, or which paper. It stays in the history.")
    )
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    @classmethod
    def showing(cls, student: Student) -> StudentForm:
        """The form as it is first shown, with what is known now."""
        names = (*PARTICULARS, "version")
        return cls(initial={name: getattr(student, name) for name in names})


class AdmitForm(ParticularsForm):
    """A new pupil, and from when on the pupil is in the class."""

    begins_on = DayField(label=_("In the class from"))


class ConfirmListForm(forms.Form):
    """The list that was seen."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)


class MoveForm(Refusable):
    """To which class a pupil moves, from when on, and why."""

    to = forms.ModelChoiceField(ClassGroup.objects.none(), label=_("To class"))
    day = DayField(label=_("First day in the new class"))
    reason = _reason(help_text=_("For instance the number and date of the decision."))

    def __init__(self, data: QueryDict | None, *, groups: QuerySet[ClassGroup], day: date) -> None:
        super().__init__(data, initial={"day": day})
        self.fields["to"].queryset = groups  # type: ignore[attr-defined]


class LeaveForm(Refusable):
    """The last day of a pupil in a class, and why."""

    last_day = DayField(label=_("Last day in the class"))
    reason = _reason(help_text=_("For instance: moved to another school, with the paper's number."))


class GuardianForm(Refusable):
    """A parent or guardian."""

    relation, full_name, occupation, phone, email = fields_of(Guardian, CONTACT, widgets={})

    @property
    def contact(self) -> Contact:
        """What was typed, once the form is valid."""
        return Contact(**{name: self.cleaned_data[name] for name in CONTACT})


class EditGuardianForm(GuardianForm):
    """The same, with the version that was seen and why it changes."""

    reason = _reason(required=False)
    version = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    @classmethod
    def showing(cls, guardian: Guardian, version: int) -> EditGuardianForm:
        """The form as it is first shown, with what is known now."""
        shown = {name: getattr(guardian, name) for name in CONTACT}
        return cls(initial={**shown, "version": version})


class ExemptionForm(Refusable):
    """From what a pupil is exempt, when, and by which paper."""

    subject = forms.ModelChoiceField(Subject.objects.none(), label=_("Subject"))
    year = forms.ModelChoiceField(
        SchoolYear.objects.none(), label=_("School year"), empty_label=None
    )
    in_term1 = forms.BooleanField(label=capfirst(_("in term 1")), required=False, initial=True)
    in_term2 = forms.BooleanField(label=capfirst(_("in term 2")), required=False, initial=True)
    kind, paper = fields_of(Exemption, ("kind", "paper"), widgets={})

    def __init__(
        self,
        data: QueryDict | None,
        *,
        subjects: QuerySet[Subject],
        years: QuerySet[SchoolYear],
        year: SchoolYear | None,
    ) -> None:
        super().__init__(data, initial={"year": year})
        self.fields["subject"].queryset = subjects  # type: ignore[attr-defined]
        self.fields["year"].queryset = years  # type: ignore[attr-defined]

    @property
    def exemption(self) -> dict[str, Any]:
        """What was typed, once the form is valid, as the service takes it."""
        typed = dict(self.cleaned_data)
        typed["terms"] = (typed.pop("in_term1"), typed.pop("in_term2"))
        return typed


class WithdrawForm(Refusable):
    """Why something no longer holds."""

    reason = _reason(help_text=_("It stays in the history."))
