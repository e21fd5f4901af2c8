"""Evidence files: what they are by their content, and what of them is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from schoolbook.errors import Invalid

_BEGINNINGS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}


@dataclass(frozen=True, slots=True)
class Clean:
    """A file as it may be kept: its kind, content and name, and the SHA-256 of what was received."""

    kind: str
    content: bytes
    received_sha256: str
    name: str


def cleaned(content: bytes, name: str, *, limit: int) -> Clean:
    """The file as it may be kept. Raises Invalid."""
    kind = next((kind for begin, kind in _BEGINNINGS.items() if content.startswith(begin)), "")
    if not kind or len(content) > limit:
        raise Invalid({"file": _("Choose a PDF, JPEG or PNG file.")})
    return Clean(kind, content, hashlib.sha256(content).hexdigest(), name[:120])
