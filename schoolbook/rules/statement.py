"""The responsibility statement (R-223): its words, by version. No Django here.

A version that somebody may have accepted is never edited: a changed text is a new file and a new `VERSION`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

VERSION = 1
FOLDER = Path(__file__).resolve().parent.parent / "statements"


def text(version: int = VERSION) -> str:
    """The statement as it was put before people in this version."""
    return (FOLDER / f"{version}.vi.txt").read_text(encoding="utf-8")


def paragraphs(version: int = VERSION) -> list[str]:
    """The same, line by line."""
    return [line for line in text(version).splitlines() if line]


def digest(version: int = VERSION) -> str:
    """SHA-256 of the words, kept with each acceptance."""
    return hashlib.sha256(text(version).encode()).hexdigest()
