"""The words of the pages, looked up where the pages look them up."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, override


def say(text: str, language: str = "vi", **values: Any) -> str:
    """A text as it stands on a page: in Vietnamese unless told otherwise."""
    with override(language):
        return gettext(text) % values


def say_count(singular: str, plural: str, count: int) -> str:
    """A text with a number in it, in Vietnamese."""
    with override("vi"):
        return ngettext(singular, plural, count) % {"count": count}


def label(text: str) -> str:
    """The label of a field that is named so by its model."""
    return str(capfirst(say(text)))
