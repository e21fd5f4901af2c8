"""Corrections: how a closed book changes, and only so."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from schoolbook import registry
from schoolbook.rules.permissions import Action

# What a form with evidence may bring in one go: some photographs, and less than the proxy lets through.
TOGETHER = 50 * 2**20  # bytes


class ApprovalsConfig(AppConfig):
    """Listens to the news of the mark book, and fills the registry of screens."""

    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Run once when Django starts: models are there now, and were not when this module was read."""
        _listen()
        _tell_the_demo()
        _offer_documents()
        _let_ask()
        _show_pages()
        _show_cards()
        _show_chains()


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


def _let_ask() -> None:
    from approvals import addresses, cards_filing  # noqa: PLC0415
    from schoolbook import uploads  # noqa: PLC0415

    registry.corrections.provide(addresses.filing, addresses.request)
    registry.worklist.add("own corrections", cards_filing.own_requests)
    for route in ("approvals:file_correction", "approvals:add_evidence"):
        registry.uploads.add(route, "evidence", each=uploads.evidence, together=TOGETHER)


def _show_pages() -> None:
    rights = (Action.FILE_CORRECTIONS, Action.VIEW_CORRECTIONS, Action.DECIDE_CORRECTIONS)
    registry.navigation.add("approvals:corrections", _("Corrections"), order=8, rights=rights)


def _show_cards() -> None:
    from approvals import cards_deciding  # noqa: PLC0415

    registry.worklist.add("corrections to deal with", cards_deciding.waiting_corrections)


def _show_chains() -> None:
    from approvals.selectors import verifying  # noqa: PLC0415

    registry.chains.add(
        registry.Chains(
            verifying.NAME,
            _("Corrections"),
            verifying.heads,
            verifying.absent,
            verifying.findings,
        )
    )
