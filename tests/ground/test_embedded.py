"""The embedded servers: who runs them, who may sign in, what happens after a crash, and what people are told."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis
from kombu import Connection

from schoolbook.embedded import EmbeddedError, Postgres, Valkey, home, places, throwaway_home
from schoolbook.embedded.errors import explain
from schoolbook.embedded.places import CHECKOUT, SERVER_USER, programs, server_account
from schoolbook.embedded.processes import hold, in_folder, wait_until

ROOT = os.geteuid() == 0
# As root the servers are run by their own user; what an ordinary user does is tried as that user, too.
USERS = ["", SERVER_USER] if ROOT else [""]


def test_who_runs_this() -> None:
    """As an ordinary user no account is made and everything stays in the checkout; as root nothing does."""
    account = server_account()
    if ROOT:
        assert account is not None
        assert account.uid != 0
        assert home("demo").is_relative_to("/var/lib")
    else:
        assert account is None
        assert home("demo") == CHECKOUT / "var" / "demo"


# A life --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", USERS)
def test_a_server_asks_for_passwords_and_keeps_its_data(ground: Path, user: str) -> None:
    folder = ground / f"life-{user}"
    account = server_account()
    places.make_home(folder, account)
    if user and account:
        os.chown(folder, account.uid, account.gid)
    command = [sys.executable, "-m", "tests.ground.journey", str(folder), *([user] if user else [])]
    told = subprocess.run(command, capture_output=True, text=True, check=False, cwd=CHECKOUT)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == {
        "runs_as": account.uid if account else os.geteuid(),
        "wrong_password_refused": True,
        "no_password_refused": True,
        "kept": "Nguyễn",
        "restarted": True,
        "ended": True,
    }


def test_the_demo_survives_a_power_cut_and_listens_to_no_network(place: Path) -> None:
    with Postgres(place, durable=False):
        pass  # Made in haste, served with care: only the making may skip the waiting for the disk.
    expected = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "listen_addresses": "",
    }
    with Postgres(place) as server, psycopg.connect(server.superuser_url()) as connection:
        found = {name: connection.execute(f"SHOW {name}".encode()).fetchone() for name in expected}
    assert found == {name: (value,) for name, value in expected.items()}


def test_no_folder_that_was_there_changes(place: Path) -> None:
    watched = {
        path
        for start in (CHECKOUT, Path(sys.prefix), place, Path(psycopg.__file__))
        for path in (start, *start.parents)
        if path.exists()
    }
    watched.update(path for path in programs()[0].parents if path.exists())

    def state() -> dict[Path, tuple[int, int, int]]:
        return {
            path: (path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in watched
        }

    before = state()
    with Postgres(place, durable=False), Valkey(place, durable=False):
        assert state() == before
    assert state() == before


def test_what_is_secret_is_private(server: Postgres) -> None:
    assert stat.S_IMODE((server.home / "passwords.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert not (server.home / "password").exists()


# Crashes -------------------------------------------------------------------------------------------


def test_after_a_kill_the_server_starts_again(place: Path) -> None:
    server = Postgres(place, durable=False)
    with server:
        killed = server.pid()
        assert killed
        os.kill(killed, signal.SIGKILL)
        assert wait_until(lambda: server.pid() is None, 10)
        assert (server.data / "postmaster.pid").exists()
    # The number in the file is now that of a living process, as after a reboot.
    pid_file = server.data / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(killed), str(os.getppid()), 1))
    with server:
        psycopg.connect(server.superuser_url()).close()


def test_a_server_ends_with_the_process_that_started_it(place: Path) -> None:
    program = (
        "import sys, pathlib; from schoolbook.embedded import Postgres, Valkey; home = pathlib.Path(sys.argv[1]);"
        "Postgres(home, durable=False).start(); Valkey(home).start(); print('up', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=CHECKOUT,
    ) as starter:
        assert starter.stdout
        assert starter.stdout.readline() == b"up\n"
        postgres, valkey = Postgres(place), Valkey(place)
        assert in_folder("postgres", postgres.data)
        assert in_folder("valkey-server", valkey.data)
        starter.kill()
    assert wait_until(lambda: not in_folder("postgres", postgres.data), 15)
    assert wait_until(lambda: not in_folder("valkey-server", valkey.data), 15)


def test_a_server_that_was_left_is_ended_before_the_next_start(place: Path) -> None:
    left, left_valkey = Postgres(place, durable=False), Valkey(place)
    left.start()
    left_valkey.start()
    with Postgres(place, durable=False) as server, Valkey(place) as valkey:
        assert left.pid() is None
        assert left_valkey.pid() is None
        assert server.pid()
        assert valkey.pid()
    left.stop()
    left_valkey.stop()


def test_a_half_made_cluster_is_not_taken_for_a_whole_one(place: Path) -> None:
    places.make_home(place, server_account())
    (place / "postgres.new").mkdir()
    (place / "postgres.new" / "PG_VERSION").write_text("18\n")
    with Postgres(place, durable=False) as server:
        psycopg.connect(server.superuser_url()).close()


def test_what_a_killed_test_run_left_is_removed_by_the_next() -> None:
    store = home("test")
    left = store / "0123456789abcdef"
    with throwaway_home() as running:
        places.make_home(left, server_account())
        left.with_suffix(".lock").touch()
        with throwaway_home():
            assert not left.exists()
            assert not left.with_suffix(".lock").exists()
            assert running.exists()
    assert not running.exists()


def test_a_lock_is_held_by_one_process_only(tmp_path: Path) -> None:
    first = hold(tmp_path / "lock")
    assert first
    assert hold(tmp_path / "lock") is None
    first.close()
    second = hold(tmp_path / "lock")
    assert second
    second.close()


# Long paths ----------------------------------------------------------------------------------------


def test_a_deep_path_gets_a_short_socket_folder(place: Path) -> None:
    deep = place / ("trường học " * 6).strip() / ("sổ điểm " * 8).strip()
    with Postgres(deep, durable=False) as server, Valkey(deep) as valkey:
        assert not server.sockets.is_relative_to(deep)
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
        psycopg.connect(server.superuser_url()).close()
        assert queue(valkey).ping()
    places.fallback_socket_folder(deep).rmdir()


def test_a_short_socket_folder_of_somebody_else_is_refused(place: Path) -> None:
    deep = place / ("x" * 100)
    foreign = places.fallback_socket_folder(deep)
    foreign.mkdir()
    try:
        foreign.chmod(0o777)
        with pytest.raises(EmbeddedError, match="not a private folder"), Postgres(deep):
            pass
    finally:
        foreign.rmdir()


# Roles and databases -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMPORARY TABLE hidden (id int)",
        "CREATE TABLE mine (id int)",
        "CREATE ROLE friend",
        "CREATE DATABASE mine",
        "CREATE SCHEMA mine",
        "SET ROLE school_owner",
    ],
)
@pytest.mark.parametrize("role", ["app", "reader"])
def test_app_and_reader_may_make_nothing(server: Postgres, role: str, statement: str) -> None:
    url = server.url(role, "school")  # type: ignore[arg-type]
    refusals = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)
    with psycopg.connect(url, autocommit=True) as connection:
        if statement.startswith("SET ROLE"):
            statement = statement.replace("school_owner", f"{server.prefix}_owner")
        with pytest.raises(refusals):
            connection.execute(statement.encode())


def test_the_reader_reads_only(server: Postgres) -> None:
    with psycopg.connect(server.url("owner", "school")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS read_me (id int)")
        connection.execute(f"GRANT ALL ON read_me TO {server.prefix}_reader".encode())
    with psycopg.connect(server.url("reader", "school"), autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM read_me").fetchone() == (0,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("INSERT INTO read_me VALUES (1)")


def test_a_clone_has_the_tables_and_the_rights_of_its_template(server: Postgres) -> None:
    server.create_database("template_school")
    with psycopg.connect(server.url("owner", "template_school")) as connection:
        connection.execute("CREATE TABLE word (text text)")
        connection.execute("INSERT INTO word VALUES ('một')")
        connection.execute(f"GRANT SELECT ON word TO {server.prefix}_app".encode())
    server.clone_database("template_school", "clone")
    with psycopg.connect(server.url("app", "clone")) as connection:
        assert connection.execute("SELECT text FROM word").fetchone() == ("một",)
        rights = "SELECT datacl::text, datdba FROM pg_database WHERE datname = %s"
        expected = connection.execute(rights, ["template_school"]).fetchone()
        assert connection.execute(rights, ["clone"]).fetchone() == expected
    with psycopg.connect(server.url("owner", "clone")):
        server.drop_database("clone")  # Somebody being in it is no hindrance.
    with psycopg.connect(server.superuser_url()) as connection:
        assert not connection.execute("SELECT FROM pg_database WHERE datname = 'clone'").fetchall()


def test_making_a_database_again_changes_nothing(server: Postgres) -> None:
    server.create_database("school")
    psycopg.connect(server.url("app", "school")).close()


# Valkey --------------------------------------------------------------------------------------------


def queue(valkey: Valkey) -> redis.Redis:
    return redis.Redis.from_url(valkey.url.replace("redis+socket://", "unix://"))


def test_the_queue_is_reached_by_celery_and_redis_and_keeps_messages(place: Path) -> None:
    folder = place / "sổ điểm"  # with a space and letters that addresses must escape
    with Valkey(folder) as valkey:
        with Connection(valkey.url) as connection:
            messages = connection.SimpleQueue("words")
            messages.put("một")
            messages.close()
        with queue(valkey) as client:
            assert client.config_get("port") == {"port": "0"}
            assert stat.S_IMODE(valkey.socket.stat().st_mode) == 0o700
    with Valkey(folder) as valkey, Connection(valkey.url) as connection:
        messages = connection.SimpleQueue("words")
        message = messages.get(block=False)
        assert message.payload == "một"
        message.ack()
        messages.close()


# What people are told ------------------------------------------------------------------------------


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Let the system refuse what would be larger, to this process and its children."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def test_a_full_disk_is_named(place: Path) -> None:
    with (
        files_no_larger_than(64_000),
        pytest.raises(EmbeddedError, match="is full: free at least 300 MB"),
    ):
        Postgres(place).start()
    assert not (place / "postgres").exists()
    assert not (place / "postgres.new").exists()
    with Postgres(place, durable=False) as server:  # There is room again.
        psycopg.connect(server.superuser_url()).close()


def test_a_missing_system_library_is_named(place: Path) -> None:
    # Away from its package, the program finds no libpq: as if the system had none.
    lonely = place / "programs"
    places.make_home(lonely, server_account())
    for name in ("initdb", "postgres"):
        shutil.copy(programs()[0] / name, lonely)
    with pytest.raises(EmbeddedError, match=r"needs the system library libpq\S+: install"):
        Postgres(place, program_folder=lonely).start()


def test_data_of_another_postgresql_are_named(place: Path) -> None:
    with Postgres(place, durable=False) as server:
        pass
    (server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(
        EmbeddedError, match=r"made by PostgreSQL 17 and this is PostgreSQL 18: start over"
    ):
        server.start()


def test_a_folder_that_cannot_be_made_is_named() -> None:
    for made in (Postgres(Path("/proc/nowhere/demo")), Valkey(Path("/proc/nowhere/demo"))):
        with pytest.raises(
            EmbeddedError, match=r"The folder /proc/nowhere cannot be made .* make room"
        ):
            made.start()


def test_a_folder_that_cannot_be_written_is_named(place: Path) -> None:
    with pytest.raises(EmbeddedError, match=r"PostgreSQL may not write in .*: give that folder"):
        raise explain("PostgreSQL", "could not create directory: Permission denied", place)


def test_lost_passwords_are_named(place: Path) -> None:
    with Postgres(place, durable=False) as server:
        (place / "passwords.json").unlink()
        with pytest.raises(EmbeddedError, match=r"nobody can sign in .* start over"):
            server.superuser_url()


def test_root_without_a_way_to_add_a_user_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "SERVER_USER", "nobody-of-this-name")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(EmbeddedError, match="start as an ordinary user"):
        server_account()


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "find_spec", lambda _: None)
    with pytest.raises(EmbeddedError, match="run `make setup`"):
        programs()
