"""QR codes as one path of an SVG drawing, which a template can hold under the site's content policy."""

from __future__ import annotations

from dataclasses import dataclass

import segno

QUIET = 4


@dataclass(frozen=True)
class Qr:
    """A drawing of `size` by `size` units, with its quiet zone, and the path of its dark squares."""

    size: int
    path: str


def draw(text: str) -> Qr:
    """The QR code of a text, with medium error correction."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    dark = [
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, bit in enumerate(row)
        if bit
    ]
    return Qr(size=len(rows) + 2 * QUIET, path="".join(dark))
