"""Acts over many cells: what a script sends to look at, which file to import, and what to leave out."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gradebook.models import ActKind
from gradebook.rules.columns import TERMS
from gradebook.rules.typed import LONGEST_TEXT
from gradebook.services.acts import Wanted
from gradebook.services.marks import MOST_EDITS
from schoolbook import clock
from schoolbook.errors import Invalid
from schoolbook.forms.base import Refusable, TidyField
from schoolbook.forms.imports import FileForm
from schoolbook.models import School, SchoolYear
from schoolbook.selectors import classes

LONGEST_TYPED = 4 * LONGEST_TEXT
LARGEST_ID, LARGEST_NUMBER, LARGEST_VERSION = 2**63 - 1, 2**15 - 1, 2**31 - 1
LONGEST_COMPONENT = 20
KINDS = {ActKind.PASTE.value: ActKind.PASTE, ActKind.FILL.value: ActKind.FILL}


def read_paste(body: bytes) -> tuple[str, ActKind, list[Wanted]]:
    """What the sheet's script sends: whose page it is, the kind, and cells as typed with the version that was seen.

    Raises Invalid.
    """
    try:
        sent = json.loads(body)
        account, kind = str(sent["account"]), KINDS[sent["kind"]]
        found = [_cell(cell) for cell in _list(sent["cells"])[: MOST_EDITS + 1]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        sentence = _("This was not understood. Reload the page and try again.")
        raise Invalid({"cells": sentence}) from error
    if not found:
        raise Invalid({"cells": _("There is nothing to write.")})
    if len(found) > MOST_EDITS:
        sentence = _("These are more than %(most)s cells. Do it in several steps.")
        raise Invalid({"cells": sentence % {"most": MOST_EDITS}})
    return account, kind, found


def _list(sent: Any) -> list[Any]:
    if not isinstance(sent, list):
        raise TypeError("no list")
    return sent


def _cell(sent: Any) -> Wanted:
    component, typed = sent["component"], sent["typed"]
    if not isinstance(component, str) or not isinstance(typed, str):
        raise TypeError("text")
    if len(component) > LONGEST_COMPONENT or len(typed) > LONGEST_TYPED:
        raise ValueError("too long")
    return Wanted(
        student_id=_whole(sent["student"], LARGEST_ID),
        component=_storable(component),
        number=_whole(sent["number"], LARGEST_NUMBER),
        typed=_storable(typed),
        seen=_whole(sent["seen"], LARGEST_VERSION),
    )


def _whole(sent: Any, largest: int) -> int:
    if type(sent) is not int or not 0 <= sent <= largest:
        raise ValueError("not such a number")
    return sent


def _storable(text: str) -> str:
    """The text without what nobody sees and no database keeps: NUL, and halves of letters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


class TargetForm(forms.Form):
    """The one sheet that an import was started from, if it was."""

    class_subject = forms.IntegerField(min_value=1, max_value=LARGEST_ID)
    term = forms.TypedChoiceField(choices=[(term, term) for term in TERMS], coerce=int)


class StartImportForm(FileForm):
    """Which file, into which year and term, and whether its figures are taken over from another system."""

    year = forms.ModelChoiceField(
        SchoolYear.objects.none(), label=gettext_lazy("School year"), empty_label=None
    )
    term = forms.TypedChoiceField(
        label=gettext_lazy("Term"),
        choices=[(1, gettext_lazy("term 1")), (2, gettext_lazy("term 2"))],
        coerce=int,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What the file brings"),
        choices=[
            (ActKind.IMPORT.value, gettext_lazy("Marks to enter")),
            (
                ActKind.TAKE_OVER.value,
                gettext_lazy("Marks and results taken over from another system"),
            ),
        ],
        initial=ActKind.IMPORT.value,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "What is taken over is marked so everywhere, and averages in the file stand for their term or year. "
            "Otherwise averages are only compared."
        ),
    )
    source = TidyField(
        label=gettext_lazy("Taken over from"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("The system, such as vnEdu or SMAS. Only for taking over."),
    )
    field_order = ("year", "term", "kind", "source", "file")

    def __init__(self, request: HttpRequest, *, school: School, has_target: bool) -> None:
        super().__init__(request)
        if has_target:
            del self.fields["year"], self.fields["term"]
            return
        years, today = classes.years(school), clock.today()
        field: Any = self.fields["year"]
        field.queryset = years
        present = classes.year_of(years, today)
        second = present is not None and today >= present.term2_begins_on
        self.initial = {"year": present and present.pk, "term": 2 if second else 1}

    def clean(self) -> dict[str, Any]:
        """Taking over needs the name of the other system; entering has none."""
        super().clean()
        if self.cleaned_data.get("kind") != ActKind.TAKE_OVER:
            self.cleaned_data["source"] = ""
        elif not self.cleaned_data.get("source") and "source" not in self.errors:
            self.add_error("source", _("Write which system the figures come from."))
        return self.cleaned_data


class ApplyForm(Refusable):
    """Whether what was refused may be left out."""

    leave_out = forms.BooleanField(label=gettext_lazy("Leave out what is refused"), required=False)


def leaves_out(request: HttpRequest) -> bool:
    """Whether a form, or a script with a body of JSON, says so."""
    if request.content_type != "application/json":
        form = ApplyForm(request.POST)
        return form.is_valid() and bool(form.cleaned_data["leave_out"])
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return False
    return isinstance(sent, dict) and sent.get("leave_out") is True
