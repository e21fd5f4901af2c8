"""Two or more people at the same moment, many times over, in real transactions."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

# `make prove` sets this to `full`; a number is so many.
_ASKED = os.environ.get("SCHOOLBOOK_REPETITIONS", "200")
IS_FULL = _ASKED == "full"
REPETITIONS = 5000 if IS_FULL else max(200, int(_ASKED))


class Racers:
    """One thread, and so one connection, for each of some people who start together."""

    def __init__(self, people: int) -> None:
        self._barrier = threading.Barrier(people)
        self._pool = ThreadPoolExecutor(max_workers=people)

    def __enter__(self) -> Racers:
        return self

    def __exit__(self, *_error: object) -> None:
        count = self._barrier.parties
        list(self._pool.map(lambda _number: self._leave(), range(count)))
        self._pool.shutdown()

    def _leave(self) -> None:
        self._barrier.wait()  # every thread has to come here, none may take two turns
        connection.close()

    def start(self, acts: Sequence[Callable[[], Any]]) -> list[Any]:
        """Let everybody act at once; what each got back, or the exception that stopped it."""

        def act(what: Callable[[], Any]) -> Any:
            self._barrier.wait()
            try:
                return what()
            except Exception as error:
                return error

        return list(self._pool.map(act, acts))
