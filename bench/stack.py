"""A site as it runs in earnest: a durable PostgreSQL, gunicorn with several processes, and a school in it.

What is measured or killed here is the real thing. The bench process itself speaks to the same database as the app role,
to prepare and to compare.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from schoolbook.embedded import Postgres, Valkey, throwaway_home
from schoolbook.embedded.processes import spawn, stop
from tests import servers

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "bench"
READY_SECONDS = 60
PATIENCE = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


@dataclass
class Stack:
    """What runs: the database server, the web server and where it listens."""

    postgres: Postgres
    valkey: Valkey
    port: int
    log: Path
    workers: int
    web: subprocess.Popen[bytes] | None = None

    def start_web(self) -> None:
        """Start gunicorn and wait until it answers."""
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": self.postgres.url("app", DATABASE),
            "DATABASE_POOL": "4",
            "REDIS_URL": self.valkey.url,
            "WEB_BIND": f"127.0.0.1:{self.port}",
            "WEB_WORKERS": str(self.workers),
            "WEB_THREADS": "4",
        }
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        command += ["--graceful-timeout", "5", "schoolbook.wsgi:application"]
        self.web = spawn(command, log=self.log, folder=ROOT, environment=environment)
        self.wait()

    def wait(self) -> None:
        """Wait until the site answers."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if time.monotonic() > deadline:
                raise RuntimeError(f"the site does not answer:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether the site and its database are ready."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/ready/", headers={"Host": "localhost"})
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop_web(self) -> None:
        """End the web server."""
        if self.web:
            stop([self.web], *PATIENCE)
            with suppress(ProcessLookupError):
                os.killpg(self.web.pid, signal.SIGKILL)

    def web_workers(self) -> list[int]:
        """The processes that answer requests: the children of gunicorn's master."""
        assert self.web
        path = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children")
        return [int(number) for number in path.read_text().split()]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(prepare: str, *, workers: int = 2) -> Iterator[Stack]:
    """Start everything; the module named `prepare` is run as the app role to fill the database first."""
    with ExitStack() as stack:
        home = stack.enter_context(throwaway_home())
        postgres = stack.enter_context(Postgres(home, durable=True))
        valkey = stack.enter_context(Valkey(home))
        postgres.create_database(DATABASE)
        servers.run(["manage.py", "migrate", "--verbosity=0"], postgres.url("owner", DATABASE))
        servers.run(["-m", prepare], postgres.url("app", DATABASE))
        servers.use_database(postgres.url("app", DATABASE))
        logs = ROOT / "var" / "bench"
        logs.mkdir(parents=True, exist_ok=True)
        made = Stack(postgres, valkey, free_port(), logs / "web.log", workers)
        stack.callback(made.stop_web)
        made.start_web()
        yield made
