"""What the forms of every area are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db.models import Model
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from schoolbook.rules.names import tidy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def fields_of(
    model: type[Model], names: Sequence[str], widgets: dict[str, type[forms.Widget] | forms.Widget]
) -> Iterable[forms.Field]:
    """Form fields for fields of a model, with the patterns that those hold.

    Django leaves the patterns to the model's own validation; a person is to hear of all faults at once.
    """
    made = fields_for_model(model, fields=names, widgets=widgets)
    for name, field in made.items():
        held = model._meta.get_field(name).validators  # type: ignore[union-attr]
        field.validators.extend(v for v in held if isinstance(v, RegexValidator))
    return made.values()


class TidyField(forms.CharField):
    """Text in which only what can be seen counts; nothing but invisible letters is nothing."""

    def to_python(self, value: Any) -> str:
        """Tidy what was typed before it is asked whether there is any."""
        return tidy(super().to_python(value) or "")


FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class DayField(forms.DateField):
    """A day that a school may mean; also typed as it is written in Viet Nam."""

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        limits = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
        super().__init__(
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"], validators=limits, **options
        )


class HistoryForm(forms.Form):
    """Which part of a history to show: what came before a place in it, or the newest."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class Refusable(forms.Form):
    """A form that can show what a service refused."""

    def add_errors(self, errors: Mapping[str, StrOrPromise]) -> None:
        """Put the sentences of a refused change beside their fields."""
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)


class ReasonForm(Refusable):
    """Why an account is deactivated or reactivated."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For instance the number and date of the decision. It stays in the history."),
    )
