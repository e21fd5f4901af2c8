"""What an act over many cells would do, cell by cell, as the act keeps it. Plain Python, no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from schoolbook.rules.preview import Outcome

CellKey = tuple[int, str, int]  # pupil, component, number


@dataclass(frozen=True, slots=True)
class Planned:
    """One cell: what was typed, the version that was seen, and what becomes of it.

    `before` and `after` are what the cell shows; `sentence` says why it is refused, or what to know of it.
    """

    student_id: int
    component: str
    number: int
    typed: str
    seen: int
    verdict: Outcome
    before: str = ""
    after: str = ""
    sentence: str = ""
    address: str = ""

    @property
    def key(self) -> CellKey:
        """Which cell it is."""
        return (self.student_id, self.component, self.number)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about a place in a file: a row or column that is refused, or a remark."""

    sentence: str
    address: str = ""
    who: str = ""


@dataclass(frozen=True)
class Part:
    """What the act does on one sheet; without `class_subject_id` and `class_group_id` it is a sheet of a file refused.

    `name` is that of the sheet in the file, `heads` how the columns are headed, by component and number.
    """

    title: str
    term: int = 0
    class_subject_id: int | None = None
    class_group_id: int | None = None
    name: str = ""
    heads: Mapping[str, str] = field(default_factory=dict)
    cells: tuple[Planned, ...] = ()
    refused: tuple[Said, ...] = ()
    notes: tuple[Said, ...] = ()

    def count(self, verdict: Outcome) -> int:
        """How many cells, or rows of the file, have this verdict."""
        more = len(self.refused) if verdict is Outcome.REFUSED else 0
        return more + sum(cell.verdict is verdict for cell in self.cells)

    def head(self, cell: Planned) -> str:
        """How the column of a cell is headed."""
        return self.heads.get(f"{cell.component}-{cell.number}", "")


def as_json(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The form that JSON keeps."""
    return [{**asdict(part), "heads": dict(part.heads)} for part in parts]


def from_json(content: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The way back."""
    return tuple(
        Part(
            **{
                **part,
                "cells": tuple(
                    Planned(**{**cell, "verdict": Outcome(cell["verdict"])})
                    for cell in part["cells"]
                ),
                "refused": tuple(Said(**one) for one in part["refused"]),
                "notes": tuple(Said(**one) for one in part["notes"]),
            }
        )
        for part in content
    )
