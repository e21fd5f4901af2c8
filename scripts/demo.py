"""`make demo`: serve a demo school on this machine until Ctrl-C, and start again where it was left.

Its data, passwords and logs lie under var/demo/ (as root, those of the servers under /var/lib, see
schoolbook/embedded). With DATABASE_URL or REDIS_URL set, those servers are used instead of our own.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import IO

from schoolbook.embedded import EmbeddedError, Postgres, Role, Valkey, home, remove_home
from schoolbook.embedded.places import store
from schoolbook.embedded.processes import end, hold, marked, spawn, stop
from scripts import demo_clock
from scripts.demo_database import DemoError, forget_database, prepare_database

CHECKOUT = Path(__file__).resolve().parent.parent
VAR = CHECKOUT / "var" / "demo"
LOGS = VAR / "log"
ACCOUNTS = VAR / "accounts.json"
DATABASE = "schoolbook"
MARK = (
    "SCHOOLBOOK_DEMO"  # every process of the demo carries it, so that a killed one's can be found
)
READY_SECONDS = 90
LOG_BYTES = 5_000_000
LOG_LINES = 15
PORTS = range(1, 65536)
# How each process is asked to end, and how long it may take.
PATIENCE = ((signal.SIGTERM, 10.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0))


class Stopped(Exception):
    """Somebody pressed Ctrl-C or asked us to end."""


@dataclass(frozen=True)
class Address:
    """Where the demo is served."""

    host: str
    port: int

    @classmethod
    def chosen(cls, environment: Mapping[str, str]) -> Address:
        """HOST and PORT, or 127.0.0.1:8000."""
        port = environment.get("PORT") or "8000"
        if not port.isascii() or not port.isdigit() or int(port) not in PORTS:
            raise DemoError(f"PORT is {port!r}: give a number from 1 to 65535.")
        return cls((environment.get("HOST") or "127.0.0.1").strip("[]"), int(port))

    @property
    def bind(self) -> str:
        """Host and port as sockets are named."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def local(self) -> str:
        """The host as this machine itself reaches it."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    @property
    def url(self) -> str:
        """What a person on this machine types."""
        return f"http://{Address(self.local, self.port).bind}/"

    def names(self) -> list[str]:
        """What browsers may call us: the host, this machine, and its own names when everybody may come."""
        names = ["localhost", "127.0.0.1", "::1", self.host]
        if self.local != self.host:
            names.append(socket.gethostname())
            with suppress(OSError):
                found = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)
                names += [str(entry[4][0]) for entry in found]
        return list(dict.fromkeys(f"[{name}]" if ":" in name else name for name in names))

    def check(self) -> None:
        """Find out that the port cannot be had before anything is started."""
        try:
            family, kind, protocol, _, where = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(where)
        except PermissionError:
            raise DemoError(
                f"Port {self.port} is kept for root: choose another with `make demo PORT=8000`."
            ) from None
        except socket.gaierror:
            raise DemoError(f"HOST is {self.host!r}, which this machine does not know.") from None
        except OSError as error:
            other = self.port + 1 if self.port + 1 in PORTS else 8000
            raise DemoError(
                f"{self.bind} cannot be used ({error.strerror}):"
                f" choose another port with `make demo PORT={other}`."
            ) from None


@dataclass
class Demo:
    """One run of the demo."""

    address: Address
    environment: dict[str, str]
    stopping: Event = field(default_factory=Event)
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def serve(self) -> int:
        """Start everything, say where it is, and stay until it is stopped (0) or something ends by itself (1)."""
        with ExitStack() as stack:
            stack.callback(say, "Đã dừng / Stopped.")
            urls = self.start_database(stack)
            redis_url = self.environment.get("REDIS_URL") or self.start_valkey(stack)
            environment = self.environment | {"REDIS_URL": redis_url}
            self.prepare(environment, urls)
            stack.callback(self.stop_children)
            self.start_children(environment | {"DATABASE_URL": urls["app"]})
            self.wait_until_ready()
            self.announce()
            return self.watch()

    # The servers ---------------------------------------------------------------------------------

    def start_database(self, stack: ExitStack) -> dict[Role, str]:
        """The addresses of the database for its roles, on our own server or on the one of DATABASE_URL."""
        if given := self.environment.get("DATABASE_URL"):
            return prepare_database(given, VAR)
        say("PostgreSQL …")
        server = stack.enter_context(Postgres(home("demo")))
        self.check_stopping()
        server.create_database(DATABASE)
        return {role: server.url(role, DATABASE) for role in ("owner", "app", "reader")}

    def start_valkey(self, stack: ExitStack) -> str:
        """Start the queue and return its address."""
        return stack.enter_context(Valkey(home("demo"))).url

    def prepare(self, environment: Mapping[str, str], urls: Mapping[Role, str]) -> None:
        """Bring the tables up to date as the owner, then fill them, if they are empty, as the app."""
        say("Cơ sở dữ liệu / Database …")
        owner, app = ({**environment, "DATABASE_URL": urls[role]} for role in ("owner", "app"))
        self.command("migrate", owner, "prepare_demo", demo_clock.chosen(self.environment))
        only = environment.get("DEMO_SCHOOLS", "").split()
        self.command("load_demo", app, "load_demo", "--accounts", str(ACCOUNTS), "--only", *only)
        self.command("tell_demo", app, "tell_demo")

    def command(self, name: str, environment: Mapping[str, str], *arguments: str) -> None:
        """Run a management command; Ctrl-C ends it, too."""
        self.check_stopping()
        child = self.spawn(name, [sys.executable, "manage.py", *arguments], environment)
        try:
            while child.poll() is None:
                self.check_stopping()
                self.stopping.wait(0.02)
        finally:
            stop([child], *PATIENCE)
        if child.returncode:
            raise DemoError(f"`manage.py {name}` failed; its last lines:\n{last_lines(name)}")

    def start_children(self, environment: Mapping[str, str]) -> None:
        """Start the web server, the worker and the clock of Celery."""
        say("Web, Celery …")
        python = sys.executable
        web = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "--graceful-timeout", "5"]
        web += ["schoolbook.wsgi:application"]
        celery = ["celery", "-A", "schoolbook.celery:app"]
        worker = [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle"]
        beat = [*celery, "beat", "--schedule", str(VAR / "beat-schedule"), "--pidfile="]
        # Kept connections are for threads that serve one page after another.
        listen = {"WEB_BIND": self.address.bind, "WEB_WORKERS": "2", "WEB_THREADS": "4"}
        pooled = {**environment, **listen, "DATABASE_POOL": "4"}
        self.children["web"] = self.spawn("web", [python, "-m", *web], pooled)
        self.children["worker"] = self.spawn("worker", [python, "-m", *worker], environment)
        self.children["beat"] = self.spawn("beat", [python, "-m", *beat], environment)

    def spawn(
        self, name: str, command: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """Start a process with a log of its own."""
        log = LOGS / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".old.log"))
        return spawn(command, log=log, folder=CHECKOUT, environment=environment)

    # While it runs -------------------------------------------------------------------------------

    def wait_until_ready(self) -> None:
        """Wait until the site itself says that it, its database and its queue are ready."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            self.check_stopping()
            self.check_children()
            if time.monotonic() > deadline:
                raise DemoError(f"The site does not become ready; its log:\n{last_lines('web')}")
            self.stopping.wait(0.05)

    def answers(self) -> bool:
        """Ask the site whether it is ready."""
        connection = http.client.HTTPConnection(self.address.local, self.address.port, timeout=10)
        try:
            connection.request("GET", "/ready/", headers={"Host": "localhost"})
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def watch(self) -> int:
        """Stay until somebody stops us; when a process ends by itself, say which."""
        while not self.stopping.wait(0.25):
            self.check_children()
        return 0

    def check_children(self) -> None:
        """Complain when a process has ended by itself."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise DemoError(
                    f"{name} ended by itself (code {child.returncode}); its last lines:\n{last_lines(name)}"
                )

    def check_stopping(self) -> None:
        """Give up what we are doing when somebody wants us to end."""
        if self.stopping.is_set():
            raise Stopped

    def stop_children(self) -> None:
        """Web first, so that nobody asks for anything new; then the clock, and the worker when its task is done."""
        say("Đang dừng / Stopping …")
        for names in (("web",), ("beat", "worker")):
            ending = [self.children.pop(name) for name in names if name in self.children]
            stop(ending, *PATIENCE)
            for child in ending:
                with suppress(ProcessLookupError):  # What it left of its group, if anything.
                    os.killpg(child.pid, signal.SIGKILL)

    def announce(self) -> None:
        """Say where the site is and who may sign in."""
        accounts = json.loads(ACCOUNTS.read_text()) if ACCOUNTS.exists() else []
        say(f"\n  Sổ điểm điện tử / Schoolbook:  {self.address.url}\n")
        say(table(accounts))
        say(f"\n  Tài khoản / Accounts: {ACCOUNTS.relative_to(CHECKOUT)}")
        say("  Dừng / Stop: Ctrl-C.   Làm lại từ đầu / Start over: make demo-reset\n")


def table(accounts: Sequence[Mapping[str, str]]) -> str:
    """The demo's accounts under each other, school by school."""
    if not accounts:
        return "  (Không có tài khoản mẫu / no demo accounts: the database held schools already.)"
    names = ("username", "password", "label")
    rows = [("Tên đăng nhập / User", "Mật khẩu / Password", "Người dùng / Who")]
    rows += [tuple(str(account.get(name, "")) for name in names) for account in accounts]  # type: ignore[misc]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    lines = [f"  {row[0]:<{widths[0]}}   {row[1]:<{widths[1]}}   {row[2]}" for row in rows]
    schools = ["", *(str(account.get("school", "")) for account in accounts)]
    for index in range(len(rows) - 1, 0, -1):
        if schools[index] != schools[index - 1]:
            lines.insert(index, f"  — {schools[index]}")
    return "\n".join(lines)


def last_lines(name: str) -> str:
    """The end of a log, indented, and where the rest is."""
    path = LOGS / f"{name}.log"
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    shown = [f"    {line}" for line in lines[-LOG_LINES:]]
    return "\n".join([*shown, f"  (all of it: {path.relative_to(CHECKOUT)})"])


def base_environment(address: Address) -> dict[str, str]:
    """What every process of the demo is told."""
    fixed = {
        MARK: str(VAR),
        "SCHOOLBOOK_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "schoolbook.settings",
        "SECRET_KEY": secret_key(),
        "ALLOWED_HOSTS": ",".join(address.names()),
        "PYTHONUNBUFFERED": "1",
    }
    unwanted = {"GUNICORN_CMD_ARGS", "WEB_CONCURRENCY", "DEBUG", "MAKEFLAGS", "MAKELEVEL"}
    unwanted |= {"SECRET_KEY_FILE", "DATABASE_PASSWORD", "DATABASE_PASSWORD_FILE", "REDIS_PASSWORD"}
    inherited = {name: value for name, value in os.environ.items() if name not in unwanted}
    return inherited | fixed


def secret_key() -> str:
    """The demo's own secret, made up once and readable by its owner only."""
    path = VAR / "secret-key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


def say(line: str) -> None:
    """Print a line at once."""
    with suppress(OSError):  # The terminal may have gone before us.
        print(line, flush=True)


def only_one() -> IO[str]:
    """Hold the demo of this checkout, and end what a killed run of it left."""
    VAR.mkdir(parents=True, exist_ok=True)
    VAR.chmod(0o700)
    LOGS.mkdir(exist_ok=True)
    lock = hold(VAR / "lock")
    if lock is None:
        running = (VAR / "lock").read_text() or "see var/demo/log"
        raise DemoError(f"The demo of this checkout runs already ({running}): stop that one first.")
    end(marked(MARK, str(VAR)), *PATIENCE)
    return lock


def run() -> int:
    """Serve until told to stop."""
    address = Address.chosen(os.environ)
    with only_one() as lock:
        address.check()
        demo_clock.chosen(os.environ)
        lock.truncate(0)
        lock.write(f"{address.url}, process {os.getpid()}")
        lock.flush()
        demo = Demo(address, base_environment(address))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: demo.stopping.set())
        with suppress(Stopped):
            return demo.serve()
    return 0


def reset(everything: bool) -> int:
    """Stop what a killed run left and remove the demo's data; with everything, all that lies outside of var/, too."""
    with only_one():
        forget_database(VAR)
        remove_home(home("demo"))
        shutil.rmtree(VAR, ignore_errors=True)
        if everything and store() != CHECKOUT / "var":
            shutil.rmtree(store(), ignore_errors=True)
    say("Dữ liệu mẫu đã được xóa / The demo's data are gone: `make demo` starts over.")
    return 0


def main(arguments: Sequence[str]) -> int:
    """Serve the demo; with --reset or --clean remove its data, with --clock move the clock of the one that runs."""
    try:
        if "--clock" in arguments:
            given = os.environ.get("DATABASE_URL")
            urls = prepare_database(given, VAR) if given else {}
            owner = urls.get("owner") or Postgres(home("demo")).url("owner", DATABASE)
            demo_clock.move(base_environment(Address.chosen({})), owner, CHECKOUT)
            return 0
        if {"--reset", "--clean"} & set(arguments):
            return reset(everything="--clean" in arguments)
        return run()
    except KeyboardInterrupt:  # Before anything was started.
        return 0
    except (DemoError, EmbeddedError) as error:
        print(f"demo: {error}", file=sys.stderr, flush=True)
    except OSError as error:
        print(
            f"demo: {error}: make room or set the permissions right, then start again.",
            file=sys.stderr,
        )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
