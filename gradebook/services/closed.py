"""When the database refuses a write because the sheet was closed between the look at it and the write."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, connection

from gradebook.models.triggers import CLOSED

Given = ParamSpec("Given")
Found = TypeVar("Found")

# Each time a window or an unlock has ended, or a lock has come: nothing does so often.
TIMES = 3


def judged_again(service: Callable[Given, Found]) -> Callable[Given, Found]:
    """Run a service again that was overtaken by the end of an unlock or of a window: then it sees it, and says so.

    Nothing of the first time is left. Inside somebody else's transaction the error goes on, to be judged there.
    """

    @wraps(service)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        for turn in range(TIMES):
            try:
                return service(*args, **kwargs)
            except DatabaseError as error:
                if not is_closed(error) or connection.in_atomic_block or turn == TIMES - 1:
                    raise
        raise AssertionError

    return run


def is_closed(error: DatabaseError) -> bool:
    """Whether the database refused to write into a closed sheet."""
    return getattr(error.__cause__, "sqlstate", None) == CLOSED
