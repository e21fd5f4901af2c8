"""Corrections: how a closed book changes, and only so."""

from django.apps import AppConfig

from schoolbook import registry


class ApprovalsConfig(AppConfig):
    """Fills the registry of screens."""

    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Run once when Django starts: models are there now, and were not when this module was read."""
        from approvals import demo  # noqa: PLC0415

        registry.demo.add("corrections", demo.correct)
