"""Importing staff, pupils and assignments from spreadsheets: look first, then all or nothing, and undo (R-026)."""

from schoolbook.services.imports.acts import (
    NotToUndo,
    Outdated,
    apply,
    plan_of,
    start,
    undo,
    why_not,
)
from schoolbook.services.imports.sentences import sentence

__all__ = ["NotToUndo", "Outdated", "apply", "plan_of", "sentence", "start", "undo", "why_not"]
