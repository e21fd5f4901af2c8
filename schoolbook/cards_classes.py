"""What classes ask of their homeroom teachers, as cards of the home page."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from schoolbook import clock
from schoolbook.models import User
from schoolbook.registry import Card
from schoolbook.selectors import classes


def lists(user: User) -> Iterator[Card]:
    """The class lists to confirm, due by the end of week 2 (R-022, R-024); one query, or two."""
    today = clock.today()
    for due in classes.lists_to_confirm(user, today):
        yield Card(
            _("Confirm the list of class %(class)s") % {"class": due.name},
            _("The list has changed since you confirmed it.")
            if due.changed
            else _("Look through the pupils and their particulars, put right what is wrong."),
            reverse("schoolbook:class_group", kwargs={"class_group_id": due.class_group_id}),
            _("Open the list"),
            tone="late" if today > due.due_by else "due",
            due=_("until %(day)s") % {"day": due.due_by.strftime("%d/%m/%Y")},
        )
