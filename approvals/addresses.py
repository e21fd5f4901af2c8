"""Where corrections are asked for and found: what books and cards link to."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode


def filing(asked: Mapping[str, str | int]) -> str:
    """Where a correction is asked for: `book`, what finds the page there, `student`, and if known `cell`."""
    return f"{reverse('approvals:file_correction')}?{urlencode(asked)}"


def request(number: int) -> str:
    """Where the request of a number is found."""
    return reverse("approvals:correction", args=[number])
