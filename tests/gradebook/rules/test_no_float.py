"""No float comes near a mark: the syntax tree of every module of the rules."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import gradebook.rules

MODULES = sorted(Path(gradebook.rules.__file__).parent.glob("**/*.py"))
FORBIDDEN = {"float", "round", "complex", "statistics", "math", "numpy", "fsum", "from_float"}
OUTSIDE = {"django", "celery", "psycopg", "models", "gettext"}


def faults(tree: ast.AST) -> list[str]:
    """Everything in a module that makes, or could make, a float; and imports from outside."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (float, complex)):
            found.append(f"{node.lineno}: {node.value}")
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            found.append(f"{node.lineno}: /")
        if isinstance(node, ast.Name) and node.id in FORBIDDEN:
            found.append(f"{node.lineno}: {node.id}")
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN | {"truediv"}:
            found.append(f"{node.lineno}: .{node.attr}")
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(name.name for name in node.names)]
        else:
            continue
        parts = {part for name in names for part in name.split(".")}
        found += [f"{node.lineno}: import {part}" for part in parts & (FORBIDDEN | OUTSIDE)]
    return found


@pytest.mark.parametrize("path", MODULES, ids=[path.name for path in MODULES])
def test_no_module_of_the_rules_knows_floats_or_django(path: Path) -> None:
    assert faults(ast.parse(path.read_text("utf-8"))) == []


def test_the_rules_were_found() -> None:
    assert {"rounding.py", "levels.py", "tt22.py", "__main__.py"} <= {path.name for path in MODULES}


@pytest.mark.parametrize(
    "code",
    [
        "a = 0.5",
        "a = 1j",
        "a = b / c",
        "a /= 2",
        "float(a)",
        "round(a, 1)",
        "Decimal.from_float(a)",
        "import math",
        "from statistics import mean",
        "operator.truediv(a, b)",
        "from django.db import models",
        "from gradebook import models",
    ],
)
def test_the_walk_itself_finds(code: str) -> None:
    assert faults(ast.parse(code))
