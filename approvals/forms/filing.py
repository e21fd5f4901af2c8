"""The form on which a correction is asked for, as it is on paper, and the files that prove it (R-120, R-121)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models.requests import LONGEST_REASON
from schoolbook import evidence as files_of
from schoolbook import uploads
from schoolbook.correctable import LONGEST_VALUE, Item, Matter
from schoolbook.forms.base import Refusable, TidyField


class FilesInput(forms.FileInput):
    """Where several files are chosen at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; what each is, the service looks at."""

    widget = FilesInput({"accept": files_of.ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files, none of them refused yet: each is to be refused by its own name."""
        files = data or []
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return files


class EvidenceForm(Refusable):
    """Files that prove what a request says, for a draft that is there."""

    evidence = FilesField(
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy(
            "Photographs or scans of what proves the right value: the marked test, the list signed by hand. "
            "PDF, JPEG or PNG; you can choose several at once."
        ),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def __init__(self, request: HttpRequest | None = None, **options: Any) -> None:
        posted = request if request and request.method == "POST" else None
        super().__init__(
            posted.POST if posted else None, posted.FILES if posted else None, **options
        )
        # Why a file was thrown away as it came; the others are there.
        self.too_big = uploads.refusal(posted, "evidence") if posted else ""

    def clean(self) -> dict[str, Any]:
        """Where every file was too big, say that and not that there is none."""
        if self.too_big:
            self.errors.pop("evidence", None)
            self.cleaned_data.setdefault("evidence", [])
        return self.cleaned_data


class AnotherForm(forms.Form):
    """From which earlier request of one's own to take over what it said."""

    again = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class WithdrawForm(forms.Form):
    """Why a request is taken back, if somebody wants to say."""

    reason = TidyField(required=False, max_length=LONGEST_REASON)


@dataclass(frozen=True)
class Line:
    """One row of the form: the item as it stands, and what may be typed beside it."""

    item: Item
    value: BoundField | None
    blank: BoundField | None

    @property
    def errors(self) -> list[str]:
        """What is wrong with what was typed."""
        fields = [one for one in (self.value, self.blank) if one]
        return [str(error) for one in fields for error in one.errors]


class FilingForm(EvidenceForm):
    """For each item of the page what should stand there, the reason, and files.

    Nothing typed leaves an item as it is; that nothing should stand there is said by a tick. Long texts stand there to
    be changed.
    """

    reason = TidyField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "What went wrong, and how it is known what is right. It is printed on the form."
        ),
        error_messages={"required": gettext_lazy("Say why it has to be corrected.")},
    )
    field_order = ("reason", "evidence")

    def __init__(
        self,
        request: HttpRequest,
        *,
        matter: Matter,
        said: Mapping[str, str],
        reason: str = "",
    ) -> None:
        super().__init__(request, initial={"reason": reason})
        self.matter = matter
        self.fields["evidence"].required = False
        for item in matter.items:
            if not item.why_not:
                self._offer(item, said.get(item.key))

    def _offer(self, item: Item, said: str | None) -> None:
        rows = {"rows": 4} if item.is_long else {}
        self.fields[value_of(item.key)] = forms.CharField(
            label=item.label,
            required=False,
            max_length=LONGEST_VALUE,
            widget=forms.Textarea(rows) if item.is_long else forms.TextInput,
            initial=said if said is not None else item.shown if item.is_long else "",
        )
        if item.shown and not item.is_long:
            self.fields[blank_of(item.key)] = forms.BooleanField(
                label=gettext_lazy("Nothing should stand here"),
                required=False,
                initial=said == "",
            )

    def clean(self) -> dict[str, Any]:
        """Either a value or the tick."""
        found = super().clean()
        for item in self.matter.items:
            if found.get(value_of(item.key)) and found.get(blank_of(item.key)):
                self.add_error(
                    value_of(item.key),
                    _("Either enter a value, or tick that nothing should stand."),
                )
        return found

    def add_errors(self, errors: Mapping[str, Any]) -> None:
        """Put what the book refuses beside the item it is about."""
        known = {item.key for item in self.matter.items}
        super().add_errors(
            {value_of(name) if name in known else name: said for name, said in errors.items()}
        )

    @property
    def typed(self) -> dict[str, str]:
        """What should stand where, by key, once the form is valid; without what stays as it is."""
        found = {}
        for item in self.matter.items:
            value = self.cleaned_data.get(value_of(item.key))
            if value is None:
                continue
            value = value.replace("\r\n", "\n")
            if value or item.is_long or self.cleaned_data.get(blank_of(item.key)):
                found[item.key] = value
        return found

    def lines(self) -> Iterator[Line]:
        """The rows of the form, in the order of the page."""
        for item in self.matter.items:
            value, blank = value_of(item.key), blank_of(item.key)
            yield Line(
                item,
                self[value] if value in self.fields else None,
                self[blank] if blank in self.fields else None,
            )


def value_of(key: str) -> str:
    """The name of the field for what should stand there."""
    return f"value-{key}"


def blank_of(key: str) -> str:
    """The name of the field that says that nothing should stand there."""
    return f"blank-{key}"
