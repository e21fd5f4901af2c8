"""Forms of those who decide requests, one or several at once, and the filters of the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from approvals.models import CorrectionRequest
from approvals.models.requests import LONGEST_REASON
from approvals.rules.workflow import State
from approvals.selectors import inbox
from approvals.words import STATE_NAMES
from schoolbook.forms.base import Refusable, TidyField
from schoolbook.models import ClassGroup, SchoolYear, Subject, User
from schoolbook.selectors import classes
from schoolbook.selectors import years as years_of

MOST_DIGITS = 18


def _words_of_decision() -> TidyField:
    return TidyField(
        label=_("Words of the decision"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("A refusal says why."),
    )


class DecideCorrectionForm(Refusable):
    """Approving a request, or refusing it with words (R-122)."""

    agreed = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Approve")), ("no", _("Refuse"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    decision = _words_of_decision()


class TickedField(forms.Field):
    """The ids of requests that were ticked."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        """Numbers, each once. Raises ValidationError for what no page has sent."""
        said = [str(one) for one in value or ()]
        if any(not (one.isascii() and one.isdigit() and len(one) <= MOST_DIGITS) for one in said):
            raise ValidationError(_("This page is out of date: reload it before you save."))
        return [int(one) for one in dict.fromkeys(said)]


class DecideSeveralForm(Refusable):
    """Approving or refusing several requests alike; the two buttons say which."""

    correction = TickedField(required=False)
    agreed = forms.TypedChoiceField(
        choices=[("yes", _("Approve")), ("no", _("Refuse"))],
        widget=forms.HiddenInput,
        coerce=lambda value: value == "yes",
    )
    decision = _words_of_decision()

    @property
    def ticked(self) -> frozenset[str]:
        """The ids as they were sent, for the boxes that stay ticked."""
        data: Any = self.data
        return frozenset(data.getlist("correction")) if self.is_bound else frozenset()

    @property
    def problems(self) -> list[str]:
        """What stands above the list: the faults that belong to no field that is seen."""
        hidden = [str(error) for bound in self.hidden_fields() for error in bound.errors]
        return [*map(str, self.non_field_errors()), *hidden]


class CorrectionsFilterForm(forms.Form):
    """Which requests the list shows."""

    year = forms.ChoiceField(label=_("School year"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), *((one.value, capfirst(STATE_NAMES[one])) for one in State)],
    )
    class_group = forms.ModelChoiceField(
        ClassGroup.objects.none(), label=_("Class"), required=False, empty_label=_("all classes")
    )
    subject = forms.ModelChoiceField(
        Subject.objects.none(), label=_("Subject"), required=False, empty_label=_("all subjects")
    )
    teacher = forms.ModelChoiceField(
        User.objects.none(), label=_("Teacher"), required=False, empty_label=_("all teachers")
    )

    def __init__(
        self,
        data: QueryDict,
        *,
        years: Sequence[SchoolYear],
        rows: QuerySet[CorrectionRequest],
    ) -> None:
        sent = data.copy()
        self.of_year = years_of.asked(years, sent.get("year", ""))
        sent["year"] = str(self.of_year.start) if self.of_year else ""
        super().__init__(sent)
        fields: Any = self.fields
        fields["year"].choices = [(str(year.start), year.name) for year in years]
        of = inbox.of_year(rows, self.of_year).order_by()
        fields["class_group"].queryset = classes.in_order(
            ClassGroup.objects.filter(pk__in=of.values("class_group"))
        )
        fields["class_group"].label_from_instance = lambda one: one.name
        fields["subject"].queryset = Subject.objects.filter(
            pk__in=of.values("class_subject__subject")
        ).order_by("place", "pk")
        fields["subject"].label_from_instance = lambda one: one.name
        fields["teacher"].queryset = User.objects.filter(pk__in=of.values("requested_by")).order_by(
            "sort_key", "pk"
        )
        fields["teacher"].label_from_instance = lambda one: one.full_name
        self.full_clean()

    @property
    def wanted(self) -> inbox.Wanted:
        """What was asked for, as far as it makes sense."""
        said = self.cleaned_data
        return inbox.Wanted(
            state=said.get("state") or "",
            class_group=said.get("class_group"),
            subject=said.get("subject"),
            requested_by=said.get("teacher"),
        )
