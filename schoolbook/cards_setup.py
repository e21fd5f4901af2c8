"""What a school year still lacks, as a card of the home page."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schoolbook import access
from schoolbook.models import User
from schoolbook.registry import Card
from schoolbook.rules import school_year
from schoolbook.rules.permissions import Action
from schoolbook.selectors import setup


def year(user: User) -> Iterator[Card]:
    """That the year is not set up yet, for those who set it up; three queries."""
    if user.school is None or not access.may(user, Action.SET_UP_YEAR):
        return
    missing = setup.kinds_missing(user.school)
    if not missing:
        return
    name = school_year.name(setup.this_start())
    yield Card(
        _("The school year %(year)s is not set up yet") % {"year": name},
        ngettext(
            "%(count)s kind of thing is missing.", "%(count)s kinds of things are missing.", missing
        )
        % {"count": missing},
        reverse("schoolbook:setup"),
        _("What is still missing"),
        tone="due",
    )
