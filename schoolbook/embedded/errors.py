"""The one error of this package, and what to advise by what a server said before it ended."""

from __future__ import annotations

import re
from pathlib import Path

_ADVICE = (
    (
        r"No space left on device|File too large|Disk quota exceeded",
        "The disk that holds {folder} is full: free at least 300 MB there and start again.",
    ),
    (
        r"error while loading shared libraries: (?P<detail>[^:\s]+)",
        "{program} needs the system library {detail}:"
        " install the system package that contains it and start again.",
    ),
    (
        r"Permission denied|Read-only file system",
        "{program} may not write in {folder}:"
        " give that folder to the user who starts it, or move the checkout to another place.",
    ),
    (
        r"Cannot allocate memory|could not map anonymous shared memory",
        "There is too little free memory for {program}: close other programs and start again.",
    ),
)


class EmbeddedError(Exception):
    """A server cannot be had; the message is one sentence that says what to do."""


def explain(program: str, said: str, folder: Path) -> EmbeddedError:
    """What to do when `program`, which writes below `folder`, ended and said this."""
    for pattern, sentence in _ADVICE:
        if match := re.search(pattern, said):
            detail = match.groupdict().get("detail", "")
            return EmbeddedError(sentence.format(program=program, folder=folder, detail=detail))
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    last = lines[-1] if lines else "it said nothing"
    return EmbeddedError(f"{program} did not start: {last} (its files are in {folder}).")
