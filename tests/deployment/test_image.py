"""The Dockerfile and .dockerignore: what goes into the image and what comes out of its build."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from schoolbook import pdf

from .files import ROOT, in_image, instructions, stages

# What is in the checkout and no part of the running product.
NOT_THE_PRODUCT = {"bench", "book", "deploy", "scripts", "tests"}

pytestmark = pytest.mark.xdist_group("deployment")


def product_packages() -> set[str]:
    """Top-level folders with Python modules of the product."""
    return {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_THE_PRODUCT


class WhenRun(ast.NodeTransformer):
    """Leaves out what only the type checker reads."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        checked = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        return node.orelse if checked else self.generic_visit(node)


def test_every_package_of_the_product_is_in_the_image(image: Path) -> None:
    assert product_packages()
    for package in product_packages():
        assert (image / package / "__init__.py").is_file(), f"add !{package}/ to .dockerignore"


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        ".env",
        ".venv/bin/python",
        "secrets/secret_key.txt",
        "var/demo/accounts.json",
        "staticfiles/staticfiles.json",
        "tests/conftest.py",
        "docs/operations.md",
        "deploy/postgres/create-roles.sql",
        "deploy/make-secrets",
        "docker-compose.yml",
        "schoolbook/__pycache__/settings.cpython-311.pyc",
        "requirements/development.lock",
        "dump.sql",
    ],
)
def test_what_is_not_named_stays_out(path: str) -> None:
    assert not in_image()(path)


@pytest.mark.parametrize(
    "path", ["manage.py", "schoolbook/settings.py", "static/css/app.css", "deploy/gunicorn.conf.py"]
)
def test_what_is_named_gets_in(path: str) -> None:
    assert in_image()(path)


def test_the_build_makes_static_files_and_leaves_no_packages_behind(image: Path) -> None:
    manifest = json.loads((image / "staticfiles" / "staticfiles.json").read_text())
    assert manifest["paths"]
    for name in manifest["paths"].values():
        assert (image / "staticfiles" / name).is_file()


def test_of_the_packages_for_the_browser_only_the_fonts_of_documents_stay(image: Path) -> None:
    fonts = image / "node_modules" / "@fontsource" / "tinos" / "files"
    left = [path for path in (image / "node_modules").rglob("*") if not path.is_dir()]
    assert {path.parent for path in left} == {fonts}
    assert {path.suffix for path in left} == {".woff2"}


def test_every_asset_of_a_document_is_in_the_image(image: Path) -> None:
    for path, _kind in pdf.ASSETS.values():
        assert (image / path.relative_to(ROOT)).is_file()


def test_the_build_compiles_every_catalogue(image: Path) -> None:
    catalogues = list((image / "locale").rglob("*.po"))
    assert catalogues
    for catalogue in catalogues:
        assert catalogue.with_suffix(".mo").is_file()


def test_the_lock_of_the_image_has_every_package_that_the_product_imports() -> None:
    """Development has more packages than production: an import of one of those would only fail at the school."""
    lock = (ROOT / "requirements" / "production.lock").read_text(encoding="utf-8")
    locked = {name.lower() for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    sold_as = metadata.packages_distributions()
    ours = product_packages()
    for package in ours:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(WhenRun().visit(ast.parse(file.read_text(encoding="utf-8")))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names = [node.module]
                for name in (
                    {name.partition(".")[0] for name in names} - ours - sys.stdlib_module_names
                ):
                    sellers = {
                        seller.lower().replace("_", "-") for seller in sold_as.get(name, [name])
                    }
                    assert sellers & locked, f"{file.relative_to(ROOT)} imports {name}"


def test_packages_are_installed_by_hash_and_never_compiled() -> None:
    install = next(rest for word, rest in stages()["build"] if word == "RUN" and "install" in rest)
    assert "--require-hashes" in install
    assert "--only-binary=:all:" in install
    assert ("RUN", "npm ci --omit=dev") in stages()["frontend"]


def test_the_last_stage_has_no_tools_and_no_root() -> None:
    last = stages()["runtime"]
    assert list(stages())[-1] == "runtime"
    sources = {rest.split()[0] for word, rest in last if word == "COPY"}
    assert sources == {"--from=build"}
    assert any("pip uninstall" in rest for word, rest in last if word == "RUN")
    assert not any(re.search(r"npm|gcc", rest) for _, rest in last)
    (installed,) = [rest for _, rest in last if "apt-get" in rest]
    assert "--no-install-recommends libpango-1.0-0" in installed
    assert "-dev" not in installed
    users = [rest for word, rest in last if word == "USER"]
    assert users == ["10001:10001"]
    assert last[-1][0] == "CMD"
    assert json.loads(last[-1][1])


def test_the_image_gives_the_user_nothing_but_the_files_volume() -> None:
    made = next(rest for word, rest in stages()["runtime"] if word == "RUN")
    assert "--uid 10001" in made
    assert re.findall(r"--owner=schoolbook \S+ \S+ (\S+)", made) == ["/var/lib/schoolbook/files"]
    assert not any("--chown" in rest for _, rest in instructions())


def test_nothing_secret_is_given_to_the_build() -> None:
    for word, rest in instructions():
        assert word != "ARG", rest
        assert not re.search(r"(PASSWORD|SECRET_KEY|TOKEN)=", rest), rest


def test_the_dockerfile_starts_with_no_shell_script_that_has_an_error() -> None:
    for word, rest in instructions():
        if word == "RUN":
            done = subprocess.run(
                ["sh", "-n", "-c", rest], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
