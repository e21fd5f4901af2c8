"""Corrections: how a closed book changes, and only so."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Listens to the news of the mark book, and fills the registry of screens."""

    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Run once when Django starts: models are there now, and were not when this module was read."""
        _listen()


def _listen() -> None:
    from approvals import receivers  # noqa: PLC0415
    from gradebook import signals  # noqa: PLC0415

    signals.cells_written.connect(receivers.cells_written, dispatch_uid="corrections")
