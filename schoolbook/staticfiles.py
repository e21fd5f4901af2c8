"""Static files that come from packages: only those that pages use, under names of our own.

The packages are locked in `package-lock.json` and installed by `npm ci`; htmx comes with django-htmx.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django_htmx
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

NODE_MODULES = Path(settings.BASE_DIR) / "node_modules"
FONT = NODE_MODULES / "@fontsource" / "be-vietnam-pro" / "files"

BOOTSTRAP = NODE_MODULES / "bootstrap" / "dist" / "css"

FILES: dict[str, Path] = {
    **{
        f"vendor/bootstrap/{name}": BOOTSTRAP / name
        # The stylesheet names its map, which only a browser's developer tools fetch.
        for name in ("bootstrap.min.css", "bootstrap.min.css.map")
    },
    "vendor/htmx/htmx.min.js": (
        Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    ),
    **{
        f"vendor/be-vietnam-pro/{name}": FONT / name
        for name in (
            f"be-vietnam-pro-{letters}-{weight}-normal.woff2"
            for letters in ("latin", "vietnamese")
            for weight in (400, 600)
        )
    },
}


class PackageStorage(FileSystemStorage):
    """Reads a file of `FILES` by the name that pages use."""

    def path(self, name: str) -> str:
        """Where the file of that name is installed."""
        return str(FILES[name])


class PackageFinder(BaseFinder):
    """Finds the files of `FILES`, and nothing else in the packages."""

    storage = PackageStorage()

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        """Where the file of that name is installed, for Django's own lookups."""
        found = str(FILES[path]) if path in FILES else None
        return ([found] if found else []) if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every file, for `collectstatic`."""
        for name in FILES:
            yield name, self.storage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Files under names that hold a digest of their content, also where one module of ours imports another."""

    support_js_module_import_aggregation = True
