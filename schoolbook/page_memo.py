"""What a page that many providers put together asks once, although each of them asks for itself.

Only for pages that look and write nothing: what is remembered is what was so when the page began.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")

_KEPT: ContextVar[dict[Hashable, Any] | None] = ContextVar("page", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """Within it a function that is `asked_once` is asked once for the same arguments."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def asked_once(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Remember the answer for the rest of a page; outside of one it is asked anew each time."""

    @wraps(function)
    def ask(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        kept = _KEPT.get()
        if kept is None:
            return function(*args, **kwargs)
        key = (function, args, tuple(sorted(kwargs.items())))
        if key not in kept:
            kept[key] = function(*args, **kwargs)
        found: Found = kept[key]
        return found

    return ask
