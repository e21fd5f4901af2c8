"""What is accepted, what is refused, and within which limits. Plain Python: both processes know it."""

from __future__ import annotations

from enum import StrEnum

MEGABYTE = 2**20


class Kind(StrEnum):
    """What a file is, by its content."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


class Refusal(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    WRONG_TYPE = "wrong_type"
    DAMAGED = "damaged"
    PASSWORD = "password"  # noqa: S105 - the name of a refusal
    ACTIVE = "active"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MUCH = "too_much"
    TOO_MANY_PIXELS = "too_many_pixels"
    MOVING = "moving"
    BUSY = "busy"


class Unwelcome(Exception):
    """The file is not taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


# Of a PDF.
PAGES = 100
OBJECTS = 50_000
STREAM = 64 * MEGABYTE  # unpacked; a page scanned in colours at 400 dots an inch takes 46
ALL_STREAMS = 1024 * MEGABYTE
PIXELS_ON_A_PAGE = 150_000_000
# Of a picture: what the best telephones make; from `HALVED` on, a photo is read at half its width and height.
PIXELS = 64_000_000
LONGEST_SIDE = 30_000
HALVED = 24_000_000
# Of the process that reads it: bytes of memory, seconds of work, seconds in all, bytes it may answer.
MEMORY = 640 * MEGABYTE
WORK = 10
TIME = 20
ANSWER = 64 * MEGABYTE

HEAD = 1024


def kind_of(content: bytes) -> Kind | None:
    """What a file says it is, by its first bytes; a PDF may begin a little later, as readers let it."""
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    return Kind.PDF if b"%PDF-" in content[:HEAD] else None
