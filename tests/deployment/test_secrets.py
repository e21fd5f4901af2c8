"""deploy/make-secrets, and the scripts that refuse to start without what it makes."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from .files import ROOT, compose, in_image

MAKE_SECRETS = ROOT / "deploy" / "make-secrets"
CREATE_ROLES = ROOT / "deploy" / "postgres" / "create-roles.sh"
START_POSTGRES = ROOT / "deploy" / "postgres" / "start.sh"
START_REDIS = ROOT / "deploy" / "redis" / "start.sh"
NAMES = sorted(compose()["secrets"])


def run(command: list[str | Path], **environment: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env={"PATH": "/usr/bin:/bin"} | {name: str(value) for name, value in environment.items()},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    done = run([MAKE_SECRETS, folder])
    assert done.returncode == 0, done.stderr
    return folder


def test_make_secrets_makes_long_random_different_ones(made: Path, tmp_path: Path) -> None:
    run([MAKE_SECRETS, tmp_path / "others"])
    values = [
        (folder / f"{name}.txt").read_text()
        for folder in (made, tmp_path / "others")
        for name in NAMES
    ]
    assert all(re.fullmatch("[A-Za-z0-9]{64}", value) for value in values)
    assert len(set(values)) == 2 * len(NAMES)


def test_make_secrets_lets_only_the_owner_of_the_folder_through(made: Path) -> None:
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    # Compose mounts a file with the rights it has here, and no container runs as its owner.
    assert {stat.S_IMODE((made / f"{name}.txt").stat().st_mode) for name in NAMES} == {0o444}


def test_make_secrets_keeps_its_folder_out_of_git_and_of_the_image(made: Path) -> None:
    assert (made / ".gitignore").read_text() == "*\n"
    assert not in_image()("secrets/secret_key.txt")


def test_make_secrets_overwrites_nothing_and_adds_what_is_missing(made: Path) -> None:
    before = {name: (made / f"{name}.txt").read_text() for name in NAMES}
    (made / "redis_password.txt").unlink()
    done = run([MAKE_SECRETS, made])
    assert done.returncode == 0
    assert "redis_password.txt made" in done.stdout
    after = {name: (made / f"{name}.txt").read_text() for name in NAMES}
    assert len(after.pop("redis_password")) == 64
    assert before | after == before
    assert sorted(path.name for path in made.iterdir()) == sorted(
        [".gitignore", *(f"{name}.txt" for name in NAMES)]
    )


def test_make_secrets_complains_of_an_empty_one(made: Path) -> None:
    path = made / "secret_key.txt"
    path.unlink()
    path.touch()
    done = run([MAKE_SECRETS, made])
    assert done.returncode != 0
    assert "secret_key.txt is empty" in done.stderr
    assert path.read_text() == ""


ROLES = ("owner", "app", "reader")


def role_files(folder: Path) -> dict[str, Path]:
    return {
        f"SCHOOLBOOK_{role.upper()}_PASSWORD_FILE": folder / f"{role}_password.txt"
        for role in ROLES
    }


def put(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text)


def test_the_password_check_is_content_with_what_make_secrets_made(made: Path) -> None:
    done = run([CREATE_ROLES, "--check"], **role_files(made))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ("unset", "_PASSWORD_FILE is not set"),
        ("missing", "names no file"),
        ("folder", "names no file"),
        ("empty", "fewer than 16 characters"),
        ("short", "fewer than 16 characters"),
        ("only a line end", "fewer than 16 characters"),
    ],
)
def test_roles_are_refused_without_a_proper_password(
    made: Path, role: str, trouble: str, sentence: str
) -> None:
    files, path = role_files(made), made / f"{role}_password.txt"
    if trouble == "unset":
        del files[f"SCHOOLBOOK_{role.upper()}_PASSWORD_FILE"]
    elif trouble == "missing":
        path.unlink()
    elif trouble == "folder":  # what an engine makes of a file that is not there
        path.unlink()
        path.mkdir()
    else:
        put(path, {"empty": "", "short": "x" * 15, "only a line end": "\n" * 20}[trouble])
    done = run([CREATE_ROLES, "--check"], **files)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert role.upper() in done.stderr


def test_roles_are_refused_one_password_for_two(made: Path) -> None:
    put(made / "reader_password.txt", (made / "app_password.txt").read_text())
    done = run([CREATE_ROLES, "--check"], **role_files(made))
    assert done.returncode != 0
    assert "same password" in done.stderr


@pytest.fixture
def entrypoint(tmp_path: Path) -> Path:
    """A folder with a docker-entrypoint.sh that says what it was given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "docker-entrypoint.sh").write_text('#!/bin/sh\necho "handed over: $*"\n')
    (folder / "docker-entrypoint.sh").chmod(0o755)
    return folder


def test_postgresql_is_handed_over_to_its_image_when_all_is_there(
    made: Path, entrypoint: Path
) -> None:
    files = role_files(made) | {"POSTGRES_PASSWORD_FILE": made / "postgres_password.txt"}
    done = run(
        ["sh", START_POSTGRES, "postgres", "-c", "a=b"], **files, PATH=f"{entrypoint}:{os.defpath}"
    )
    assert (done.returncode, done.stdout) == (0, "handed over: postgres -c a=b\n")


@pytest.mark.parametrize(
    "name", ["owner_password", "app_password", "reader_password", "postgres_password"]
)
def test_postgresql_is_not_handed_over_with_a_password_missing(
    made: Path, entrypoint: Path, name: str
) -> None:
    put(made / f"{name}.txt", "")
    files = role_files(made) | {"POSTGRES_PASSWORD_FILE": made / "postgres_password.txt"}
    done = run(["sh", START_POSTGRES, "postgres"], **files, PATH=f"{entrypoint}:{os.defpath}")
    assert done.returncode != 0
    assert "handed over" not in done.stdout


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(None, "names no file"), ("", "fewer than 16"), ("short", "fewer than 16")],
)
def test_redis_is_not_started_without_a_proper_password(
    made: Path, tmp_path: Path, text: str | None, sentence: str
) -> None:
    path = made / "redis_password.txt"
    path.unlink()
    if text is not None:
        path.write_text(text)
    done = run(["sh", START_REDIS], REDIS_PASSWORD_FILE=path, REDIS_RUN=tmp_path)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert not (tmp_path / "redis.conf").exists()


def test_redis_is_not_started_when_no_file_is_named(tmp_path: Path) -> None:
    done = run(["sh", START_REDIS], REDIS_RUN=tmp_path)
    assert done.returncode != 0
    assert "REDIS_PASSWORD_FILE is not set" in done.stderr
