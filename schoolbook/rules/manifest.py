"""What is in a backup: its parts with their SHA-256, how many rows each table has, of which version. Plain Python."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

FORMAT = 1
DATABASE, HEADS, MANIFEST, FILES = "database.dump", "heads.jsonl", "manifest.json", "files/"


@dataclass(frozen=True)
class Manifest:
    """`parts` are digests by name, `rows` numbers of rows by table, `migrations` what had been applied."""

    made_at: str
    server: int
    migrations: list[str]
    rows: dict[str, int]
    parts: dict[str, str]
    format: int = FORMAT

    def text(self) -> str:
        """As it is written."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def read(text: bytes) -> Manifest:
    """The manifest of a backup. Raises ValueError with a sentence."""
    try:
        said = json.loads(text)
        found = Manifest(**said)
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError("the manifest cannot be read") from error
    if found.format != FORMAT:
        raise ValueError("another version of Schoolbook made it")
    if not {DATABASE, HEADS} <= set(found.parts):
        raise ValueError("parts of it are missing")
    for name in found.parts:
        path = PurePosixPath(name)
        inside = name.startswith(FILES) and not {"..", "."} & set(path.parts) and path.name
        if name not in {DATABASE, HEADS} and not inside:
            raise ValueError("it names a file outside of its folder")
    return found
