"""What is known of the request that is being answered: its id, and nothing that gives authority.

The id joins a log line, a history row and the number on an error page. Who acts is never taken from here: every
service is told its `actor`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The id of the request, task or command under way; empty outside of one."""
    return _request_id.get()


@contextmanager
def identified(prefix: str = "") -> Iterator[str]:
    """Give the work inside a new id, for instance `job-1f0c…` with the prefix `job-`."""
    token = _request_id.set(f"{prefix}{uuid4().hex}")
    try:
        yield _request_id.get()
    finally:
        _request_id.reset(token)
