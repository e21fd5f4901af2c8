"""Corrections: how a closed book changes, and only so."""

from django.apps import AppConfig

from schoolbook import registry

# What a form with evidence may bring in one go: some photographs, and less than the proxy lets through.
TOGETHER = 50 * 2**20  # bytes


class ApprovalsConfig(AppConfig):
    """Fills the registry of screens."""

    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Run once when Django starts: models are there now, and were not when this module was read."""
        from approvals import demo  # noqa: PLC0415

        registry.demo.add("corrections", demo.correct)
        _let_ask()


def _let_ask() -> None:
    from approvals import addresses, cards_filing  # noqa: PLC0415
    from schoolbook import uploads  # noqa: PLC0415

    registry.corrections.provide(addresses.filing, addresses.request)
    registry.worklist.add("own corrections", cards_filing.own_requests)
    for route in ("approvals:file_correction", "approvals:add_evidence"):
        registry.uploads.add(route, "evidence", each=uploads.evidence, together=TOGETHER)
