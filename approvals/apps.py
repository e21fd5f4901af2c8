"""Corrections: how a closed book changes, and only so."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from schoolbook import registry
from schoolbook.rules.permissions import Action


class ApprovalsConfig(AppConfig):
    """Listens to the news of the mark book, and fills the registry of screens."""

    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Run once when Django starts: models are there now, and were not when this module was read."""
        _listen()
        _tell_the_demo()
        _offer_documents()
        _show_pages()
        _show_cards()


def _listen() -> None:
    from approvals import receivers  # noqa: PLC0415
    from gradebook import signals  # noqa: PLC0415

    signals.cells_written.connect(receivers.cells_written, dispatch_uid="corrections")


def _tell_the_demo() -> None:
    from approvals import demo  # noqa: PLC0415

    registry.demo.add("corrections", demo.correct)


def _offer_documents() -> None:
    from approvals import pdf  # noqa: PLC0415

    for document in pdf.documents():
        registry.documents.add(document)


def _show_pages() -> None:
    rights = (Action.FILE_CORRECTIONS, Action.VIEW_CORRECTIONS, Action.DECIDE_CORRECTIONS)
    registry.navigation.add("approvals:corrections", _("Corrections"), order=8, rights=rights)


def _show_cards() -> None:
    from approvals import cards_deciding  # noqa: PLC0415

    registry.worklist.add("corrections to deal with", cards_deciding.waiting_corrections)
