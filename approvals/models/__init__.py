"""Requests for corrections."""

from approvals.models.requests import (
    CorrectionLine,
    CorrectionRequest,
    Evidence,
    EvidenceKind,
    Opened,
    Witnessing,
)

__all__ = [
    "CorrectionLine",
    "CorrectionRequest",
    "Evidence",
    "EvidenceKind",
    "Opened",
    "Witnessing",
]
