"""A backup comes back into an empty place, every row and file of it, and verifies; what is not whole is refused."""

import io
import json
import os
import stat
import tarfile
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from schoolbook import pg_tools, tasks
from schoolbook.models import User
from schoolbook.pg_tools import Unusable
from schoolbook.rules import manifest
from schoolbook.services import backups, chain
from tests import servers
from tests.gradebook.book import place
from tests.gradebook.closing import lock, typed
from tests.schoolbook.test_settings import start
from tests.tampering import assert_clean

NAMES = ["giấy đề nghị.pdf", "2026/a.pdf", "2026/empty"]


@pytest.fixture
def files(tmp_path):
    root = tmp_path / "files"
    for number, name in enumerate(NAMES):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(number * 1000))
    (root / "elsewhere").symlink_to("/etc/hostname")
    with override_settings(MEDIA_ROOT=root):
        yield root


@pytest.fixture
def backup(committed, tmp_path, files):
    """A backup of a school with marks, a lock and gathered heads, made as the owner."""
    typed(place(), "8")
    typed(place(), "9", seen=1)
    lock()
    chain.gather_all(actor=User.objects.system())
    servers.use_database(committed.url("owner"))
    folder = tmp_path / "backups"
    call_command("backup", to=folder, stdout=StringIO())
    (made,) = folder.iterdir()
    return made


@pytest.fixture
def empty(committed):
    """An empty database as create-roles.sql makes it, and the owner signed in to it."""
    name = f"{committed.name}_empty"
    committed.postgres.drop_database(name)
    committed.postgres.create_database(name)
    yield lambda: servers.use_database(committed.postgres.url("owner", name))
    servers.use_database(committed.url("app"))
    committed.postgres.drop_database(name)


def everything():
    """Every row of every table, as text."""
    found = {}
    for table in [*backups.tables(), "django_migrations"]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")  # noqa: S608
            found[table] = cursor.fetchall()
    return found


def test_a_backup_comes_back_whole_and_verifies(backup, empty, files, tmp_path, committed):
    before = everything()
    assert len(before["gradebook_historicalmark"]) == 2
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    empty()
    out = StringIO()
    with override_settings(MEDIA_ROOT=tmp_path / "new"):
        call_command("restore", path=backup, stdout=out)
    assert everything() == before
    assert "songlam: proved up to head 1" in out.getvalue()
    assert f"{len(NAMES):>12} files" in out.getvalue()
    for name in NAMES:
        assert (tmp_path / "new" / name).read_bytes() == (files / name).read_bytes()
    assert not (tmp_path / "new" / "elsewhere").exists()
    servers.use_database(committed.postgres.url("app", f"{committed.name}_empty"))
    assert typed(place(term=2), "7").why is not None  # the lock came back
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM gradebook_historicalmark")
    chain.gather_all(actor=User.objects.system())
    assert_clean()


def test_nothing_is_restored_over_something(backup, empty, tmp_path):
    with (
        override_settings(MEDIA_ROOT=tmp_path / "new"),
        pytest.raises(CommandError, match="not empty"),
    ):
        call_command("restore", path=backup)
    empty()
    with pytest.raises(CommandError, match="not empty: give an empty folder"):
        call_command("restore", path=backup)


def contents(archive, member):
    file = archive.extractfile(member)
    assert file
    return file.read()


def rewritten(backup, target, change):
    """The backup with its parts changed, by a function of their dictionary."""
    with tarfile.open(backup) as archive:
        parts = {one.name: contents(archive, one) for one in archive.getmembers()}
    change(parts)
    with tarfile.open(target, "w") as archive:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target


def bent(parts):
    dump = parts[manifest.DATABASE]
    parts[manifest.DATABASE] = dump[:500] + bytes([dump[500] ^ 1]) + dump[501:]


def out_of_its_folder(parts):
    said = json.loads(parts[manifest.MANIFEST])
    said["parts"]["files/../../x"] = said["parts"].pop("files/2026/a.pdf")
    parts["files/../../x"] = parts.pop("files/2026/a.pdf")
    parts[manifest.MANIFEST] = json.dumps(said).encode()


def newer(parts):
    said = json.loads(parts[manifest.MANIFEST])
    said["migrations"].append("gradebook.9999_of_the_future")
    parts[manifest.MANIFEST] = json.dumps(said).encode()


@pytest.mark.parametrize(
    "change",
    [
        bent,
        out_of_its_folder,
        newer,
        lambda parts: parts.pop(manifest.MANIFEST),
        lambda parts: parts.pop("files/2026/a.pdf"),
        lambda parts: parts.update({"more": b""}),
        lambda parts: parts.update({manifest.MANIFEST: b"[]"}),
        lambda parts: parts.update({"files/2026/a.pdf": b"x"}),
    ],
)
def test_a_backup_that_is_not_whole_is_refused_before_anything_is_written(
    backup, empty, tmp_path, change
):
    changed = rewritten(backup, tmp_path / "changed.tar", change)
    empty()
    with override_settings(MEDIA_ROOT=tmp_path / "new"), pytest.raises(CommandError) as caught:
        call_command("restore", path=changed)
    assert str(caught.value).endswith((".", "first."))
    assert not (tmp_path / "new").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("content", [b"", b"x" * 5000])
def test_a_file_that_is_no_backup_is_refused_with_a_sentence(empty, tmp_path, content):
    path = tmp_path / "x.tar"
    path.write_bytes(content)
    empty()
    for one in (path, tmp_path / "none.tar"):
        with (
            override_settings(MEDIA_ROOT=tmp_path / "new"),
            pytest.raises(CommandError, match="backup"),
        ):
            call_command("restore", path=one)


def test_only_the_owner_backs_up_and_restores(committed, tmp_path):
    with pytest.raises(CommandError, match="owner role"):
        call_command("backup", to=tmp_path / "backups")
    with pytest.raises(CommandError, match="owner role"):
        call_command("restore", path=tmp_path / "x.tar")


def nightly(committed, folder, day):
    parsed = connection.settings_dict | {
        "USER": "schoolbook_owner",
        "PASSWORD": committed.postgres._password("schoolbook_owner"),
    }
    with override_settings(BACKUP_DATABASE=parsed, BACKUPS_KEPT=2):
        return backups.nightly(folder, day)


def test_each_night_has_one_backup_and_the_last_ones_are_kept(committed, tmp_path, files):
    folder, day = tmp_path / "backups", date(2026, 11, 20)
    (folder / "mine").mkdir(parents=True)
    for number in range(4):
        assert nightly(committed, folder, day + timedelta(days=number))
    assert nightly(committed, folder, day + timedelta(days=3)) is None
    assert sorted(path.name for path in folder.iterdir()) == [
        "mine",
        "schoolbook-2026-11-22.tar",
        "schoolbook-2026-11-23.tar",
    ]


def test_a_backup_that_fails_leaves_nothing_and_says_so(committed, tmp_path, files, monkeypatch):
    def stop(*_args):
        raise Unusable("pg_dump stopped: no space")

    monkeypatch.setattr(pg_tools, "run", stop)
    with pytest.raises(Unusable):
        nightly(committed, tmp_path / "backups", date(2026, 11, 20))
    assert list((tmp_path / "backups").iterdir()) == []


def test_without_a_folder_nothing_is_backed_up_at_night(db):
    assert tasks.back_up() is False


def test_no_password_is_on_a_command_line(committed, monkeypatch):
    seen: dict[str, Any] = {}

    def note(command, **options):
        seen.update(command=[str(part) for part in command], env=options["env"])
        return type("Done", (), {"returncode": 0})

    monkeypatch.setattr("subprocess.run", note)
    password = connection.settings_dict["PASSWORD"]
    pg_tools.run(Path("pg_dump"), connection.settings_dict, "--format=custom")
    assert password
    assert password not in " ".join(seen["command"])
    assert seen["env"]["PGPASSWORD"] == password


def test_a_program_older_than_the_server_is_refused_with_a_sentence():
    with pytest.raises(Unusable, match="PostgreSQL 99"):
        pg_tools.program("pg_dump", 99)


SHOW = (
    "from django.conf import settings as s;"
    "print(sorted(s.CELERY_BEAT_SCHEDULE), s.BACKUP_FOLDER, s.BACKUP_DATABASE.get('USER'),"
    " s.BACKUP_DATABASE.get('PASSWORD'), s.BACKUP_DATABASE.get('HOST'))"
)


def shown(**environment):
    done = start("shell", "--no-imports", "-c", SHOW, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_backup_is_made_each_night_where_a_folder_is_set(tmp_path):
    (tmp_path / "password").write_text("mật/khẩu@1\n")
    without = shown()
    assert "gather-heads" in without
    assert "back-up" not in without
    with_it = shown(
        BACKUP_FOLDER=str(tmp_path),
        BACKUP_DATABASE_URL="postgres://schoolbook_owner@/schoolbook?host=/run/postgresql",
        BACKUP_DATABASE_PASSWORD_FILE=str(tmp_path / "password"),
    )
    assert "'back-up'" in with_it
    assert with_it.endswith(f"{tmp_path} schoolbook_owner mật/khẩu@1 /run/postgresql")


@pytest.mark.parametrize("name", ["GATHER_MINUTES", "BACKUPS_KEPT", "BACKUP_HOUR"])
def test_a_schedule_that_makes_no_sense_stops_the_start(name):
    done = start(**{name: "-1"})
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]
