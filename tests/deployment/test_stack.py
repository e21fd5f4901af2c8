"""The services run by the very commands of docker-compose.yml, against a real PostgreSQL and Valkey."""

from __future__ import annotations

import http.client
import json
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from celery import Celery
from redis.backoff import NoBackoff
from redis.retry import Retry

from schoolbook.beat import Scheduler

from .files import ROOT, services
from .stack import Stack, free_port

HOST = "so.example.edu.vn"
# Everything that needs the one running stack goes to the same worker.
pytestmark = pytest.mark.xdist_group("deployment")


def connect(
    stack: Stack, role: str, password: str | None = None
) -> psycopg.Connection[tuple[object, ...]]:
    """Sign in as another container would: by TCP, with the password of the secret."""
    return psycopg.connect(
        host="127.0.0.1",
        port=stack.ports["db"],
        user=f"schoolbook_{role}",
        password=password or (stack.home / "secrets" / f"{role}_password").read_text(),
        dbname="schoolbook",
        autocommit=True,
    )


def get(
    stack: Stack, path: str, *, host: str = HOST, scheme: str = "https"
) -> tuple[int, dict[str, str], str]:
    """Ask the web as the reverse proxy does."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.ports["web"], timeout=10)
    try:
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": scheme})
        response = connection.getresponse()
        body = response.read().decode("utf-8", "replace")
        return response.status, dict(response.getheaders()), body
    finally:
        connection.close()


def contents(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def started(stack: Stack) -> Iterator[Stack]:
    """Web, worker and beat, started together and each asked until it is well."""
    before = contents(stack.image)
    for service in ("web", "worker", "beat"):
        stack.start(service)
    for service in ("web", "worker", "beat"):
        assert stack.becomes_healthy(service), stack.log(service)
    yield stack
    # Told to stop they end by themselves, in time; a root file system that is read-only would have refused a change.
    assert {service: stack.stop(service) for service in ("web", "worker", "beat")} == {
        "web": 0,
        "worker": 0,
        "beat": 0,
    }
    assert contents(stack.image) == before


class TestDatabase:
    def test_is_asked_by_its_health_check(self, stack: Stack) -> None:
        assert stack.health("db").returncode == 0

    def test_health_check_sees_a_server_that_is_not_there(self, stack: Stack) -> None:
        command = services()["db"]["healthcheck"]["test"][1:]
        nobody = Stack(stack.home, stack.image, {**stack.ports, "db": 1})
        nobody.tools = stack.tools
        assert nobody.run("db", *command).returncode != 0

    @pytest.mark.parametrize("role", ["owner", "app", "reader"])
    def test_three_roles_sign_in_with_their_secret_and_nothing_else(
        self, stack: Stack, role: str
    ) -> None:
        with connect(stack, role) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (f"schoolbook_{role}",)
            row = connection.execute(
                "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
                " FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert row == (False,) * 5
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(stack, role, "x" * 64)

    def test_the_app_cannot_rewrite_history(self, stack: Stack) -> None:
        with connect(stack, "owner") as owner:
            tables = [
                str(name)
                for (name,) in owner.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                    " AND tablename LIKE '%historical%'"
                )
            ]
        assert tables
        with connect(stack, "app") as app:
            for table in tables:
                for act in ("UPDATE", "DELETE", "TRUNCATE"):
                    row = app.execute("SELECT has_table_privilege(%s, %s)", [table, act]).fetchone()
                    assert row == (False,), (table, act)

    def test_is_made_as_the_compose_file_asks(self, stack: Stack) -> None:
        with connect(stack, "reader") as reader:
            row = reader.execute(
                "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding),"
                " current_setting('data_checksums') FROM pg_database WHERE datname = 'schoolbook'"
            ).fetchone()
            assert row == ("b", "C.UTF-8", "UTF8", "on")
            rows = reader.execute("SELECT name FROM pg_settings WHERE source = 'command line'")
            given = {name for (name,) in rows}
        asked = [part for part in services()["db"]["command"] if "=" in part]
        assert {option.partition("=")[0] for option in asked} <= given

    def test_signs_nobody_in_without_a_password(self, stack: Stack) -> None:
        lines = [
            line.split()
            for line in (stack.home / "postgres/18/pg_hba.conf").read_text().splitlines()
            if line and not line.startswith("#")
        ]
        assert {(line[0], line[-1]) for line in lines} == {
            ("local", "peer"),
            ("host", "scram-sha-256"),
        }

    def test_keeps_a_pupil_out_of_its_log(self, stack: Stack) -> None:
        with connect(stack, "owner") as owner:
            owner.execute("CREATE TEMP TABLE pupil (name text UNIQUE)")
            with pytest.raises(psycopg.errors.UniqueViolation):
                owner.execute("INSERT INTO pupil VALUES ('Hoàng Hôn'), ('Hoàng Hôn')")
        assert "duplicate key" in stack.log("db")
        assert "Hoàng Hôn" not in stack.log("db")

    def test_the_init_script_run_again_changes_a_password(self, stack: Stack) -> None:
        """docs/operations.md, rotating the passwords."""
        secret = stack.home / "secrets" / "reader_password"
        old = secret.read_text()
        secret.unlink()
        secret.write_text("another-password-of-the-reader")
        try:
            done = stack.run("db", "sh", "/usr/local/share/schoolbook/postgres/create-roles.sh")
            assert (done.returncode, done.stderr) == (0, "")
            connect(stack, "reader").close()
            with pytest.raises(psycopg.OperationalError):
                connect(stack, "reader", old)
            assert old not in stack.log("db") + done.stdout
        finally:
            secret.write_text(old)
            assert (
                stack.run(
                    "db", "sh", "/usr/local/share/schoolbook/postgres/create-roles.sh"
                ).returncode
                == 0
            )

    def test_a_dump_comes_back_with_its_owner_and_its_rights(self, stack: Stack) -> None:
        """docs/operations.md, backup and restore."""
        dump, script = str(stack.home / "postgres" / "dump"), "/usr/local/share/schoolbook/postgres"
        rights = (
            "SELECT relname, relowner::regrole, relacl::text FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
        )
        said = []
        for command in (
            ["pg_dump", "--format=custom", f"--file={dump}", "schoolbook"],
            ["env", "SCHOOLBOOK_DATABASE=restored", "sh", f"{script}/create-roles.sh"],
            ["pg_restore", "--exit-on-error", "--dbname=restored", dump],
            ["psql", "--dbname=schoolbook", "--tuples-only", "--command", rights],
            ["psql", "--dbname=restored", "--tuples-only", "--command", rights],
        ):
            done = stack.run("db", *command)
            assert done.returncode == 0, done.stderr
            said.append(done.stdout)
        assert "schoolbook_app" in said[-1]
        assert said[-1] == said[-2]

    def test_passwords_are_in_no_command_line(self, stack: Stack) -> None:
        secrets = [path.read_text() for path in (stack.home / "secrets").iterdir()]
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    line = (entry / "cmdline").read_text(errors="replace")
                except OSError:  # ended
                    continue
                assert not any(secret in line for secret in secrets), line


class TestQueue:
    @staticmethod
    def client(stack: Stack, password: str | None) -> redis.Redis:
        return redis.Redis(
            "127.0.0.1", stack.ports["redis"], password=password, retry=Retry(NoBackoff(), 0)
        )

    def test_is_asked_by_its_health_check(self, stack: Stack) -> None:
        assert stack.health("redis").returncode == 0

    def test_health_check_uses_the_password(self, stack: Stack, tmp_path: Path) -> None:
        (tmp_path / "wrong").write_text("x" * 64)
        command = services()["redis"]["healthcheck"]["test"][1:]
        done = stack.run("redis", "env", f"REDIS_PASSWORD_FILE={tmp_path / 'wrong'}", *command)
        assert done.returncode != 0

    def test_answers_nobody_without_the_password(self, stack: Stack) -> None:
        with pytest.raises(redis.AuthenticationError):
            self.client(stack, None).ping()

    def test_works_for_the_product_but_cannot_be_reconfigured_by_it(self, stack: Stack) -> None:
        client = self.client(stack, (stack.home / "secrets/redis_password").read_text())
        client.lpush("deployment-test", "1")
        assert client.brpop(["deployment-test"], timeout=1) == (b"deployment-test", b"1")
        for command in ("CONFIG GET dir", "SHUTDOWN", "FLUSHALL", "MODULE LIST", "ACL LIST"):
            with pytest.raises(redis.exceptions.NoPermissionError):
                client.execute_command(*command.split())

    def test_refuses_when_full_and_keeps_nothing_on_disk(self, stack: Stack) -> None:
        client = self.client(stack, (stack.home / "secrets/redis_password").read_text())
        memory = client.info("memory")
        persistence = client.info("persistence")
        assert memory["maxmemory_policy"] == "noeviction"
        assert 0 < memory["maxmemory"] <= 0.75 * 192 * 1024**2  # the container has 192 MB
        assert persistence["aof_enabled"] == 0
        assert [path.name for path in (stack.home / "redis").iterdir()] == ["redis.conf"]
        assert stat.S_IMODE((stack.home / "redis" / "redis.conf").stat().st_mode) == 0o600


class TestWeb:
    def test_is_alive_and_ready(self, started: Stack) -> None:
        for path in ("/health/", "/ready/"):
            status, _, body = get(started, path)
            assert status == 200, (path, body)

    def test_serves_a_page_in_vietnamese_and_its_static_files(self, started: Stack) -> None:
        status, headers, page = get(started, "/")
        assert status == 302
        status, headers, page = get(started, headers["Location"])
        assert status == 200
        assert '<html lang="vi"' in page
        assert "unsafe" not in headers["Content-Security-Policy"]
        style = page.split('<link rel="stylesheet" href="', 1)[1].split('"')[0]
        status, headers, _ = get(started, style)
        assert status == 200
        assert "immutable" in headers["Cache-Control"]

    def test_asks_for_tls_and_believes_the_proxy_that_has_done_it(self, started: Stack) -> None:
        status, headers, _ = get(started, "/", scheme="http")
        assert (status, headers["Location"]) == (301, f"https://{HOST}/")
        assert "Strict-Transport-Security" in get(started, "/")[1]

    def test_answers_under_no_other_name(self, started: Stack) -> None:
        assert get(started, "/", host="elsewhere.example")[0] == 400

    def test_deploy_check_has_nothing_to_say(self, started: Stack) -> None:
        done = started.run(
            "web", "python", "manage.py", "check", "--deploy", "--fail-level", "INFO"
        )
        assert done.returncode == 0, done.stderr

    def test_health_check_sees_a_web_that_is_gone(self, started: Stack) -> None:
        command = services()["web"]["healthcheck"]["test"][1:]
        done = started.run("web", "env", "WEB_BIND=127.0.0.1:1", *command)
        assert done.returncode == 1
        assert "does not answer" in done.stderr

    def test_health_check_takes_only_200_for_well(self, started: Stack) -> None:
        """Another host name is refused by every page but the probes, so /health/ must not depend on it."""
        script = (
            (ROOT / "deploy" / "healthcheck.py").read_text().replace('"/health/"', '"/nowhere/"')
        )
        done = started.run("web", "python", "-c", script, "web")
        assert done.returncode == 1
        assert "answers" in done.stderr

    def test_runs_as_many_processes_as_told(self, started: Stack) -> None:
        master = started.running["web"].pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        assert len(children) == int(services()["web"]["environment"]["WEB_WORKERS"])

    def test_logs_json_without_addresses_of_pages(self, started: Stack) -> None:
        get(started, "/?q=Hoang-Hon")
        lines = [line for line in started.log("web").splitlines() if line.startswith("{")]
        assert any(json.loads(line)["event"] == "request" for line in lines)
        assert "Hoang-Hon" not in started.log("web")


class TestWorker:
    def test_health_check_answers_for_this_worker_only(
        self, started: Stack, tmp_path: Path
    ) -> None:
        assert started.health("worker").returncode == 0
        script = (ROOT / "deploy" / "healthcheck.py").read_text()
        (tmp_path / "healthcheck.py").write_text(
            script.replace("worker@{socket", "nobody@{socket").replace("timeout=10", "timeout=1")
        )
        command = ["python", tmp_path / "healthcheck.py", "worker"]
        done = started.run("worker", "env", f"PYTHONPATH={started.image}", *map(str, command))
        assert done.returncode == 1
        assert "nobody@" in done.stderr

    def test_health_check_sees_a_queue_that_is_gone(self, started: Stack) -> None:
        command = services()["worker"]["healthcheck"]["test"][1:]
        done = started.run("worker", "env", "REDIS_URL=redis://127.0.0.1:1/0", *command)
        assert done.returncode == 1
        assert "the queue does not answer" in done.stderr


class TestBeat:
    def test_health_check_sees_a_beat_that_is_silent(self, started: Stack) -> None:
        path = services()["beat"]["healthcheck"]["test"][-1]
        assert started.health("beat").returncode == 0
        written = [Path(started.here(path)), *(started.home / "app-run").iterdir()]
        long_ago = time.time() - 3600
        times = {file: file.stat() for file in written if file.exists()}
        for file in times:
            os.utime(file, (long_ago, long_ago))
        try:
            done = started.health("beat")
            assert done.returncode == 1
            assert "written nothing" in done.stderr
        finally:
            for file, was in times.items():
                os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))

    def test_health_check_sees_a_beat_that_never_wrote(self, started: Stack) -> None:
        *command, path = services()["beat"]["healthcheck"]["test"][1:]
        done = started.run("beat", *command, path + "-of-nobody")
        assert done.returncode == 1
        assert "has not written" in done.stderr


def test_beat_writes_its_file_whenever_it_is_due(image: Path, tmp_path: Path) -> None:
    """The health check lives on it: an unchanged file must get a new time, too."""
    app = Celery("test", broker="memory://")
    scheduler = Scheduler(app, schedule_filename=str(tmp_path / "schedule"))
    files = list(tmp_path.iterdir())
    assert files
    for file in files:
        os.utime(file, (0, 0))
    scheduler.sync()
    assert max(file.stat().st_mtime for file in files) > time.time() - 60
    # What healthcheck.py allows is more than what beat may take: its own rhythm and one sleep.
    interval = next(
        int(part.partition("=")[2])
        for part in services()["beat"]["command"]
        if "max-interval" in part
    )
    allowed = (
        (ROOT / "deploy" / "healthcheck.py").read_text().split("BEAT_SILENT_FOR = ")[1].split()[0]
    )
    assert Scheduler.sync_every + interval < int(allowed)
    scheduler.close()


def test_the_web_does_not_start_with_a_setting_that_is_refused(stack: Stack) -> None:
    """Which ones are, tests/schoolbook/test_settings.py says; here that the container ends and tells why."""
    elsewhere = f"WEB_BIND=127.0.0.1:{free_port()}"
    done = stack.run("web", "env", elsewhere, "DEBUG=true", *services()["web"]["command"])
    assert done.returncode != 0
    assert "DEBUG" in done.stdout + done.stderr


def psql(stack: Stack, sql: str) -> None:
    """Run SQL as the superuser, who signs in by the socket."""
    done = stack.run("db", "psql", "--dbname=postgres", "--quiet", "--command", sql)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_nothing_starts_where_marks_may_be_lost(stack: Stack, service: str) -> None:
    psql(stack, "ALTER ROLE schoolbook_app SET synchronous_commit = off")
    try:
        elsewhere = f"WEB_BIND=127.0.0.1:{free_port()}"
        done = stack.run(service, "env", elsewhere, *services()[service]["command"])
        assert done.returncode != 0
        assert "synchronous_commit" in done.stdout + done.stderr
    finally:
        psql(stack, "ALTER ROLE schoolbook_app RESET synchronous_commit")


def test_the_database_cannot_be_told_to_lose_marks(stack: Stack) -> None:
    """What the compose file gives on the command line outweighs what a superuser writes into the configuration."""
    try:
        for setting in ("fsync", "full_page_writes"):
            psql(stack, f"ALTER SYSTEM SET {setting} = off")
        psql(stack, "SELECT pg_reload_conf()")
        with connect(stack, "reader") as reader:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                assert reader.execute(f"SHOW {setting}").fetchone() == ("on",)
    finally:
        psql(stack, "ALTER SYSTEM RESET ALL")
