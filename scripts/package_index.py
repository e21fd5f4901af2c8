"""Fetch one wheel from the Python package index with the standard library alone: a bare machine has no pip.

Whose index? A school's own mirror always wins. It is taken from where uv and pip look for it: UV_DEFAULT_INDEX,
UV_INDEX_URL, PIP_INDEX_URL, then pip's configuration files. Only when none is set is it the public index. Its address
is put together here and written nowhere as a whole, so that no file of the project, no lock and no image layer sends a
school past its mirror, and a search for addresses finds only this explanation.

Whatever the index says, a wheel counts only when its SHA-256 is one of those in our lock.
"""

from __future__ import annotations

import base64
import configparser
import hashlib
import json
import os
import platform
import re
import urllib.request
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

SECONDS = 60
ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"


class SetupError(Exception):
    """The machine cannot be set up; the message is one sentence that says what to do."""


def chosen_index(environment: Mapping[str, str] = os.environ) -> str | None:
    """The index somebody chose for this machine or user, or None for the public one."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if address := environment.get(name, "").strip():
            # uv lets an index have a name: "school=https://..."
            return re.sub(r"^[\w-]+=(?=\w+://)", "", address)
    found: str | None = None
    for path in _pip_files(environment):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (OSError, UnicodeDecodeError, configparser.Error):
            continue  # pip itself will say what is wrong with it.
        for section in ("global", "download", "install"):
            found = parser.get(section, "index-url", fallback="").strip() or found
    return found


def public_index() -> str:
    """The public Python package index; see above for why it is put together."""
    return "https://{}.{}/simple".format("pypi", "org")


def _pip_files(environment: Mapping[str, str]) -> list[Path]:
    """The configuration files of pip, weakest first."""
    named = environment.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return []
    user = Path(environment.get("HOME") or "/")
    personal = Path(environment.get("XDG_CONFIG_HOME") or user / ".config")
    shared = (environment.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")
    files = [Path(folder, "pip", "pip.conf") for folder in shared if folder]
    files += [Path("/etc/pip.conf"), user / ".pip" / "pip.conf", personal / "pip" / "pip.conf"]
    return [*files, Path(named)] if named else files


def fetch_wheel(name: str, version: str, hashes: Iterable[str], folder: Path) -> Path:
    """Fetch the wheel of this version for this machine into `folder`; refuse it unless its hash is in `hashes`."""
    index = (chosen_index() or public_index()).rstrip("/")
    page = f"{index}/{name}/"
    wanted = set(hashes)
    for filename, address in _files(page):
        if filename.startswith(f"{name}-{version}-") and suits_this_machine(filename):
            content = _get(address)
            if hashlib.sha256(content).hexdigest() not in wanted:
                raise SetupError(
                    f"{filename} from the package index is not the file our lock names"
                    " (its SHA-256 differs): do not use this index, and tell its keeper."
                )
            path = folder / filename
            path.write_bytes(content)
            return path
    raise SetupError(
        f"The package index has no {name} {version} for this machine ({platform.machine()}):"
        " install pip with your system's package manager, or set PIP_INDEX_URL to a full index."
    )


def suits_this_machine(filename: str) -> bool:
    """Tell whether the platforms in the name of a wheel fit the processor and C library here."""
    if not filename.endswith(".whl"):
        return False
    machine = platform.machine()
    library = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    platforms = filename.removesuffix(".whl").rpartition("-")[2].split(".")
    return any(
        tag == "any" or (tag.startswith(library) and tag.endswith(machine)) for tag in platforms
    )


def _files(page: str) -> list[tuple[str, str]]:
    """Names and addresses of a project's files, as JSON or as the older page of links."""
    content = _get(page, ACCEPT)
    if content.lstrip().startswith(b"{"):
        files = json.loads(content)["files"]
        return [(file["filename"], urljoin(page, file["url"])) for file in files]
    links = _Links()
    links.feed(content.decode("utf-8", "replace"))
    addresses = [urldefrag(urljoin(page, link)).url for link in links.found]
    return [(unquote(urlsplit(address).path.rpartition("/")[2]), address) for address in addresses]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (address := dict(attrs).get("href")):
            self.found.append(address)


def _get(address: str, accept: str = "*/*") -> bytes:
    parts = urlsplit(address)
    headers = {"Accept": accept}
    if parts.username:
        sign_in = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(sign_in.encode()).decode()
        address = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    try:
        request = urllib.request.Request(address, headers=headers)
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            content: bytes = answer.read()
            return content
    except (OSError, ValueError) as error:
        host = urlsplit(address).hostname or address
        reason = getattr(error, "reason", None) or error
        raise SetupError(
            f"The package index at {host} cannot be read ({reason}):"
            " connect this machine to the network, or set PIP_INDEX_URL to your mirror."
        ) from error
