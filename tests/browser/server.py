"""The real WSGI application, behind a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR
from threading import Thread
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler


class Server(ThreadedWSGIServer):
    """A thread for each connection; closing the server waits for all of them, so none keeps a database open."""

    daemon_threads = False


class Stoppable(Server):
    """A server whose every connection can be cut, as when the machine goes down, and that comes back at its port."""

    block_on_close = False

    def __init__(self, port: int) -> None:
        self.connections: list[Any] = []
        super().__init__(("127.0.0.1", port), Handler, allow_reuse_address=True)

    def get_request(self) -> Any:
        """Remember the connection."""
        request, address = super().get_request()
        self.connections.append(request)
        return request, address


class Machine:
    """The server of a test that takes it down and up again."""

    def __init__(self) -> None:
        self.port = 0
        self.start()

    @property
    def origin(self) -> str:
        """Where it is, also while it is down."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Let it answer."""
        from schoolbook.wsgi import application  # noqa: PLC0415 - needs Django's settings

        self._server = Stoppable(self.port)
        self.port = self._server.server_port
        self._server.set_app(application)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def stop(self) -> None:
        """Cut every connection and answer no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for connection in self._server.connections:
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)


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
