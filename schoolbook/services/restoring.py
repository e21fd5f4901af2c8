"""Bringing a backup back into an empty place: checked before anything is written, and counted after (R-161)."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from schoolbook import database, pg_tools
from schoolbook.pg_tools import Unusable
from schoolbook.rules import kept, manifest
from schoolbook.rules.kept import KeptHead
from schoolbook.rules.manifest import DATABASE, FILES, HEADS, MANIFEST, Manifest
from schoolbook.services.backups import count_rows
from schoolbook.whole_files import written_whole

LONGEST_MANIFEST = 100 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Restored:
    """What is there again: rows by table, files, and the heads that the backup keeps."""

    made_at: str
    rows: dict[str, int]
    files: int
    heads: list[KeptHead]


def restore(path: Path) -> Restored:
    """Bring a backup back; run as the owner role, into a database and a folder of files that are empty.

    Raises Unusable with a sentence; until every part was checked nothing is written.
    """
    pg_tools.require_owner(connection.settings_dict)
    _require_empty()
    with _opened(path) as archive:
        said = _checked(archive)
        _require_known(said)
        with TemporaryDirectory() as place:
            dump = Path(place) / DATABASE
            _extract(archive, DATABASE, dump)
            pg_tools.run(
                pg_tools.program("pg_restore", _server()),
                connection.settings_dict,
                "--exit-on-error",
                "--single-transaction",
                "--no-owner",
                "--no-privileges",
                dump,
            )
        _require_all_rows(said)
        files = [name for name in said.parts if name.startswith(FILES)]
        for name in files:
            _extract(archive, name, Path(settings.MEDIA_ROOT) / name.removeprefix(FILES))
        heads = archive.extractfile(HEADS)
        text = heads.read().decode() if heads else ""
    if set(said.migrations) != _known():
        call_command("migrate", interactive=False, verbosity=0)
    database.grant()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Restored(said.made_at, said.rows, len(files), kept.read(text) if text.strip() else [])


def _require_empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'"
        )
        things = cursor.fetchone()[0]
    if things:
        raise Unusable(
            "This database is not empty: a backup is restored into a new one, which create-roles.sql makes."
        )
    root = Path(settings.MEDIA_ROOT)
    if root.exists() and any(root.iterdir()):
        raise Unusable(f"{root} is not empty: give an empty folder as FILES_ROOT.")


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        archive = tarfile.open(path, "r:")  # noqa: SIM115 - closed below
    except (OSError, tarfile.TarError) as error:
        raise Unusable(f"{path} is no backup, or cannot be read.") from error
    with archive:
        yield archive


def _checked(archive: tarfile.TarFile) -> Manifest:
    """The manifest, after every part was found to be what it says."""
    try:
        said = _manifest(archive)
        bent = [name for name, wanted in said.parts.items() if _digest(archive, name) != wanted]
    except (ValueError, OSError, tarfile.TarError) as error:
        raise Unusable(f"This backup cannot be used: {error}.") from error
    if bent:
        raise Unusable(f"This backup cannot be used: {bent[0]} is not as it was written.")
    return said


def _manifest(archive: tarfile.TarFile) -> Manifest:
    """What the backup says of itself. Raises ValueError with words that end a sentence."""
    members = archive.getmembers()
    names = [member.name for member in members]
    if len(set(names)) != len(names) or not all(member.isreg() for member in members):
        raise ValueError("it holds something that no backup holds")
    if MANIFEST not in names or archive.getmember(MANIFEST).size > LONGEST_MANIFEST:
        raise ValueError("it has no manifest: it was not written to the end")
    file = archive.extractfile(MANIFEST)
    said = manifest.read(file.read() if file else b"")
    if set(names) != {*said.parts, MANIFEST}:
        raise ValueError("its parts are not those of its manifest")
    return said


def _digest(archive: tarfile.TarFile, name: str) -> str:
    file: Any = archive.extractfile(name)
    return hashlib.file_digest(file, "sha256").hexdigest()


def _extract(archive: tarfile.TarFile, name: str, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    source = archive.extractfile(name)
    assert source
    with written_whole(target) as file:
        shutil.copyfileobj(source, file)


def _known() -> set[str]:
    loader = MigrationLoader(None)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}


def _require_known(said: Manifest) -> None:
    if newer := sorted(set(said.migrations) - _known()):
        raise Unusable(
            f"A newer Schoolbook made this backup (it has {newer[-1]}): install that one first."
        )


def _server() -> int:
    connection.ensure_connection()
    return int(connection.pg_version) // 10000  # type: ignore[attr-defined]


def _require_all_rows(said: Manifest) -> None:
    for table, wanted in said.rows.items():
        found = count_rows(table)
        if found != wanted:
            raise Unusable(f"{table} has {found} rows, and had {wanted} when the backup was made.")
