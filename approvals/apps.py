"""Corrections: how a closed book changes, and only so."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from schoolbook import registry
from schoolbook.rules.permissions import Action


class ApprovalsConfig(AppConfig):
    """Fills the registry of screens."""

    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Run once when Django starts: models are there now, and were not when this module was read."""
        _show_pages()
        _show_cards()


def _show_pages() -> None:
    rights = (Action.FILE_CORRECTIONS, Action.VIEW_CORRECTIONS, Action.DECIDE_CORRECTIONS)
    registry.navigation.add("approvals:corrections", _("Corrections"), order=8, rights=rights)


def _show_cards() -> None:
    from approvals import cards_deciding  # noqa: PLC0415

    registry.worklist.add("corrections to deal with", cards_deciding.waiting_corrections)
