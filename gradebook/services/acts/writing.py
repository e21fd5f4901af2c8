"""Writing the cells of an act: the sheets locked in one order, everything or nothing, the same keys each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Min, Q
from django.utils.translation import gettext as _

from gradebook import words
from gradebook.models import EntryAct, MarkSheet
from gradebook.rules.entering import Why
from gradebook.rules.verdicts import Part, Planned
from gradebook.selectors.books import NOTHING, Book, Key, Place, marks_of
from gradebook.services import marks
from gradebook.services.acts.previewing import conflict
from gradebook.services.marks import Answer, Edit, Outcome, Status
from schoolbook.errors import SchoolbookError
from schoolbook.models import ClassGroup, ClassSubject, User

# The keys of the edits of an act are made from its number and the cell: sent again, they write nothing again.
NAMESPACE = UUID("6f2f3c1e-58b5-5d0c-9a55-1f6d3f0a6b11")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A cell that stands in the way of an act, and why; `why` where it is not about what was to be written."""

    student_id: int
    component: str
    number: int
    sentence: str
    title: str = ""
    why: Why | None = None


@dataclass
class NotAsShown(SchoolbookError):
    """Cells are no longer as the act needs them, so nothing was written; `cells` says which and why."""

    sentence: str
    cells: tuple[Trouble, ...]


@dataclass(frozen=True)
class Done:
    """An act that is done, with what became of its cells, sheet by sheet."""

    act: EntryAct
    outcomes: tuple[Outcome, ...]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers of all sheets."""
        return tuple(answer for outcome in self.outcomes for answer in outcome.answers)


def place_of(part: Part) -> Place:
    """Where the sheet of a part is."""
    return Place(part.term, part.class_subject_id, part.class_group_id)


def key_of(act: EntryAct, place: Place, cell: Key) -> UUID:
    """The key of one edit of an act; the same whenever it is asked for."""
    where = f"{place.term}:{place.class_subject_id}:{place.class_group_id}"
    return uuid5(NAMESPACE, f"{act.pk}:{where}:{cell[0]}:{cell[1]}:{cell[2]}")


def lock_order(places: Sequence[Place]) -> list[Place]:
    """The places in the order in which their sheets are locked: by the ids of these.

    What has no sheet yet is held by its subject or class first, so that nobody makes the sheet meanwhile; such sheets
    get higher ids than all others. In one query, or four where sheets are still to be made.
    """
    first = _first_sheets(places)
    missing = [place for place in places if _owner(place) not in first]
    if missing:
        subjects = {one.class_subject_id for one in missing if one.class_subject_id}
        groups = {one.class_group_id for one in missing if one.class_group_id}
        if subjects:
            list(_held(ClassSubject).filter(pk__in=subjects))
        if groups:
            list(_held(ClassGroup).filter(pk__in=groups))
        first = _first_sheets(places)

    def turn(place: Place) -> tuple[bool, int, tuple[bool, int]]:
        owner = _owner(place)
        return (owner not in first, first.get(owner, 0), owner)

    return sorted(places, key=turn)


def _held(model: Any) -> Any:
    return model.objects.select_for_update(no_key=True).order_by("pk")


def _owner(place: Place) -> tuple[bool, int]:
    """The subject of a class, or the class itself."""
    if place.class_subject_id is not None:
        return (False, place.class_subject_id)
    return (True, place.class_group_id or 0)


def _first_sheets(places: Sequence[Place]) -> dict[tuple[bool, int], int]:
    subjects = [place.class_subject_id for place in places if place.class_subject_id]
    groups = [place.class_group_id for place in places if place.class_group_id]
    of_places = Q(class_subject__in=subjects) | Q(class_subject=None, class_group__in=groups)
    found = (
        MarkSheet.objects.filter(of_places)
        .values_list("class_subject", "class_group")
        .annotate(first=Min("pk"))
    )
    return {
        (subject is None, group if subject is None else subject): first
        for subject, group, first in found
    }


def write(
    act: EntryAct,
    edits: Mapping[Place, Sequence[Edit]],
    titles: Mapping[Place, str],
    *,
    same: Mapping[Place, Sequence[Planned]],
    sentence: str,
    actor: User,
) -> tuple[Outcome, ...]:
    """Save the edits of all sheets, all or nothing; cells in `same` must still be as they were seen.

    The caller has opened the transaction. Raises NotAsShown, Http404, PermissionDenied.
    """
    outcomes, troubles = [], []
    for place in lock_order(list(edits)):
        outcome = marks.save(place=place, edits=edits[place], actor=actor, act=act)
        outcomes.append(outcome)
        troubles += [
            Trouble(*cell.key, _("This cell has changed since."), titles[place])
            for cell in _changed(outcome.book, same.get(place, ()))
        ]
        troubles += [
            Trouble(*answer.edit.cell, _why(answer), titles[place], answer.why)
            for answer in outcome.answers
            if answer.status in {Status.REFUSED, Status.CONFLICT}
        ]
    if troubles:
        raise NotAsShown(_told(troubles) or sentence, tuple(troubles))
    return tuple(outcomes)


def _told(troubles: Sequence[Trouble]) -> str:
    """Why nothing was written, where it is not that cells have changed: all of them take the form."""
    if {one.why for one in troubles} == {Why.FORM_NEEDED}:
        return str(words.WHY[Why.FORM_NEEDED])
    return ""


def _changed(book: Book, cells: Sequence[Planned]) -> list[Planned]:
    """Those of the cells that are no longer of the version that was seen; the sheet is locked."""
    if not cells:
        return []
    now = marks_of([book.sheets[book.term]])[book.term]
    return [cell for cell in cells if now.get(cell.key, NOTHING).version != cell.seen]


def _why(answer: Answer) -> str:
    return conflict(answer) if answer.status is Status.CONFLICT else answer.sentence
