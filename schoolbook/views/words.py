"""What stands in a cell of a spreadsheet where a page shows a badge or a choice."""

from __future__ import annotations

from django.utils.translation import gettext as _

from schoolbook.rules.class_list import ListState


def sex(value: str) -> str:
    """The sex of a pupil."""
    return _("female") if value == "female" else _("male")


def list_state(state: ListState) -> str:
    """What became of a class list."""
    return {
        ListState.NOT_CONFIRMED: _("not confirmed yet"),
        ListState.CONFIRMED: _("confirmed"),
        ListState.CHANGED: _("changed since it was confirmed"),
    }[state]
