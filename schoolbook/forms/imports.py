"""Forms of imports: choosing a file, confirming what it would do, and narrowing lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schoolbook import clock, uploads
from schoolbook.excel import Problem, SpreadsheetError
from schoolbook.excel.errors import LIMITS, MEGABYTE
from schoolbook.forms.base import Refusable
from schoolbook.models import ImportState, School, SchoolYear
from schoolbook.models.imports import KIND_NAMES
from schoolbook.rules.imports import ImportKind
from schoolbook.rules.preview import Outcome

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]


class FileForm(Refusable):
    """A workbook to read; what came is thrown away unread if it is too big, and the form says so."""

    file = forms.FileField(
        label=_("Excel file"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".xlsx,.xls"}),
        help_text=_("An .xlsx or .xls file of up to 10 MB. It is read and not kept."),
        error_messages={"required": _("Choose a file.")},
    )

    def __init__(self, request: HttpRequest) -> None:
        sent = request.method == "POST"
        super().__init__(request.POST if sent else None, request.FILES if sent else None)
        self.too_big = sent and uploads.was_too_big(request, "file")

    def clean(self) -> dict[str, Any]:
        """Say of a file that was thrown away as it came why it was."""
        if self.too_big:
            limit = str(LIMITS.size // MEGABYTE)
            self.errors.pop("file", None)
            self.add_error("file", str(SpreadsheetError(Problem.TOO_BIG, limit=limit)))
        return self.cleaned_data


class StartImportForm(FileForm):
    """Which file, of which school year, in force from which day; staff belongs to no year."""

    field_order = ("year", "day", "file")
    year = forms.ModelChoiceField(
        SchoolYear.objects.none(), label=_("School year"), empty_label=None
    )
    day = forms.DateField(
        label=_("In force from"),
        required=False,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "The day from which classes, departments and assignments hold. Blank means today, or the first day of the "
            "year before it begins."
        ),
    )

    def __init__(self, request: HttpRequest, *, school: School, kind: ImportKind) -> None:
        super().__init__(request)
        if kind is ImportKind.STAFF:
            del self.fields["year"]
            return
        years = SchoolYear.objects.filter(school=school).order_by("-start")
        field: Any = self.fields["year"]
        field.queryset = years
        today = clock.today()
        running = [year for year in years if year.term1_begins_on <= today]
        self.initial = {"year": running[0].pk if running else None}


class ApplyImportForm(Refusable):
    """The preview that was seen, by its digest, and whether refused rows may be left out."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    leave_out = forms.BooleanField(label=_("Leave the refused rows out"), required=False)


class PreviewFilterForm(forms.Form):
    """Which rows of a preview to show."""

    outcome = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("all")),
            (Outcome.NEW.value, _("new")),
            (Outcome.CHANGED.value, _("changed")),
            (Outcome.SAME.value, _("the same")),
            (Outcome.REFUSED.value, _("refused")),
        ],
    )


class ImportsFilterForm(forms.Form):
    """Which imports to list."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        required=False,
        choices=[("", _("all")), *((kind.value, KIND_NAMES[kind]) for kind in ImportKind)],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *ImportState.choices]
    )
