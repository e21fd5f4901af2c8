"""A PostgreSQL of our own: a private socket, password sign-in, and the three roles of every Schoolbook database."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from schoolbook.embedded.errors import EmbeddedError, explain
from schoolbook.embedded.places import (
    CHECKOUT,
    make_home,
    make_private,
    programs,
    server_account,
    socket_folder,
)
from schoolbook.embedded.processes import as_account, end, in_folder, spawn, stop, wait_until

Role = Literal["owner", "app", "reader"]
ROLES: tuple[Role, ...] = ("owner", "app", "reader")
SUPERUSER = "postgres"
CREATE_ROLES = CHECKOUT / "deploy" / "postgres" / "create-roles.sql"
START_SECONDS = 120  # After a crash PostgreSQL first repairs its data.
# Fast shutdown: sessions are ended, everything is written. The other two lose nothing either, but cost a repair.
STOP = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
# No inherited LD_LIBRARY_PATH, PGHOST or language reaches a server or its tools.
CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
# What tests give up for speed: their data need not outlive a power cut.
HASTY = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class Postgres:
    """One PostgreSQL cluster; everything of it lies in `home`. Use it as a context, or call `start` and `stop`.

    home: see `places.home`; the data are in `home/postgres`, the passwords beside them.
    prefix: its databases belong to the roles `<prefix>_owner`, `<prefix>_app` and `<prefix>_reader`.
    durable: False only for tests: fast, and what it holds may be lost with the machine.
    program_folder: other programs than those of the package.
    """

    home: Path
    prefix: str = "schoolbook"
    durable: bool = True
    program_folder: Path | None = None
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list, init=False, repr=False)

    @property
    def data(self) -> Path:
        """The folder of the cluster."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "postgres.log"

    @property
    def sockets(self) -> Path:
        """The private folder of its socket."""
        return socket_folder(self.home)

    @cached_property
    def _programs(self) -> Path:
        return self.program_folder or programs()[0]

    @property
    def psql(self) -> Path:
        """The client program that fits the server."""
        return self._programs / "psql"

    # Start and stop ------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Make the cluster if it is not there, end what an earlier run left, start, and wait until it answers."""
        account = server_account()
        make_home(self.home, account)
        self.end_leftovers()
        if not self.data.exists():
            self._initialise()
        self._check_version()
        make_private(self.sockets, account)
        # No server is left, so these files are stale; the numbers in them may by now be those of other processes.
        for stale in (self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)
        already_said = self.log.stat().st_size if self.log.exists() else 0
        self._running.append(
            spawn(
                [self._programs / "postgres", "-D", self.data, *self._settings()],
                log=self.log,
                folder=self.data,
                environment=CLEAN_ENVIRONMENT,
                account=account,
                on_parent_death=signal.SIGINT,
            )
        )
        self._wait(already_said)

    def stop(self) -> None:
        """Stop the server that `start` started; everything is on disk afterwards."""
        while self._running:
            stop([self._running.pop()], *STOP)

    def pid(self) -> int | None:
        """The server's process, or None when it has ended."""
        return next((server.pid for server in self._running if server.poll() is None), None)

    def end_leftovers(self) -> None:
        """End the servers of a run that was killed; whoever calls this knows that no other run uses this home."""
        end(in_folder("postgres", self.data), *STOP)

    def _settings(self) -> list[str]:
        # The setting is a list of folders: a name with commas or spaces stands in quotes.
        folder = str(self.sockets).replace('"', '""')
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{folder}"',
            "unix_socket_permissions": "0700",
            "log_line_prefix": "%m [%p] %u@%d ",
        } | ({} if self.durable else HASTY)
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _initialise(self) -> None:
        """Make a new cluster beside its place and move it there: a half-made one is never taken for a whole one."""
        account = server_account()
        unfinished, password_file = self.home / "postgres.new", self.home / "password"
        shutil.rmtree(unfinished, ignore_errors=True)
        make_private(unfinished, account)
        try:
            _write_private(password_file, self._password(SUPERUSER))
            if account:
                os.chown(password_file, account.uid, account.gid)
            command: list[str | Path] = [self._programs / "initdb", "-D", unfinished]
            command += ["--username", SUPERUSER]
            command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            command += ["--encoding=UTF8", "--auth=scram-sha-256", f"--pwfile={password_file}"]
            command += ["--data-checksums", *([] if self.durable else ["--no-sync"])]
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                cwd=unfinished,
                env=CLEAN_ENVIRONMENT,
                **as_account(account),
            )
            if done.returncode:
                raise explain("PostgreSQL", done.stderr + done.stdout, self.home)
            unfinished.rename(self.data)
        except OSError as error:
            raise explain("PostgreSQL", str(error), self.home) from error
        finally:
            password_file.unlink(missing_ok=True)
            shutil.rmtree(unfinished, ignore_errors=True)

    def _check_version(self) -> None:
        ours = subprocess.run(
            [self._programs / "postgres", "--version"], capture_output=True, text=True, check=False
        )
        if ours.returncode:
            raise explain("PostgreSQL", ours.stderr, self.home)
        major = ours.stdout.split()[-1].partition(".")[0]
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != major:
            raise EmbeddedError(
                f"{self.data} was made by PostgreSQL {made_by} and this is PostgreSQL {major}:"
                " start over with `make demo-reset`, or install the packages of then."
            )

    def _wait(self, already_said: int) -> None:
        server = self._running[-1]
        ready = wait_until(lambda: self._ready() or server.poll() is not None, START_SECONDS)
        if ready and server.poll() is None:
            return
        self.stop()
        said = self.log.read_bytes()[already_said:].decode("utf-8", "replace")
        raise explain("PostgreSQL", said, self.home)

    def _ready(self) -> bool:
        # The last line of this file is what `pg_ctl` waits for, too.
        try:
            return (self.data / "postmaster.pid").read_text().rstrip().endswith("\nready")
        except OSError:
            return False

    # Passwords and addresses -----------------------------------------------------------------------

    def _password(self, role: str) -> str:
        """The password of a role; the first time it is made up, and kept in a file only its owner reads."""
        path = self.home / "passwords.json"
        passwords: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if role not in passwords:
            if role == SUPERUSER and self.data.exists():
                raise EmbeddedError(
                    f"{path} is missing, so nobody can sign in to the demo's database:"
                    " put it back, or start over with `make demo-reset`."
                )
            passwords[role] = secrets.token_urlsafe(24)
            _write_private(path, json.dumps(passwords))
        return passwords[role]

    def url(self, role: Role, database: str) -> str:
        """The address of a database for one of its three roles, as DATABASE_URL wants it."""
        return self._url(f"{self.prefix}_{role}", database)

    def superuser_url(self, database: str = "postgres") -> str:
        """The address for the superuser: for making databases, and for nothing the product does."""
        return self._url(SUPERUSER, database)

    def _url(self, user: str, database: str) -> str:
        sign_in = f"{quote(user, safe='')}:{quote(self._password(user), safe='')}"
        host = quote(str(self.sockets), safe="")
        return f"postgres://{sign_in}@/{quote(database, safe='')}?host={host}"

    # Databases -----------------------------------------------------------------------------------

    def create_database(self, name: str) -> None:
        """Make a database and its three roles, as in production; one that is there stays as it is."""
        passwords = {role: self._password(f"{self.prefix}_{role}") for role in ROLES}
        create_roles(self.psql, self.superuser_url(), self.prefix, name, passwords)

    def clone_database(self, template: str, name: str) -> None:
        """Copy a database nobody is connected to, with its roles and rights; takes about a tenth of a second."""
        # The strategies WAL_LOG (PostgreSQL's own choice) and FILE_COPY were measured: equally fast here.
        owner, app, reader = (sql.Identifier(f"{self.prefix}_{role}") for role in ROLES)
        copy, source = sql.Identifier(name), sql.Identifier(template)
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(copy, source, owner),
            # Rights on the database itself are not copied, unlike those on what is in it.
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(copy),
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(copy, app, reader),
        )

    def drop_database(self, name: str) -> None:
        """Remove a database if it is there, ending the sessions in it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, *statements: sql.Composed) -> None:
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def create_roles(
    psql: Path, url: str, prefix: str, database: str, passwords: dict[Role, str]
) -> None:
    """Run deploy/postgres/create-roles.sql as the role of `url`, which may create roles and databases."""
    connection = conninfo_to_dict(url)
    # Command lines can be read by everybody on the machine, environments cannot: every password goes there.
    secret = {f"SCHOOLBOOK_{role.upper()}_PASSWORD": passwords[role] for role in ROLES}
    secret["PGPASSWORD"] = str(connection.pop("password", ""))
    command = [str(psql), "--no-psqlrc", "--quiet", "--no-password", "--tuples-only"]
    command += [f"--variable=prefix={prefix}", f"--variable=database={database}"]
    command += [f"--file={CREATE_ROLES}", make_conninfo("", **connection)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=CLEAN_ENVIRONMENT | secret
    )
    if done.returncode:
        reason = (done.stderr + done.stdout).strip().splitlines() or ["no reason given"]
        raise EmbeddedError(
            f"The database {database} and its roles could not be made ({reason[0]}):"
            " see deploy/postgres/create-roles.sql for what it needs."
        )


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    unfinished.replace(path)
