"""The real WSGI application, behind a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler


class Server(ThreadedWSGIServer):
    """A thread for each connection; closing the server waits for all of them, so none keeps a database open."""

    daemon_threads = False


class Handler(WSGIRequestHandler):
    """Says nothing: Schoolbook logs its requests itself."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """Serve Schoolbook on a free port of this machine, as far as Django is set up; gives the origin."""
    from schoolbook.wsgi import application  # noqa: PLC0415 - needs Django's settings

    with Server(("127.0.0.1", 0), Handler, allow_reuse_address=False) as server:
        server.set_app(application)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
