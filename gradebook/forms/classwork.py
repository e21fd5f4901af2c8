"""Phrases, and how many columns a sheet has."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gradebook.rules.columns import MOST_REGULAR
from schoolbook.forms.base import Refusable, TidyField


class PhraseForm(Refusable):
    """A phrase to keep."""

    text = TidyField(label=_("New phrase"), max_length=300)


class ColumnsForm(Refusable):
    """How many regular columns."""

    columns = forms.IntegerField(label=_("Regular columns"), min_value=1, max_value=MOST_REGULAR)
