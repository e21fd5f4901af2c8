"""Documents in tests: rendered, and their text read back."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence

from pypdf import PdfReader

from schoolbook.models import User
from schoolbook.pdf import pdf_of
from schoolbook.registry import documents


def printed(kind: str, user: User, arguments: Mapping[str, object]) -> list[bytes]:
    """The parts of a document, as this person gets them."""
    return [pdf_of(part) for part in documents.get(kind).compose(user, arguments).parts]


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def words_of(pdf: bytes) -> str:
    """The text of all pages with single spaces."""
    return squeezed(" ".join(pages_of(pdf)))


def squeezed(text: str) -> str:
    """A text with single spaces."""
    return re.sub(r"\s+", " ", text).strip()


def dense(text: str) -> str:
    """A text without any space: lines of cells break anywhere."""
    return re.sub(r"\s+", "", text)


def in_order(text: str, wanted: Sequence[str]) -> bool:
    """Whether these stand in a text one after the other."""
    place = 0
    for one in wanted:
        place = text.find(one, place)
        if place < 0:
            return False
        place += len(one)
    return True
