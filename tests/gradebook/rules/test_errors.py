"""Every refusal has its sentence in both languages, and travels between processes."""

from __future__ import annotations

import inspect
import pickle
from string import Formatter

import pytest

from gradebook.rules import errors
from gradebook.rules.errors import MarkOutOfRange, RulesError, TooFewSubjects

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, RulesError) and kind is not RulesError
]


@pytest.mark.parametrize("kind", KINDS)
def test_both_sentences_need_the_same_values(kind: type[RulesError]) -> None:
    vi, en = (
        {name for _, name, _, _ in Formatter().parse(text) if name}
        for text in (kind.template_vi, kind.template_en)
    )
    assert vi == en
    shown = kind(**dict.fromkeys(vi, "8.5"))
    assert shown.vi.endswith(".")
    assert shown.en.endswith(".")
    assert str(shown) == shown.en != shown.vi
    assert ("8.5" in shown.vi) == bool(vi)


def test_a_refusal_survives_a_queue() -> None:
    before = TooFewSubjects(found=5, needed=6, article="TT 22/2021, Đ9.2")
    after = pickle.loads(pickle.dumps(before))
    assert (type(after), after.vi, after.params) == (TooFewSubjects, before.vi, before.params)


def test_a_refusal_is_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"10\.5"):
        raise MarkOutOfRange(given="10.5")
