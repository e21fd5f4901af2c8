"""The draft of a plan of entry windows: all of its lines in one form; and the decision that puts it in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from gradebook import words
from gradebook.forms.moments import MomentField
from gradebook.models.names import LONGEST_REASON
from gradebook.rules.windows import Line
from gradebook.selectors import windows
from gradebook.services.windows import MOST_LINES
from schoolbook.forms.base import Refusable, TidyField
from schoolbook.models import SchoolYear

BLANK_LINES = 3
LARGEST = 2**63 - 1


class LineForm(Refusable):
    """One line: which component of which term, of which grade, from when until when."""

    term = forms.TypedChoiceField(
        label=_("Term"), coerce=int, choices=[("", "–"), (1, _("term 1")), (2, _("term 2"))]
    )
    component = forms.ChoiceField(label=_("What is entered"))
    grade = forms.TypedChoiceField(label=_("Grade"), required=False, coerce=int, empty_value=None)
    opens_at = MomentField(label=_("Opens"))
    closes_at = MomentField(label=_("Closes"))

    def __init__(
        self, *args: Any, components: Sequence[Any], grades: Sequence[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("component", components), ("grade", grades)):
            field: Any = self.fields[name]
            field.choices = choices

    @property
    def line(self) -> Line:
        """What it says, once it is valid."""
        said = self.cleaned_data
        return Line(
            said["term"], said["component"], said["grade"], said["opens_at"], said["closes_at"]
        )


class _Lines(forms.BaseFormSet):
    """The lines together; each may be taken out."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: Any, index: int | None) -> None:
        """Say "take out" instead of "delete": nothing is deleted."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take out")


Lines: Any = forms.formset_factory(
    LineForm,
    formset=_Lines,
    extra=BLANK_LINES,
    can_delete=True,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES + BLANK_LINES,
)


class PlanForm(Refusable):
    """A draft: its lines, why it is so, and which save of it the page showed."""

    version = forms.IntegerField(min_value=0, max_value=LARGEST, widget=forms.HiddenInput)
    reason = TidyField(
        label=_("Words beside the plan"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("For instance what has changed, and why. All staff can read it."),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        year: SchoolYear,
        lines: Sequence[Line],
        version: int,
        reason: str = "",
    ) -> None:
        super().__init__(data, initial={"version": version, "reason": reason})
        known = dict.fromkeys(component for _term, component in windows.components(year))
        for line in lines:
            known.setdefault(line.component)
        names = [("", "–"), *((one, words.component_named(one)) for one in known)]
        found = sorted({*windows.grades(year), *(line.grade for line in lines if line.grade)})
        grades = [("", _("all grades")), *((one, words.grade_said(one)) for one in found)]
        self.lines = Lines(
            data,
            prefix="lines",
            # What was sent stands for itself: the draft may have other lines by now.
            initial=None if data is not None else [_initial(line) for line in lines],
            form_kwargs={"components": names, "grades": grades},
        )

    def is_valid(self) -> bool:
        """Whether all of it makes sense."""
        fine = super().is_valid()
        if self.is_bound and not self.lines.is_valid():
            if not self.non_field_errors():
                self.add_error(None, _("Some lines of the plan cannot be so."))
            return False
        return fine

    @cached_property
    def _kept(self) -> list[LineForm]:
        return [
            form
            for form in self.lines.forms
            if form.cleaned_data
            and not form.cleaned_data.get("DELETE")
            and form.cleaned_data.get("component")
        ]

    @property
    def sent_lines(self) -> list[Line]:
        """The lines that are to stand, once the form is valid."""
        return [form.line for form in self._kept]

    def refuse_lines(self, refused: Mapping[int, Any]) -> None:
        """Put the sentence of each refused line beside it."""
        for place, sentence in refused.items():
            self._kept[place].add_error("closes_at", sentence)


def _initial(line: Line) -> dict[str, Any]:
    names = ("term", "component", "grade", "opens_at", "closes_at")
    return {name: getattr(line, name) for name in names}


class DecideWindowsForm(Refusable):
    """The decision that puts a draft in force."""

    version = forms.IntegerField(min_value=0, max_value=LARGEST, widget=forms.HiddenInput)
    decision_number = TidyField(label=_("Number of the decision"), required=False, max_length=60)
