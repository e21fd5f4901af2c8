"""A backup: database, files and heads of one moment in one file, with the SHA-256 of each part (R-161).

It is as confidential as all of the school's data: written privately, whole or not at all, and kept elsewhere by the
operator. The database is copied by PostgreSQL's own program, as the owner role.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import structlog
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from schoolbook import pg_tools
from schoolbook.models import School
from schoolbook.pg_tools import Unusable
from schoolbook.rules.chain import moment
from schoolbook.rules.manifest import DATABASE, FILES, HEADS, MANIFEST, Manifest
from schoolbook.selectors import chain
from schoolbook.selectors.verifying import steady
from schoolbook.whole_files import written_whole

log = structlog.get_logger(__name__)

NIGHTLY = "schoolbook-????-??-??.tar"


def make(folder: Path, name: str = "") -> Path:
    """Write a backup into a folder, which is made if it is not there; where it lies.

    Raises Unusable with a sentence, and OSError when the disk does.
    """
    database = settings.BACKUP_DATABASE or connection.settings_dict
    pg_tools.require_owner(database)
    name = name or f"schoolbook-{timezone.now():%Y-%m-%dT%H%M%SZ}.tar"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / name
    with TemporaryDirectory(dir=folder, prefix=".unfinished-") as place:
        dump = Path(place) / DATABASE
        manifest = _dumped(dump, database)
        with written_whole(target) as file:
            _pack(file, dump, manifest)
    log.info("backup_made", file=name, bytes=target.stat().st_size)
    return target


def nightly(folder: Path, day: date) -> Path | None:
    """The backup of a night, and no more of older ones than are kept; None where it was made already."""
    target = folder / f"schoolbook-{day:%Y-%m-%d}.tar"
    if target.exists():
        return None
    try:
        make(folder, target.name)
    except (Unusable, OSError):
        log.exception("backup_failed")
        raise
    for old in sorted(folder.glob(NIGHTLY))[: -settings.BACKUPS_KEPT]:
        old.unlink(missing_ok=True)
    return target


def newest(folder: Path) -> datetime | None:
    """When the newest backup of a night was made; None where there is none that this process can see."""
    try:
        made = [path.stat().st_mtime for path in folder.glob(NIGHTLY)]
    except OSError:
        return None
    return datetime.fromtimestamp(max(made), tz=UTC) if made else None


def tables() -> list[str]:
    """The tables of all models, in the order of their names."""
    models: Any = apps.get_models(include_auto_created=True)
    return sorted(
        {model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy}
    )


def count_rows(table: str) -> int:
    """How many rows a table has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
        return int(cursor.fetchone()[0])


def _dumped(dump: Path, database: Mapping[str, Any]) -> tuple[Manifest, bytes]:
    """Copy the database, and what is said of it as of the same moment: the manifest without parts, and the heads."""
    with steady():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        server = connection.pg_version // 10000  # type: ignore[attr-defined]
        heads = chain.kept(chain.newest_of_each(School.objects.all()))
        lines = "".join(f"{head.line()}\n" for head in heads).encode()
        manifest = Manifest(
            made_at=moment(timezone.now()),
            server=server,
            migrations=sorted(
                f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
            ),
            rows={table: count_rows(table) for table in tables()},
            parts={},
        )
        program = pg_tools.program("pg_dump", server)
        pg_tools.run(
            program, database, "--format=custom", f"--snapshot={snapshot}", f"--file={dump}"
        )
    return manifest, lines


class _Hashing(io.RawIOBase):
    """Reads a file and hashes what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self._file.read(size)
        self._digest.update(part)
        return part

    def digest(self) -> str:
        return self._digest.hexdigest()


def _pack(file: BinaryIO, dump: Path, said: tuple[Manifest, bytes]) -> None:
    manifest, heads = said
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in [(DATABASE, dump), *_files()]:
            with path.open("rb") as source:
                manifest.parts[name] = _add(archive, name, source, path.stat().st_size)
        manifest.parts[HEADS] = _add(archive, HEADS, io.BytesIO(heads), len(heads))
        text = manifest.text().encode()
        _add(archive, MANIFEST, io.BytesIO(text), len(text))


def _add(archive: tarfile.TarFile, name: str, source: BinaryIO, size: int) -> str:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    hashing = _Hashing(source)
    archive.addfile(member, hashing)
    return hashing.digest()


def _files() -> Iterator[tuple[str, Path]]:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{FILES}{path.relative_to(root).as_posix()}", path
