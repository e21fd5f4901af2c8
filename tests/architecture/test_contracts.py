"""Each import contract catches a deliberate wrong import, and none complains of the code as it is."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
RUN = "import sys; from importlinter.cli import lint_imports_command as main; sys.exit(main())"

WRONG = {
    "apps": ("schoolbook/selectors/duties.py", "import gradebook"),
    "ladder": ("schoolbook/selectors/duties.py", "import schoolbook.services.people"),
    "rules": ("schoolbook/rules/names.py", "import django.utils.text"),
    "views": ("schoolbook/views/home.py", "import schoolbook.models"),
    "spreadsheets": ("schoolbook/services/schools.py", "import xlsxwriter"),
    "documents": ("schoolbook/services/schools.py", "import weasyprint"),
    "embedded": ("schoolbook/embedded/errors.py", "import django"),
    "untrusted": ("schoolbook/untrusted/terms.py", "import django.conf"),
    "pictures": ("schoolbook/evidence.py", "import PIL.Image"),
    "grants": ("schoolbook/access.py", "import guardian.shortcuts"),
}


def lint(root, contract=None):
    chosen = ["--contract", contract] if contract else []
    return subprocess.run(
        [sys.executable, "-c", RUN, "--no-cache", *chosen],
        cwd=root,
        env={"PYTHONPATH": str(root), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_has_a_wrong_import_below():
    assert {contract["id"] for contract in CONTRACTS} == set(WRONG)


def test_the_code_keeps_to_all_of_them():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("contract", sorted(WRONG))
def test_a_contract_catches_a_wrong_import(contract, tmp_path):
    for package in ("schoolbook", "gradebook", "approvals"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert lint(tmp_path, contract).returncode == 0
    path, statement = WRONG[contract]
    file = tmp_path / path
    file.write_text(file.read_text() + f"\n{statement}\n")
    done = lint(tmp_path, contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert statement.split()[-1].split(".")[0] in done.stdout
