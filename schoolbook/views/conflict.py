"""What a page shows of two changes of one thing, of which the second was slower."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.dateparse import parse_date

from schoolbook.errors import Conflict


def both_values(form: forms.Form, mine: Mapping[str, object], conflict: Conflict) -> dict[str, Any]:
    """Both values of each field that differs; sending the form again would then mean the person's own."""
    form.data = {
        **{name: form.data.get(name, "") for name in form.fields},
        "version": conflict.version,
    }
    return {
        "author": conflict.author,
        "at": conflict.at,
        "changes": [
            {
                "label": form[name].label,
                "theirs": _words(form.fields[name], theirs),
                "yours": _words(form.fields[name], str(mine[name])),
            }
            for name, theirs in conflict.values.items()
            if theirs != str(mine[name])
        ],
    }


def _words(field: forms.Field, value: str) -> str:
    """A value as people write it."""
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value, value))
    if isinstance(field, forms.DateField) and (day := parse_date(value)):
        return day.strftime("%d/%m/%Y")
    return value
