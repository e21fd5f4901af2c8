"""`make demo`: one life of it in a copy of the checkout, and what it says when it cannot be had."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from schoolbook.embedded import Postgres
from schoolbook.embedded.places import CHECKOUT, home, store
from schoolbook.embedded.processes import in_folder, marked, wait_until
from scripts.demo import MARK, Address, table
from scripts.demo_database import DemoError, forget_database, prepare_database

CODE = (
    "schoolbook",
    "gradebook",
    "records",
    "approvals",
    "archive",
    "scripts",
    "deploy",
    "templates",
    "static",
    "locale",
)
INSTALLED = (".venv", "node_modules", "staticfiles")
PATIENCE = 60
SMALLEST = "gdtxbsx"  # one school is enough here


class Copy:
    """A copy of the checkout with a demo of its own: the one of the person who runs the tests is left alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        for name in CODE:
            if (CHECKOUT / name).exists():
                skip = shutil.ignore_patterns("__pycache__")
                shutil.copytree(CHECKOUT / name, folder / name, ignore=skip)
        shutil.copy(CHECKOUT / "manage.py", folder)
        for name in INSTALLED:
            (folder / name).symlink_to(CHECKOUT / name)

    def start(self, **environment: str) -> subprocess.Popen[str]:
        """Start a demo, in a process group of its own as in a terminal."""
        unset = {"DATABASE_URL", "REDIS_URL", "HOST", MARK}
        inherited = {name: value for name, value in os.environ.items() if name not in unset}
        return subprocess.Popen(
            [sys.executable, "-m", "scripts.demo"],
            cwd=self.folder,
            env=inherited | {"PORT": str(self.port), "DEMO_SCHOOLS": SMALLEST} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
        )

    def serving(self) -> bool:
        """Tell whether the site says that it is ready."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/ready/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def wait_until_announced(self, demo: subprocess.Popen[str]) -> str:
        """Read what it prints until it says how to stop it."""
        assert demo.stdout
        printed = ""
        for line in demo.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        assert self.serving(), printed
        return printed

    def left(self) -> list[object]:
        """Every process of it that runs."""
        folder = home("demo", self.folder)
        return [
            *marked(MARK, str(self.folder / "var" / "demo")),
            *in_folder("postgres", folder / "postgres"),
            *in_folder("valkey-server", folder / "valkey"),
        ]

    def accounts(self) -> list[dict[str, str]]:
        """The accounts it wrote down."""
        told: list[dict[str, str]] = json.loads(
            (self.folder / "var/demo/accounts.json").read_text()
        )
        return told

    def remove(self) -> None:
        """Take away its data, which as root lie elsewhere."""
        subprocess.run(
            [sys.executable, "-m", "scripts.demo", "--clean"],
            cwd=self.folder,
            check=True,
            capture_output=True,
        )
        assert not (self.folder / "var" / "demo").exists()
        assert os.geteuid() != 0 or not store(self.folder).exists()


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    made = Copy(tmp_path)
    yield made
    made.remove()


def end(demo: subprocess.Popen[str], number: signal.Signals) -> str:
    """Send the signal to it alone, and return the rest of what it says."""
    demo.send_signal(number)
    return demo.communicate(timeout=PATIENCE)[0]


def test_a_life_of_the_demo(copy: Copy) -> None:
    """Start, be alone, stop, start where it was left, be killed, start again, lose a process."""
    with copy.start() as demo:
        printed = copy.wait_until_announced(demo)
        first = copy.accounts()
        assert f"http://127.0.0.1:{copy.port}/" in printed
        assert all(
            account["username"] in printed and account["password"] in printed for account in first
        )
        with copy.start(PORT="1") as second:
            refusal = second.communicate(timeout=PATIENCE)[0]
            assert re.fullmatch(
                r"demo: The demo of this checkout runs already \(.*\): stop that one first\.\n",
                refusal,
            )
            assert second.returncode == 1
        rest = end(demo, signal.SIGINT)
        assert demo.returncode == 0, rest
        assert "Traceback" not in rest
        assert not copy.left()
    with copy.start() as demo:
        copy.wait_until_announced(demo)
        assert copy.accounts() == first
        demo.kill()
    with copy.start() as demo:
        copy.wait_until_announced(demo)
        assert copy.accounts() == first
        worker = next(
            found for found in marked(MARK, str(copy.folder / "var/demo")) if is_worker(found.pid)
        )
        os.kill(worker.pid, signal.SIGKILL)
        rest = demo.communicate(timeout=PATIENCE)[0]
        assert demo.returncode == 1
        assert "demo: worker ended by itself (code -9); its last lines:" in rest
        assert wait_until(lambda: not copy.left(), PATIENCE)


def is_worker(pid: int) -> bool:
    """Tell the Celery worker from its children: its parent is no worker."""

    def named(number: int) -> bool:
        with contextlib.suppress(OSError):
            return b"worker" in Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        return False

    parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return named(pid) and not named(parent)


# What people are told ------------------------------------------------------------------------------


def test_a_port_in_use_is_named_before_anything_starts(copy: Copy) -> None:
    with socket.create_server(("127.0.0.1", copy.port)), copy.start() as demo:
        said = demo.communicate(timeout=PATIENCE)[0]
    assert demo.returncode == 1
    advice = f"choose another port with `make demo PORT={copy.port + 1}`."
    assert (
        said == f"demo: 127.0.0.1:{copy.port} cannot be used (Address already in use): {advice}\n"
    )
    assert not (home("demo", copy.folder) / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "65536", "eight", "-1", "٨٠"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    with pytest.raises(DemoError, match="give a number from 1 to 65535"):
        Address.chosen({"PORT": port})


def test_without_a_choice_only_this_machine_is_served() -> None:
    address = Address.chosen({"HOST": "", "PORT": ""})
    assert address.bind == "127.0.0.1:8000"
    assert address.names() == ["localhost", "127.0.0.1", "[::1]"]


def test_served_to_everybody_the_names_of_this_machine_are_allowed() -> None:
    address = Address.chosen({"HOST": "0.0.0.0"})  # noqa: S104
    assert socket.gethostname() in address.names()
    assert address.url == "http://127.0.0.1:8000/"


def test_a_host_that_is_unknown_is_named() -> None:
    with pytest.raises(DemoError, match=r"HOST is 'no\.such\.host\.invalid'"):
        Address("no.such.host.invalid", 8000).check()


def test_accounts_stand_under_their_school() -> None:
    accounts = [
        {"username": "anh", "password": "một", "label": "Ánh", "school": "Trường A"},
        {"username": "binh", "password": "hai", "label": "Bình", "school": "Trường A"},
        {"username": "chi", "password": "ba", "label": "Chi", "school": "Trường B"},
    ]
    assert [line.split()[0] for line in table(accounts).splitlines()] == [
        "Tên",
        "—",
        "anh",
        "binh",
        "—",
        "chi",
    ]
    assert "no demo accounts" in table([])


# Somebody's own PostgreSQL -------------------------------------------------------------------------


def external(server: Postgres, database: str, rights: str = "CREATEROLE") -> str:
    """A database whose owner may do what `rights` say; its address for that owner."""
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        connection.execute(
            f"CREATE ROLE {database}_admin LOGIN {rights} PASSWORD 'một hai'".encode()
        )
        connection.execute(f"CREATE DATABASE {database} OWNER {database}_admin".encode())
    url = server.superuser_url(database)
    return re.sub("//[^@]*@", f"//{database}_admin:m%E1%BB%99t%20hai@", url)


def test_the_roles_are_made_on_a_server_that_was_named(server: Postgres, tmp_path: Path) -> None:
    given = external(server, "given")
    first = prepare_database(given, tmp_path)
    assert prepare_database(given, tmp_path) == first  # The second start finds its own roles.
    with psycopg.connect(first["owner"]) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("CREATE EXTENSION btree_gist")
    for role in ("app", "reader"):
        with psycopg.connect(first[role]) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (f"given_{role}",)
    assert (tmp_path / "roles.json").stat().st_mode & 0o077 == 0
    with pytest.raises(DemoError, match="drop that database and its three roles"):
        forget_database(tmp_path)


def test_roles_of_somebody_else_are_left_alone(server: Postgres, tmp_path: Path) -> None:
    given = external(server, "foreign_made")
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE foreign_made_app")
    with pytest.raises(
        DemoError, match="foreign_made_app exist already and were not made by this demo"
    ):
        prepare_database(given, tmp_path)
    assert not (tmp_path / "roles.json").exists()


def test_a_role_that_may_not_make_roles_is_named(server: Postgres, tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="must own its database and be allowed to make roles"):
        prepare_database(external(server, "powerless", "NOCREATEROLE"), tmp_path)


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match=r"DATABASE_URL cannot be used .* unset it"):
        prepare_database("postgres://a:b@127.0.0.1:1/school", tmp_path)
