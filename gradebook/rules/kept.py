"""The working of levels and titles as data that is kept for years, and sentences from it again (R-145).

Figures are texts, so that no float comes near them. What was kept is explained by the same sentences as what is
worked out today, in the language of the reader. Plain Python, no Django.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from gradebook.rules.explain import Language, explanation
from gradebook.rules.pupil import Levels
from gradebook.rules.steps import Check, Commented, Fact, Figure, Listing, Scored, Step

FORMAT = 1
KINDS: dict[str, Any] = {
    one.__name__: one for one in (Check, Commented, Fact, Figure, Listing, Scored)
}
DECIMAL, KIND = "$decimal", "$kind"


@dataclass(frozen=True)
class KeptPart:
    """How one thing came about, as the engine's results say it; `name` is level, conduct, title and so on."""

    name: str
    steps: tuple[Step, ...]
    next_level: str | None = None
    blocking: tuple[Check | Fact, ...] = ()
    warnings: tuple[Fact, ...] = ()

    def said(self, language: Language) -> list[str]:
        """The working in sentences."""
        return explanation(self, language)


def working(
    levels: Levels, inputs: Sequence[tuple[str, str, str]], scheme: str, version: str
) -> dict[str, Any]:
    """What is kept of a pupil's levels: the words, the `inputs` (subject, result, status), and every step."""
    parts = {
        "level": levels.primary or levels.academic,
        "conduct": levels.conduct_result,
        "title": levels.award,
        "again": levels.again,
        "summer": levels.summer,
        "promotion": levels.promotion,
    }
    return {
        "format": FORMAT,
        "scheme": scheme,
        "version": version,
        **words(levels),
        "inputs": [list(one) for one in inputs],
        "parts": [_part(name, found) for name, found in parts.items() if found is not None],
        "problems": [{"vi": one.vi, "en": one.en} for one in levels.problems],
    }


def words(levels: Levels) -> dict[str, str]:
    """Level, conduct and title in full, and what came after the summer; empty for none."""
    return {
        "level": levels.level or "",
        "conduct": levels.conduct or "",
        "title": levels.title or "",
        "level_again": levels.level_again or "",
        "conduct_again": levels.conduct_again or "",
    }


def parts(kept: Mapping[str, Any]) -> list[KeptPart]:
    """The parts of a working that was kept."""
    return [
        KeptPart(
            one["name"],
            _read(one["steps"]),
            one["next_level"],
            _read(one["blocking"]),
            _read(one["warnings"]),
        )
        for one in kept["parts"]
    ]


def _part(name: str, found: Any) -> dict[str, Any]:
    return {
        "name": name,
        "steps": _written(found.steps),
        "next_level": getattr(found, "next_level", None),
        "blocking": _written(getattr(found, "blocking", ())),
        "warnings": _written(getattr(found, "warnings", ())),
    }


def _written(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {DECIMAL: str(value)}
    if isinstance(value, Enum):
        return value.value
    if type(value).__name__ in KINDS:
        return {
            KIND: type(value).__name__,
            **{name: _written(each) for name, each in value._asdict().items()},
        }
    if isinstance(value, Mapping):
        return {name: _written(each) for name, each in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [_written(each) for each in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"a working does not keep {type(value).__name__}")


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_read(each) for each in value)
    if not isinstance(value, dict):
        return value
    if DECIMAL in value:
        return Decimal(value[DECIMAL])
    fields = {name: _read(each) for name, each in value.items() if name != KIND}
    return KINDS[value[KIND]](**fields) if KIND in value else fields
