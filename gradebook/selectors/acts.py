"""Acts over many cells as pages list and show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from gradebook.models import EntryAct
from gradebook.rules.verdicts import Part, from_json
from schoolbook.models import Student, User
from schoolbook.rules.preview import Outcome


@dataclass(frozen=True, slots=True)
class ActRow:
    """One cell, or row of a file, of an act; `outcome` is a value of Outcome."""

    title: str
    address: str
    who: str
    head: str
    outcome: str
    before: str
    after: str
    sentence: str


@dataclass(frozen=True)
class ActSheet:
    """One sheet of an act with its counts by outcome, and what is to be said of it."""

    title: str
    name: str
    counts: dict[str, int]
    notes: tuple[str, ...]


def acts_of(user: User) -> QuerySet[EntryAct]:
    """The acts of a person, newest first, without their cells."""
    found = EntryAct.objects.visible_to(user).filter(made_by=user).defer("content")
    return found.select_related("year", "undoes").order_by("-pk")


def sheets_of(act: EntryAct) -> list[ActSheet]:
    """The sheets of an act."""
    return [
        ActSheet(
            title=part.title,
            name=part.name,
            counts={outcome.value: part.count(outcome) for outcome in Outcome},
            notes=tuple(": ".join(filter(None, [one.who, one.sentence])) for one in part.notes),
        )
        for part in from_json(act.content)
    ]


def rows_of(act: EntryAct, outcome: str = "") -> list[ActRow]:
    """What becomes of each cell; all, or those with one outcome. One query."""
    parts = from_json(act.content)
    names = _names(act, {cell.student_id for part in parts for cell in part.cells})
    rows = [row for part in parts for row in _rows(part, names)]
    return [row for row in rows if outcome in {"", row.outcome}]


def _rows(part: Part, names: dict[int, str]) -> Sequence[ActRow]:
    refused = Outcome.REFUSED.value
    return [
        *(
            ActRow(part.title, one.address, one.who, "", refused, "", "", one.sentence)
            for one in part.refused
        ),
        *(
            ActRow(
                part.title,
                cell.address,
                names.get(cell.student_id, ""),
                part.head(cell),
                cell.verdict.value,
                cell.before,
                cell.after,
                cell.sentence,
            )
            for cell in part.cells
        ),
    ]


def _names(act: EntryAct, ids: Collection[int]) -> dict[int, str]:
    known = Student.every.filter(school=act.school_id, pk__in=ids)
    return dict(known.values_list("pk", "full_name"))


def named(act: EntryAct, cells: Sequence[Any]) -> list[ActRow]:
    """Cells that stand in the way of an act, with the names of pupils and columns. One query, none for no cell."""
    if not cells:
        return []
    names = _names(act, {cell.student_id for cell in cells})
    heads = {key: head for part in from_json(act.content) for key, head in part.heads.items()}
    return [
        ActRow(
            title=cell.title,
            address="",
            who=names.get(cell.student_id, ""),
            head=heads.get(f"{cell.component}-{cell.number}", ""),
            outcome=Outcome.REFUSED.value,
            before="",
            after="",
            sentence=cell.sentence,
        )
        for cell in cells
    ]
