"""A Valkey (the free Redis) of our own, on a private socket. What it holds are hints: PostgreSQL rows are the truth."""

from __future__ import annotations

import signal
import socket
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self
from urllib.parse import quote

from schoolbook.embedded.errors import explain
from schoolbook.embedded.places import (
    make_home,
    make_private,
    programs,
    server_account,
    socket_folder,
)
from schoolbook.embedded.postgres import CLEAN_ENVIRONMENT
from schoolbook.embedded.processes import end, in_folder, spawn, stop, wait_until

START_SECONDS = 20
# Told to stop, it saves first, and stays when the disk is full: then nothing is lost by insisting.
STOP = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


@dataclass(frozen=True)
class Valkey:
    """One Valkey server; everything of it lies in `home`. Use it as a context, or call `start` and `stop`.

    durable: keep the queue over a restart; False for tests.
    """

    home: Path
    durable: bool = True
    program: Path | None = None
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list, init=False, repr=False)

    @property
    def data(self) -> Path:
        """Where it keeps the queue over a restart."""
        return self.home / "valkey"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "valkey.log"

    @property
    def socket(self) -> Path:
        """The one way in."""
        return socket_folder(self.home) / "valkey.sock"

    @property
    def url(self) -> str:
        """The address as REDIS_URL and Celery want it; redis-py calls the same place `unix://...`."""
        return f"redis+socket://{quote(str(self.socket))}"

    @cached_property
    def _program(self) -> Path:
        return self.program or programs()[1]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """End what an earlier run left, start, and wait until it answers."""
        account = server_account()
        make_home(self.home, account)
        make_private(self.data, account)
        make_private(self.socket.parent, account)
        self.end_leftovers()
        self.socket.unlink(missing_ok=True)
        already_said = self.log.stat().st_size if self.log.exists() else 0
        try:
            server = spawn(
                [self._program, *self._settings()],
                log=self.log,
                folder=self.data,
                environment=CLEAN_ENVIRONMENT,
                account=account,
            )
        except OSError as error:
            raise explain("Valkey", str(error), self.home) from error
        self._running.append(server)
        wait_until(lambda: self._answers() or server.poll() is not None, START_SECONDS)
        if not self._answers():
            self.stop()
            said = self.log.read_bytes()[already_said:].decode("utf-8", "replace")
            raise explain("Valkey", said, self.home)

    def stop(self) -> None:
        """Stop the server that `start` started."""
        while self._running:
            stop([self._running.pop()], *STOP)

    def pid(self) -> int | None:
        """The server's process, or None when it has ended."""
        return next((server.pid for server in self._running if server.poll() is None), None)

    def end_leftovers(self) -> None:
        """End the server of a run that was killed; whoever calls this knows that no other run uses this home."""
        end(in_folder("valkey-server", self.data), *STOP)

    def _settings(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "save": "300 1" if self.durable else "",
            # A full disk must not stop the queue: what it holds are hints.
            "stop-writes-on-bgsave-error": "no",
        }
        return [part for name, value in settings.items() for part in (f"--{name}", value)]

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
