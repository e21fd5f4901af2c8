"""Corrections: how a closed book changes, and only so."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Fills the registry of screens."""

    name = "approvals"
    verbose_name = "Approvals"
