"""What those who watch over books ask for, and the remark on a book."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gradebook.models.watching import LONGEST_REMARK
from schoolbook.forms.base import TidyField
from schoolbook.forms.people import VersionedForm

Choices = Sequence[tuple[object, object]]
TERM_CHOICES: Choices = [("1", _("Term 1")), ("2", _("Term 2")), ("year", _("Whole year"))]


class Chosen(forms.Form):
    """Filters of a page: what makes no sense, or was not asked for, is the usual."""

    def __init__(self, data: QueryDict, *, usual: dict[str, str], **choices: Choices) -> None:
        said = {name: data.get(name, usual.get(name, "")) for name in self.base_fields}
        for name, offered in choices.items():
            known = {str(value) for value, _label in _flat(offered)}
            if said.get(name) not in known:
                said[name] = usual.get(name, "")
        super().__init__(said)
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered
        self.full_clean()

    def chosen(self, name: str) -> str:
        """What was asked for."""
        return str(self.cleaned_data.get(name) or "")

    def number(self, name: str) -> int | None:
        """The same as a number, or None for all."""
        return int(self.chosen(name)) if self.chosen(name) else None


def _flat(offered: Choices) -> Iterable[tuple[object, object]]:
    for value, label in offered:
        if isinstance(label, list):
            yield from label
        else:
            yield value, label


def _choice(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


class ProgressForm(Chosen):
    """Which books of the board, and at which moment."""

    grade = _choice(_("Grade"))
    term = _choice(_("Term"))
    teacher = _choice(_("Teacher"))
    at = _choice(_("As of"))


class SpreadForm(Chosen):
    """Which test of which classes."""

    grade = _choice(_("Grade"))
    subject = _choice(_("Subject"))
    class_group = _choice(_("Class"))
    term = _choice(_("Term"))
    test = _choice(_("Test"))


class MonthForm(Chosen):
    """Which month."""

    month = _choice(_("Month"))


class RemarkForm(VersionedForm):
    """The remark at the end of a class's book for a month."""

    text = TidyField(
        label=_("Remark"),
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The homeroom teacher and everybody who sees marks of the class reads it."),
    )
    reason = TidyField(
        label=_("Why it changes"),
        max_length=300,
        required=False,
        help_text=_("It stays in the history."),
    )

    def __init__(self, *args: Any, version: int, **kwargs: Any) -> None:
        super().__init__(*args, version=version, **kwargs)
        if not version:
            del self.fields["reason"]
