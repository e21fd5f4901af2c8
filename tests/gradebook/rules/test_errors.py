"""Every refusal has its sentence in both languages, and travels between processes."""

from __future__ import annotations

import inspect
import pickle
from string import Formatter
from unicodedata import normalize

import pytest

from gradebook.rules import errors
from gradebook.rules.errors import (
    BadField,
    BadParameter,
    DuplicateSubject,
    MarkOutOfRange,
    MissingCoreSubject,
    RulesError,
    TooFewSubjects,
    UnknownLevel,
)

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


def test_only_what_was_given_is_shortened() -> None:
    long = "x" * 60
    for refused in (
        UnknownLevel(given=long, accepted=("Tốt",)),
        DuplicateSubject(code=long),
        BadParameter(name="topics", scheme="tt22", given=(long,)),
    ):
        for said in (refused.vi, refused.en):
            assert f"“{long[:40]}…”" in said
    own = MissingCoreSubject(codes=(long, long), article=f"{long}, Đ13")
    for said in (own.vi, own.en):
        assert f"{long}, {long}" in said
        assert f"{long}, Đ13" in said


def test_what_was_given_is_never_cut_within_a_letter() -> None:
    given = normalize("NFD", "ế" * 41)
    assert UnknownLevel(given=given, accepted=()).vi.startswith(f"Không có mức “{'ế' * 40}…”")


@pytest.mark.parametrize("kind", [BadField, *BadField.__subclasses__()])
def test_a_field_is_no_school_and_no_sentence_mixes_languages(kind: type[BadField]) -> None:
    refused = kind(field="regular")
    assert refused.vi.startswith("Mục “regular” ")
    assert refused.en.startswith("The field “regular” ")
    assert " / " not in refused.vi + refused.en
    assert not {"list", "text", "object", "a"} & set(refused.vi.replace(",", " ").split())
