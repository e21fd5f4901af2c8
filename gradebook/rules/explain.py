"""Sentences for steps, in Vietnamese or English, from the data that a result carries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, Protocol

from gradebook.rules.messages import MESSAGES, Message
from gradebook.rules.messages_year import LACKING, WORDS, YEAR_MESSAGES
from gradebook.rules.steps import Check, Commented, Fact, Figure, Listing, Scored, Step
from gradebook.rules.subjects import NAMES, subject_name

Language = Literal["vi", "en"]

SENTENCES: dict[str, Message] = {**MESSAGES, **YEAR_MESSAGES}

# Conditions that share a sentence
_SHARED = {"core": "one_of", "specialised": "one_of", "mean": "mean_reached"}
_COMPONENTS = frozenset({"regular", "periodic", "midterm", "final", "term1", "term2"})


class Explained(Protocol):
    """Any result that shows how it came about."""

    @property
    def steps(self) -> Sequence[Step]:
        """The steps in order."""


def sentence(step: Step, language: Language = "vi") -> str:
    """Return one step as a sentence with its numbers, ending in the article in brackets."""
    code = step.code
    if isinstance(step, Figure):
        fields = _figure(step, language)
    elif isinstance(step, Listing):
        fields = {
            "scored": _items(step.scored, language),
            "commented": _items(step.commented, language),
        }
    elif isinstance(step, Check):
        fields = _check(step, language)
        code = _SHARED.get(code, code)
    else:
        fields = {name: _word(name, value, language) for name, value in step.params.items()}
    words = _pick(SENTENCES[code], language).format_map(fields)
    return f"{words[:1].upper()}{words[1:]} [{step.article}]"


def explanation(result: Explained, language: Language = "vi") -> list[str]:
    """Return every step of a result as a sentence, in order; what is lacking and warnings last."""
    said = [sentence(step, language) for step in result.steps]
    next_level = getattr(result, "next_level", None)
    if next_level is not None:
        said.append(f"{next_level}: {blocking(result, language)}")
    said.extend(sentence(step, language) for step in getattr(result, "warnings", ()))
    return said


def blocking(result: object, language: Language = "vi") -> str:
    """Return what holds the next level or title back: `thiếu 1 môn đạt từ 8,0: Toán 7,9`.

    Several conditions are parted by semicolons; empty when nothing is lacking.
    """
    lacking: Iterable[Check | Fact] = getattr(result, "blocking", ())
    return "; ".join(
        _lacking(each, language) if isinstance(each, Check) else sentence(each, language)
        for each in lacking
    )


def number(value: Decimal, language: Language = "vi") -> str:
    """Return a figure as people of that language write it: 7,9 or 7.9."""
    return f"{value:f}".replace(".", ",") if language == "vi" else f"{value:f}"


def _pick(message: Message, language: Language) -> str:
    return message.vi if language == "vi" else message.en


def _figure(step: Figure, language: Language) -> dict[str, str]:
    formula = step.formula.replace(".", ",") if language == "vi" else step.formula
    cut = "…" if step.cut else ""
    return {
        "formula": formula,
        "unrounded": number(step.unrounded, language) + cut,
        "rounded": number(step.rounded, language),
    }


def _check(step: Check, language: Language) -> dict[str, str]:
    value = step.items[0].value if step.items else ""
    return {
        "level": step.level,
        "threshold": _plain(step.threshold, language),
        "required": str(step.required),
        "found": str(step.found),
        "items": _items(step.items, language),
        "value": _plain(value, language),
        "short": str(step.required - step.found),
        "met": _pick(WORDS["met" if step.met else "unmet"], language),
    }


def _lacking(check: Check, language: Language) -> str:
    return _pick(LACKING[check.code], language).format_map(_check(check, language))


def _items(items: Sequence[Scored | Commented], language: Language) -> str:
    shown = ", ".join(f"{_named(item, language)} {_plain(item.value, language)}" for item in items)
    return shown or _pick(WORDS["none"], language)


def _named(item: Scored | Commented, language: Language) -> str:
    """The name given with the subject; in English, our own for a usual one."""
    if language == "en" and item.name == subject_name(item.code) and item.code in NAMES:
        return NAMES[item.code][1]
    return item.name


def _word(name: str, value: object, language: Language) -> str:
    if value is None:
        return _pick(WORDS["unknown"], language)
    if name == "met":
        return _pick(WORDS["met" if value else "unmet"], language)
    if name in ("head", "pupil") and isinstance(value, tuple):
        return str(value[0] if language == "vi" else value[1])
    if isinstance(value, tuple):
        shown = (
            ": ".join(map(str, each)) if isinstance(each, tuple) else _plain(each, language)
            for each in value
        )
        return ", ".join(shown) or _pick(WORDS["none"], language)
    if name == "what" and value in _COMPONENTS:
        return _pick(WORDS[str(value)], language)
    if name == "code" and isinstance(value, str) and value in NAMES:
        return NAMES[value][language == "en"]
    return _plain(value, language)


def _plain(value: object, language: Language) -> str:
    return number(value, language) if isinstance(value, Decimal) else str(value)
