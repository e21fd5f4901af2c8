"""Forms of years, classes, and subjects of the school and of a class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolbook.forms.base import DayField, Refusable, TidyField
from schoolbook.forms.people import VersionedForm, reason_field
from schoolbook.models import ClassGroup, ClassSubject, School, Subject
from schoolbook.rules.calendar import YearPlan, usual_plan
from schoolbook.rules.subjects import GRADES, AssessedBy, Level
from schoolbook.services.classes import Taught

ASSESSED_BY = [(AssessedBy.SCORE, _("mark")), (AssessedBy.COMMENT, _("comment"))]
MOST_PERIODS = 400
FIRST_YEAR, LAST_YEAR = 2000, 2099


class PlanForm(Refusable):
    """The days of the two terms."""

    term1_begins_on = DayField(label=_("First day of term 1"))
    term1_ends_on = DayField(label=_("Last day of term 1"))
    term2_begins_on = DayField(label=_("First day of term 2"))
    term2_ends_on = DayField(label=_("Last day of term 2"))

    def clean(self) -> None:
        """The days are in order."""
        if self.errors:
            return
        for name in self.plan.problems:
            self.add_error(name, gettext("This day is before the one above it."))

    @property
    def plan(self) -> YearPlan:
        """The days that were typed."""
        said = self.cleaned_data
        return YearPlan(
            first_term=(said["term1_begins_on"], said["term1_ends_on"]),
            second_term=(said["term2_begins_on"], said["term2_ends_on"]),
        )


def usual_days(start: int) -> dict[str, date]:
    """What most provinces decide, as the first content of a form."""
    plan = usual_plan(start)
    days = (*plan.first_term, *plan.second_term)
    names = ("term1_begins_on", "term1_ends_on", "term2_begins_on", "term2_ends_on")
    return dict(zip(names, days, strict=True))


class OpenYearForm(PlanForm):
    """A new school year."""

    field_order = ("start",)
    start = forms.IntegerField(
        label=_("Year in which it starts"), min_value=FIRST_YEAR, max_value=LAST_YEAR
    )

    def clean(self) -> None:
        """The first day is in the year that was named."""
        super().clean()
        said = self.cleaned_data
        first, start = said.get("term1_begins_on"), said.get("start")
        if first and start and first.year != start:
            sentence = gettext("The first term begins in the year that you named above.")
            self.add_error("term1_begins_on", sentence)


class EditYearForm(PlanForm, VersionedForm):
    """Corrected days of a year."""

    reason = reason_field()


class ClassForm(Refusable):
    """A new class."""

    grade = forms.TypedChoiceField(label=_("Grade"), coerce=int)
    name = TidyField(label=_("Name of the class"), max_length=20, help_text=_("For instance 6A1."))
    specialised_subject = forms.ModelChoiceField(
        label=_("Specialised subject"),
        queryset=Subject.objects.none(),
        required=False,
        empty_label=_("– none –"),
        help_text=_("Only for a class that specialises in a subject (lớp chuyên)."),
    )
    usual = forms.BooleanField(
        label=_("With the usual subjects of the grade"), required=False, initial=True
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields
        grades = GRADES[Level(school.level)]
        offered["grade"].choices = [("", _("– choose –")), *((str(g), str(g)) for g in grades)]
        offered["specialised_subject"].queryset = school.subjects.order_by("place")


class EditClassForm(VersionedForm):
    """Another name of a class, or the subject in which it specialises."""

    name = TidyField(label=_("Name of the class"), max_length=20)
    specialised_subject = forms.ModelChoiceField(
        label=_("Specialised subject"),
        queryset=Subject.objects.none(),
        required=False,
        empty_label=_("– none –"),
    )
    reason = reason_field()

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields
        offered["specialised_subject"].queryset = school.subjects.order_by("place")


class SubjectForm(Refusable):
    """A subject of the school."""

    name = TidyField(label=_("Name"), max_length=100, help_text=_("As the books print it."))
    assessed_by = forms.ChoiceField(
        label=_("Assessed by"), choices=ASSESSED_BY, widget=forms.RadioSelect
    )


class EditSubjectForm(SubjectForm, VersionedForm):
    """Another name of a subject, or how it is assessed."""

    reason = reason_field()


class TaughtForm(VersionedForm):
    """How each subject of a class is taught: four fields for each."""

    reason = reason_field()

    def __init__(self, *args: Any, taught: Sequence[ClassSubject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taught = taught
        for row in taught:
            name = row.subject.name
            self.fields[f"periods_{row.pk}"] = forms.IntegerField(
                label=_("Periods a year of %(subject)s") % {"subject": name},
                min_value=1,
                max_value=MOST_PERIODS,
                initial=row.periods,
            )
            self.fields[f"assessed_by_{row.pk}"] = forms.ChoiceField(
                label=_("How %(subject)s is assessed") % {"subject": name},
                choices=ASSESSED_BY,
                initial=row.assessed_by,
            )
            for term, there in ((1, row.in_term1), (2, row.in_term2)):
                words = _("%(subject)s in term %(term)s") % {"subject": name, "term": term}
                self.fields[f"in_term{term}_{row.pk}"] = forms.BooleanField(
                    label=words, required=False, initial=there
                )

    def rows(self) -> Iterator[tuple[ClassSubject, list[Any]]]:
        """Each subject with its four fields."""
        for row in self.taught:
            names = ("periods", "assessed_by", "in_term1", "in_term2")
            yield row, [self[f"{name}_{row.pk}"] for name in names]

    @property
    def wanted(self) -> dict[int, Taught]:
        """What was typed, by the id of the subject of the class."""
        said = self.cleaned_data
        return {
            row.pk: Taught(
                periods=said[f"periods_{row.pk}"],
                assessed_by=AssessedBy(said[f"assessed_by_{row.pk}"]),
                in_term1=said[f"in_term1_{row.pk}"],
                in_term2=said[f"in_term2_{row.pk}"],
            )
            for row in self.taught
        }


class UsualSubjectsForm(Refusable):
    """Which of the usual subjects a class takes."""

    codes = forms.MultipleChoiceField(
        label=_("Subjects"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Untick what this class does not learn."),
    )

    def __init__(self, *args: Any, subjects: Iterable[Subject], **kwargs: Any) -> None:
        choices = [(subject.code, subject.name) for subject in subjects]
        kwargs["initial"] = {"codes": [code for code, _name in choices]}
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = choices  # type: ignore[attr-defined]


class AddSubjectForm(Refusable):
    """One more subject of a class."""

    subject = forms.ModelChoiceField(
        label=_("Subject"), queryset=Subject.objects.none(), empty_label=_("– choose –")
    )
    periods = forms.IntegerField(
        label=_("Periods a year"), min_value=1, max_value=MOST_PERIODS, initial=35
    )

    def __init__(self, *args: Any, subjects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].queryset = subjects  # type: ignore[attr-defined]


class CopySubjectsForm(Refusable):
    """Which other classes of the grade get the same subjects."""

    to = forms.TypedMultipleChoiceField(
        label=_("Classes"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, groups: Sequence[ClassGroup], **kwargs: Any) -> None:
        kwargs["initial"] = {"to": [group.pk for group in groups]}
        super().__init__(*args, **kwargs)
        choices = [(group.pk, group.name) for group in groups]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class StartYearForm(PlanForm):
    """Which classes of the old year keep their homeroom teacher and their teachers in the new one."""

    begins_on = DayField(
        label=_("First day of the assignments"),
        help_text=_("From this day on the teachers of the new year have their rights."),
    )
    homerooms = forms.TypedMultipleChoiceField(required=False, coerce=int)
    teachers = forms.TypedMultipleChoiceField(required=False, coerce=int)
    start = forms.IntegerField(widget=forms.HiddenInput, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, sources: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields
        for name in ("homerooms", "teachers"):
            offered[name].choices = [(pk, str(pk)) for pk in sources]

    def ticked(self, name: str) -> set[str]:
        """Which boxes are ticked: what was sent, or all of them at first."""
        value = self[name].value()
        return {str(one) for one in (value or [])}
