"""Asking for a correction through its pages, in tests."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gradebook.selectors.books import Place
from tests import cast
from tests.approvals import requests

REASON = "Cộng sai điểm bài kiểm tra"


def address(where: Place | None = None, pupil: str = cast.PUPILS[0], **more: Any) -> str:
    """The form of a pupil on a sheet: Toán of 6A in term 1, at the last mark, unless said otherwise."""
    asked = {"book": "marks", **requests.asked(where, pupil), **more}
    return f"{reverse('approvals:file_correction')}?{urlencode(asked)}"


def paper(name: str = "bai-kiem-tra.png", content: bytes | None = None) -> SimpleUploadedFile:
    """A file of evidence; a picture unless other content is given."""
    return SimpleUploadedFile(name, requests.picture() if content is None else content)


def said(*files: SimpleUploadedFile, reason: str = REASON, **values: Any) -> dict[str, Any]:
    """What the form sends: 9 for the last mark, unless values are named as `final="9"`."""
    values = values or {"final": "9"}
    return {
        **{f"value-{name}:1": value for name, value in values.items()},
        "reason": reason,
        "evidence": list(files),
    }
