"""Templates compile, name nothing that is missing, and hold no script or style of their own."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from jinja2 import StrictUndefined, meta, nodes

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(
    path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.html")
)
INLINE = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "text that is not escaped": re.compile(r"\|\s*safe\b|Markup\(|autoescape"),
    "an address elsewhere": re.compile(r"(src|href|action)=[\"']https?://", re.IGNORECASE),
}


def environment():
    backend: Any = engines["jinja2"]
    return backend.env


def source(path):
    return (ROOT / "templates" / path).read_text()


def test_an_undefined_name_is_an_error():
    assert environment().undefined is StrictUndefined
    assert environment().autoescape is True


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_compiles_and_names_only_templates_that_exist(path):
    environment().get_template(str(path))
    tree = environment().parse(source(path))
    for name in meta.find_referenced_templates(tree):
        assert name, "a template is chosen at run time"
        assert (ROOT / "templates" / name).exists(), name


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_names_only_components_and_files_that_exist(path):
    tree = environment().parse(source(path))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "static":
            for argument in call.args:
                assert finders.find(argument.as_const()), argument.as_const()
    for attribute in tree.find_all(nodes.Getattr):
        inner = attribute.node
        if not isinstance(inner, nodes.Getattr) or not isinstance(inner.node, nodes.Name):
            continue
        if inner.node.name == "ui":
            module = getattr(environment().globals["ui"], inner.attr)
            assert hasattr(module, attribute.attr), f"ui.{inner.attr}.{attribute.attr}"


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
@pytest.mark.parametrize("what", sorted(INLINE))
def test_a_template_holds_nothing_inline(path, what):
    assert not INLINE[what].search(source(path)), f"{path} holds {what}"


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("an inline script", "<script>alert(1)</script>"),
        ("a style element", "<style>p {}</style>"),
        ("a style attribute", '<p style="x">'),
        ("an event attribute", "<p onclick='x'>"),
        ("a javascript: address", '<a href="javascript:x">'),
        ("text that is not escaped", "{{ x|safe }}"),
        ("an address elsewhere", '<img src="https://x">'),
    ],
)
def test_the_search_for_inline_things_finds_them(what, text):
    assert INLINE[what].search(text)


def test_styles_and_scripts_fetch_nothing_from_elsewhere():
    for path in (ROOT / "static").rglob("*.*"):
        if path.suffix in {".css", ".js"}:
            assert not re.search(
                r"https?://|url\(\s*[\"']?data:|\beval\(|innerHTML", path.read_text()
            ), path
