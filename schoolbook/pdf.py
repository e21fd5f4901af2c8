"""The one module that imports WeasyPrint: HTML of our own templates becomes PDF, with packaged fonts and nothing else.

It fetches what the documents name as `asset:…`, from the list below; any other address, of the network or of a file,
is refused, and its text stays text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

_TINOS = Path(settings.BASE_DIR) / "node_modules" / "@fontsource" / "tinos" / "files"
_PRINT = Path(settings.BASE_DIR) / "static" / "print"
# What a document may name, with its media type.
ASSETS: dict[str, tuple[Path, str]] = {
    **{
        f"asset:tinos-{letters}-{weight}-{style}.woff2": (
            _TINOS / f"tinos-{letters}-{weight}-{style}.woff2",
            "font/woff2",
        )
        for letters in ("latin", "latin-ext", "vietnamese")
        for weight in (400, 700)
        for style in ("normal", "italic")
    },
    "asset:document.css": (_PRINT / "document.css", "text/css"),
}


class AssetFetcher(URLFetcher):
    """Gives what is in `ASSETS`, and refuses everything else."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The asset of that name. Raises ValueError for any other address."""
        if url not in ASSETS:
            raise ValueError("documents name packaged assets only")
        path, kind = ASSETS[url]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def pdf_of(html: str) -> bytes:
    """Render one document, in this process: what calls it has limited memory and time where that matters."""
    document = HTML(string=html, base_url=None, url_fetcher=AssetFetcher())
    written: bytes = document.write_pdf(font_config=FontConfiguration())
    return written
