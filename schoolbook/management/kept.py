"""Files of kept heads, as commands take and give them."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import CommandError

from schoolbook.models import School
from schoolbook.rules import kept
from schoolbook.rules.kept import KeptHead

LONGEST = 200 * 1024 * 1024  # bytes


def read(path: Path) -> list[KeptHead]:
    """The heads in a file. Raises CommandError with a sentence."""
    try:
        if path.stat().st_size > LONGEST:
            raise CommandError(f"{path} is too large for a file of kept heads.")
        return kept.read(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path}: {error}") from error


def school(abbreviation: str) -> School:
    """The school of this abbreviation. Raises CommandError with a sentence."""
    try:
        return School.objects.get(abbreviation=abbreviation)
    except School.DoesNotExist as error:
        raise CommandError(f"There is no school {abbreviation}.") from error
