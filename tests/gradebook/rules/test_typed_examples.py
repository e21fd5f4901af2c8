"""What is typed into a cell, by the examples that the browser's own reading is tried with, too."""

import json
from pathlib import Path

import pytest

from gradebook.rules import RulesError
from gradebook.rules.columns import Column, Component, ValueKind
from gradebook.rules.typed import read

EXAMPLES = json.loads(Path(__file__).parent.with_name("typed.json").read_text())


def column(example):
    component = Component.MIDTERM if example.get("test", True) else Component.CONDUCT
    levels = tuple(example.get("levels", ()))
    return Column(component, 1, ValueKind(example["kind"]), "", levels=levels)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one['kind']} {one['typed']!r}")
def test_what_is_typed_is_shown_as_it_will_be_saved_or_refused(example):
    try:
        shown = read(example["typed"], column(example)).shown
    except RulesError:
        shown = None
    assert shown == example["shown"]
