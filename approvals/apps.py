"""Corrections: how a closed book changes, and only so."""

from django.apps import AppConfig

from schoolbook import registry


class ApprovalsConfig(AppConfig):
    """Listens to the news of the mark book, and fills the registry of screens."""

    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Run once when Django starts: models are there now, and were not when this module was read."""
        _listen()
        _tell_the_demo()
        _offer_documents()


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
