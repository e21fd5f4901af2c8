"""What docker-compose.yml, the Dockerfile and .dockerignore say, read so that the tests run the very same commands."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "Dockerfile"

# What an operator writes into .env at the least.
DOT_ENV = {"ALLOWED_HOSTS": "so.example.edu.vn"}

_VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?:(?P<how>:-|:\?)(?P<text>[^}]*))?\})")


def interpolate(text: str, variables: Mapping[str, str]) -> str:
    """Replace ${NAME}, ${NAME:-default}, ${NAME:?message} and $$ as Compose does; a missing :? is a ValueError."""

    def value(match: re.Match[str]) -> str:
        if match["dollar"]:
            return "$"
        found = variables.get(match["name"], "")
        if not found and match["how"] == ":?":
            raise ValueError(match["text"])
        return found or (match["text"] if match["how"] == ":-" else "")

    return _VARIABLE.sub(value, text)


def compose(variables: Mapping[str, str] = DOT_ENV) -> dict[str, Any]:
    """The compose file as Compose sees it: anchors merged, variables filled in."""

    def walk(node: Any) -> Any:
        if isinstance(node, str):
            return interpolate(node, variables)
        if isinstance(node, dict):
            return {key: walk(child) for key, child in node.items()}
        return [walk(child) for child in node] if isinstance(node, list) else node

    read: dict[str, Any] = walk(yaml.safe_load(COMPOSE.read_text(encoding="utf-8")))
    return read


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions as (word, rest), with continued lines joined and comments left out."""
    lines = [
        line
        for line in DOCKERFILE.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines())]


def stages() -> dict[str, list[tuple[str, str]]]:
    """The instructions of each stage, by its name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for word, rest in instructions():
        if word == "FROM":
            found[rest.rpartition(" AS ")[2]] = []
        next(reversed(found.values())).append((word, rest))
    return found


def build_commands() -> str:
    """The shell commands that make catalogues and static files from the sources: the last RUN of the build stage."""
    return [rest for word, rest in stages()["build"] if word == "RUN"][-1]


def image_environment() -> dict[str, str]:
    """What the last stage sets with ENV, but for PATH, which is this machine's own."""
    pairs = [
        shlex.split(part)[0].partition("=")
        for word, rest in stages()["runtime"]
        if word == "ENV"
        for part in rest.split()
    ]
    return {name: value for name, _, value in pairs if name != "PATH"}


def default_command() -> list[str]:
    found: list[str] = json.loads(next(rest for word, rest in stages()["runtime"] if word == "CMD"))
    return found


def in_image() -> Callable[[str], bool]:
    """Does .dockerignore let this path, relative to the checkout, into the image? The last line that fits decides."""
    rules: list[tuple[bool, re.Pattern[str]]] = []
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            wanted, pattern = line.startswith("!"), line.lstrip("!").strip("/")
            expression = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
            expression = expression.replace(r"\[", "[").replace(r"\]", "]")
            # A folder stands for everything in it.
            rules.append((wanted, re.compile(f"{expression}(?:/.*)?")))

    def decide(path: str) -> bool:
        fitting = [wanted for wanted, pattern in rules if pattern.fullmatch(path)]
        return not fitting or fitting[-1]

    return decide


def strings(node: Any) -> Iterator[str]:
    """Every text in a parsed file: keys and values, at any depth."""
    if isinstance(node, dict):
        for key, child in node.items():
            yield str(key)
            yield from strings(child)
    elif isinstance(node, list):
        for child in node:
            yield from strings(child)
    elif isinstance(node, str):
        yield node
