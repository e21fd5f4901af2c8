"""The one module that imports WeasyPrint: HTML of our own templates becomes PDF, with packaged fonts and nothing else.

It fetches what the documents name as `asset:…`, from the list below; any other address, of the network or of a file,
is refused, and its text stays text.

Decoding the packaged fonts costs as much as laying out a page: a process does it once.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from fontTools.ttLib import woff2
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

_TINOS = Path(settings.BASE_DIR) / "node_modules" / "@fontsource" / "tinos" / "files"
_PRINT = Path(settings.BASE_DIR) / "static" / "print"
_FONT, _DECODED_FONT = "font/woff2", "font/ttf"
# What a document may name, with its media type.
ASSETS: dict[str, tuple[Path, str]] = {
    **{
        f"asset:tinos-{letters}-{weight}-{style}.woff2": (
            _TINOS / f"tinos-{letters}-{weight}-{style}.woff2",
            _FONT,
        )
        for letters in ("latin", "latin-ext", "vietnamese")
        for weight in (400, 700)
        for style in ("normal", "italic")
    },
    **{
        f"asset:{name}.css": (_PRINT / f"{name}.css", "text/css")
        for name in ("document", "tables", "forms")
    },
}


class AssetFetcher(URLFetcher):
    """Gives what is in `ASSETS`, and refuses everything else."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The asset of that name. Raises ValueError for any other address."""
        if url not in ASSETS:
            raise ValueError("documents name packaged assets only")
        content, kind = _asset(url)
        return URLFetcherResponse(url, content, {"Content-Type": kind})


@cache
def _asset(url: str) -> tuple[bytes, str]:
    """The content of an asset and its media type; fonts are decoded."""
    path, kind = ASSETS[url]
    if kind != _FONT:
        return path.read_bytes(), kind
    decoded = BytesIO()
    woff2.decompress(BytesIO(path.read_bytes()), decoded)
    return decoded.getvalue(), _DECODED_FONT


def warm() -> None:
    """Read and decode every asset, so that the processes forked from this one need not."""
    for url in ASSETS:
        _asset(url)


def fonts() -> FontConfiguration:
    """A new set of fonts, which several documents of one process may share."""
    return FontConfiguration()


def pdf_of(html: str, font_config: FontConfiguration | None = None) -> bytes:
    """Render one document, in this process: what calls it has limited memory and time where that matters."""
    document = HTML(string=html, base_url=None, url_fetcher=AssetFetcher())
    written: bytes = document.write_pdf(font_config=font_config or FontConfiguration())
    return written
