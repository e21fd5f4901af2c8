"""Files that the school keeps: under random names outside the static tree, whole or not at all, never overwritten.

The rows that name them say what they are, whose, and with which SHA-256; a name says nothing. Only access turns a row
into a file for somebody.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from schoolbook.whole_files import written_whole

# What is in `results` was made from what is elsewhere, and may go again.
RESULTS = "results"
FOLDERS = ("evidence", "documents", RESULTS)
_NAME = re.compile(rf"^(?:{'|'.join(FOLDERS)})/[0-9a-f]{{2}}/[0-9a-f]{{32}}$")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is kept: by which name it is found again, the SHA-256 of its bytes, and how many."""

    name: str
    sha256: str
    size: int


def keep(content: bytes, folder: str) -> Stored:
    """Write a file, safe on the disk when this returns; a transaction that then fails leaves a file nobody names."""
    assert folder in FOLDERS
    digits = secrets.token_hex(16)
    name = f"{folder}/{digits[:2]}/{digits}"
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with written_whole(path) as file:
        file.write(content)
    return Stored(name, hashlib.sha256(content).hexdigest(), len(content))


def path_of(name: str) -> Path:
    """Where a kept file lies. Raises ValueError for what is no name of ours."""
    if not _NAME.match(name):
        raise ValueError("no name of a kept file")
    return Path(settings.MEDIA_ROOT) / name


def opened(name: str) -> BinaryIO:
    """A kept file, to be read. Raises ValueError, FileNotFoundError."""
    return path_of(name).open("rb")


def remove_result(name: str) -> None:
    """Take a result away, if it is still there: it can be made again. Raises ValueError for any other file."""
    if not name.startswith(f"{RESULTS}/"):
        raise ValueError("what the school keeps is not removed")
    path_of(name).unlink(missing_ok=True)


def results_before(moment: datetime) -> Iterator[str]:
    """The names of the results that were written before a moment."""
    root = Path(settings.MEDIA_ROOT)
    for path in (root / RESULTS).glob("*/*"):
        name = path.relative_to(root).as_posix()
        with suppress(FileNotFoundError):
            if _NAME.match(name) and path.stat().st_mtime < moment.timestamp():
                yield name
