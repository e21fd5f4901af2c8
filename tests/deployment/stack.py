"""The services of docker-compose.yml run on this machine without Docker.

The same commands and environments, with other paths and ports. What an engine would do (images, networks, mounts,
limits) is not here; see docs/operations.md.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from schoolbook.embedded import throwaway_home
from schoolbook.embedded.places import make_private, programs, server_account, socket_folder
from schoolbook.embedded.processes import as_account, spawn, stop, wait_until

from .files import ROOT, build_commands, image_environment, in_image, services

# What the entrypoint of the PostgreSQL image does, by its documentation: make the cluster, run what lies in
# docker-entrypoint-initdb.d on a server that only listens on its socket, then become the server.
DOCKER_ENTRYPOINT = """#!/bin/sh
set -eu
PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
export PGPASSWORD
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    ( umask 077; printf '%s\\n' "$PGPASSWORD" >"$PGDATA.password" )
    eval "initdb --pgdata=$PGDATA --pwfile=$PGDATA.password $POSTGRES_INITDB_ARGS"
    rm "$PGDATA.password"
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    echo "unix_socket_directories = '$PGHOST'" >>"$PGDATA/postgresql.conf"
    pg_ctl --pgdata="$PGDATA" --silent --wait --options="-c listen_addresses=" start
    for script in "$INITDB"/*; do "$script"; done
    pg_ctl --pgdata="$PGDATA" --silent --wait --mode=fast stop
fi
unset PGPASSWORD
exec "$@" -D "$PGDATA"
"""

# The package with Valkey has no client; this is as much of redis-cli as ping.sh needs.
REDIS_CLI = """#!{python}
import os, sys, redis
from redis.backoff import NoBackoff
from redis.retry import Retry
assert sys.argv[1::2] == ["-h", "-p", "ping"], sys.argv
client = redis.Redis(
    sys.argv[2], int(sys.argv[4]), password=os.environ["REDISCLI_AUTH"], retry=Retry(NoBackoff(), 0)
)
try:
    print("PONG" if client.ping() else "")
except redis.RedisError as error:
    print(error)
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def copy_context(target: Path) -> None:
    """Copy what .dockerignore lets through, and the front-end packages as `npm ci --omit=dev` would leave them."""
    wanted = in_image()
    for found, folders, names in os.walk(ROOT):
        here = Path(found).relative_to(ROOT)
        # Big folders that cannot hold anything wanted; the rules would say so of each file in them.
        folders[:] = [
            name for name in folders if name not in {".git", ".venv", "node_modules", "var"}
        ]
        for name in names:
            if wanted((here / name).as_posix()):
                (target / here).mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / here / name, target / here / name)
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for path, package in packages.items():
        if path and not package.get("dev"):
            shutil.copytree(ROOT / path, target / path)


def tools_path(*before: Path) -> str:
    """PATH with the Python environment that runs the tests, and what every Debian has."""
    return ":".join([*map(str, before), os.path.dirname(sys.executable), "/usr/bin:/bin"])


def build(target: Path) -> subprocess.CompletedProcess[str]:
    """Run the build stage's commands on a copy of the context, as `/app`."""
    copy_context(target)
    return subprocess.run(
        ["sh", "-ec", re.sub(r"/app\b", str(target), build_commands())],
        cwd=target,
        env={"PATH": tools_path(), "HOME": "/nonexistent", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass
class Stack:
    """The running services. home: where their data are; image: what would be /app."""

    home: Path
    image: Path
    ports: dict[str, int] = field(
        default_factory=lambda: {name: free_port() for name in ("db", "redis", "web")}
    )
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @cached_property
    def tools(self) -> Path:
        """A folder with the programs that the images of PostgreSQL and Redis would have."""
        folder = self.home / "bin"
        folder.mkdir()
        postgres, valkey = programs()
        for program in postgres.iterdir():
            (folder / program.name).symlink_to(program)
        (folder / "redis-server").symlink_to(valkey)
        for name, text in (
            ("docker-entrypoint.sh", DOCKER_ENTRYPOINT),
            ("redis-cli", REDIS_CLI.format(python=sys.executable)),
        ):
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        folder.chmod(0o755)
        return folder

    def prepare(self) -> None:
        """Make the secrets, and mount them and the scripts: copies with the rights they have in the checkout."""
        made = self.home / "made"
        subprocess.run([ROOT / "deploy" / "make-secrets", made], check=True, capture_output=True)
        (self.home / "secrets").mkdir()
        for secret in made.glob("*.txt"):
            shutil.copy2(secret, self.home / "secrets" / secret.stem)
        shutil.copytree(ROOT / "deploy" / "postgres", self.home / "share" / "postgres")
        shutil.copytree(ROOT / "deploy" / "redis", self.home / "share" / "redis")
        (self.home / "initdb.d").mkdir()
        mount = next(v for v in services()["db"]["volumes"] if "initdb.d" in v).split(":")
        shutil.copy2(ROOT / mount[0], self.home / "initdb.d" / Path(mount[1]).name)
        for name in ("app-run", "files", "redis"):
            (self.home / name).mkdir(mode=0o700, exist_ok=True)
        for path in (self.home / "secrets", self.home / "initdb.d", self.home / "share"):
            for folder in (path, *path.glob("*/")):
                folder.chmod(0o755)
        account = server_account()
        make_private(self.home / "postgres", account)
        make_private(socket_folder(self.home), account)

    def here(self, text: str) -> str:
        """A path, address or command of a container as it is on this machine."""
        for inside, outside in {
            "/run/secrets": self.home / "secrets",
            "/run/schoolbook": self.home / "app-run",
            "/run/redis": self.home / "redis",
            "/usr/local/share/schoolbook": self.home / "share",
            "/var/lib/schoolbook/files": self.home / "files",
            "/app": self.image,
            "db:5432": f"127.0.0.1:{self.ports['db']}",
            "redis:6379": f"127.0.0.1:{self.ports['redis']}",
            "0.0.0.0:8000": f"127.0.0.1:{self.ports['web']}",
        }.items():
            text = re.sub(rf"(?<![\w.]){re.escape(inside)}(?![\w-])", str(outside), text)
        return text

    def command(self, service: str) -> list[str]:
        """What the container runs."""
        found = services()[service]
        return [self.here(part) for part in [*found.get("entrypoint", []), *found["command"]]]

    def environment(self, service: str) -> dict[str, str]:
        """What the container's processes would find, and nothing of the environment that the tests run in."""
        said = {
            name: self.here(str(value))
            for name, value in services()[service]["environment"].items()
        }
        base = {"PATH": tools_path(self.tools), "HOME": "/nonexistent", "LANG": "C.UTF-8"}
        match service:
            case "db":
                data = self.home / "postgres" / "18"
                sockets, port = socket_folder(self.home), self.ports["db"]
                image = {
                    "PGDATA": data,
                    "PGHOST": sockets,
                    "PGPORT": port,
                    "INITDB": self.home / "initdb.d",
                }
            case "redis":
                image, said = (
                    {},
                    said | {"REDIS_BIND": "127.0.0.1", "REDIS_PORT": str(self.ports["redis"])},
                )
            case _:
                image = {name: self.here(value) for name, value in image_environment().items()}
        return base | {name: str(value) for name, value in image.items()} | said

    def start(self, service: str) -> None:
        """Start a service of the compose file by its own command; it ends with `stop`."""
        db = service == "db"
        self.running[service] = spawn(
            self.command(service),
            log=self.home / f"{service}.log",
            folder=self.home / "postgres" if db else self.image,
            environment=self.environment(service),
            account=server_account() if db else None,
        )

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the environment of a service, as `docker compose exec` would; or the service's own.

        Raises subprocess.TimeoutExpired when it has not ended after two minutes.
        """
        asked = [self.here(part) for part in command] or self.command(service)
        with subprocess.Popen(
            asked,
            cwd=self.home if service in {"db", "redis"} else self.image,
            env=self.environment(service),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
            **(as_account(server_account()) if service == "db" else {}),
        ) as process:
            try:
                said, complained = process.communicate(timeout=120)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # its children, too
                raise
        return subprocess.CompletedProcess(asked, process.returncode, said, complained)

    def health(self, service: str) -> subprocess.CompletedProcess[str]:
        """Run the health check of a service once."""
        kind, *command = services()[service]["healthcheck"]["test"]
        assert kind == "CMD"
        return self.run(service, *command)

    def becomes_healthy(self, service: str) -> bool:
        """Ask the health check until it says yes, at most until Docker would call the service unhealthy."""
        process = self.running[service]
        check = services()[service]["healthcheck"]
        start, interval = (
            int(check[name].removesuffix("s")) for name in ("start_period", "interval")
        )
        patience = start + check["retries"] * interval

        def answered() -> bool:
            # A ping sent before the worker listens waits in vain; it says when it does.
            deaf = service == "worker" and "ready" not in self.log(service)
            return process.poll() is not None or (not deaf and self.health(service).returncode == 0)

        return wait_until(answered, patience) and process.poll() is None

    def log(self, service: str) -> str:
        """What the service has printed so far."""
        return (self.home / f"{service}.log").read_text(encoding="utf-8", errors="replace")

    def stop(self, service: str) -> int:
        """Stop a service as Docker does, within its grace period; returns its exit status."""
        grace = int(services()[service]["stop_grace_period"].removesuffix("s"))
        process = self.running.pop(service)
        asked = signal.SIGINT if service == "db" else signal.SIGTERM
        stop([process], (asked, grace), (signal.SIGKILL, 5))
        return process.returncode


@contextmanager
def home_for_a_stack(image: Path) -> Iterator[Stack]:
    """A stack with its secrets, and nothing started; whatever was started is stopped at the end."""
    with throwaway_home() as home, ExitStack() as after:
        stack = Stack(home, image)
        stack.prepare()

        @after.callback
        def stop_all() -> None:
            for service in list(reversed(stack.running)):
                stack.stop(service)

        yield stack
