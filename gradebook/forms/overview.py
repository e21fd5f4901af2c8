"""What pages about marks are asked for: checks of figures, and searches in the history."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from gradebook.models.names import COMPONENT_NAMES
from gradebook.selectors.trace import KINDS, Asked
from schoolbook.forms.base import DayField, Refusable, TidyField
from schoolbook.models import ClassGroup, SchoolYear, Subject, User


class CheckForm(Refusable):
    """The word that figures were looked through: a digest of those that were shown, and where to go back to."""

    digest = forms.RegexField(r"^[0-9a-f]{64}\Z", widget=forms.HiddenInput)
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class MarkHistoryForm(forms.Form):
    """What a search in the history of marks asks for; a part that makes no sense is told, and the others hold."""

    year = forms.ModelChoiceField(
        SchoolYear.objects.none(),
        label=_("School year"),
        required=False,
        empty_label=None,
        to_field_name="start",
    )
    student = TidyField(label=_("Pupil: name or code"), required=False, max_length=100)
    actor = forms.ModelChoiceField(
        User.objects.none(), label=_("Entered by"), required=False, empty_label=_("anybody")
    )
    class_group = forms.ModelChoiceField(
        ClassGroup.objects.none(), label=_("Class"), required=False, empty_label=_("all classes")
    )
    subject = forms.ModelChoiceField(
        Subject.objects.none(), label=_("Subject"), required=False, empty_label=_("all subjects")
    )
    component = forms.ChoiceField(
        label=_("What was entered"),
        required=False,
        choices=[
            ("", _("everything")),
            *((one.value, capfirst(name)) for one, name in COMPONENT_NAMES.items()),
        ],
    )
    kind = forms.ChoiceField(
        label=_("How it was entered"),
        required=False,
        choices=[("", _("in any way")), *((one, capfirst(name)) for one, name in KINDS.items())],
    )
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)
    before = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def __init__(
        self,
        data: QueryDict,
        *,
        years: QuerySet[SchoolYear],
        groups: QuerySet[ClassGroup],
        subjects: QuerySet[Subject],
        staff: QuerySet[User],
    ) -> None:
        super().__init__(data)
        for name, rows in (("year", years), ("subject", subjects), ("actor", staff)):
            self._field(name).queryset = rows
        self.fields["actor"].label_from_instance = lambda one: one.full_name  # type: ignore[attr-defined]
        self._field("class_group").queryset = groups.filter(year=self.chosen("year"))
        self.full_clean()

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def chosen(self, name: str) -> Any:
        """What was asked for, as far as it makes sense; None for nothing."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    @property
    def asked(self) -> Asked:
        """The search."""
        names = ("student", "actor", "subject", "class_group", "component", "kind", "first", "last")
        given = {name: self.chosen(name) for name in names}
        return Asked(**{name: value for name, value in given.items() if value is not None})
