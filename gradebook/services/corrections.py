"""An approved correction is written: the only way to change a cell of a closed sheet (R-120 – R-134; invariant 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from gradebook.models import Dispensation, Mark
from gradebook.rules import RulesError
from gradebook.rules.typed import Entry, read
from gradebook.selectors.books import NOTHING, Book, Held, Key, Place, marks_of, pupils
from gradebook.services import cells, results, sheets, sign_offs
from schoolbook import access as kernel
from schoolbook.correctable import Overtaken
from schoolbook.models import User
from schoolbook.rules.permissions import Action
from schoolbook.services import rows


@dataclass(frozen=True, slots=True)
class Corrected:
    """One cell of the request: from which version it is corrected, and what is to stand there as it is typed."""

    component: str
    number: int
    old_version: int
    typed: str


@dataclass(frozen=True)
class Approval:
    """What lets the cells change: the number of the request, who approved it, and the reason given."""

    correction: int
    approved_by: User
    reason: str


@transaction.atomic
def apply_correction(
    *, place: Place, student_id: int, wanted: Sequence[Corrected], approval: Approval, actor: User
) -> Book:
    """Write the cells of an approved request, each against the version it was asked for; all or none.

    Each has a dispensation, which the database asks for where the sheet is closed, and a history row that names it.
    Results follow, and a confirmation of the sheet or class falls and is asked for again (R-149). Raises Overtaken
    where a cell is another one by now, Http404, PermissionDenied.
    """
    kernel.require(actor, Action.APPLY_CORRECTIONS)
    book = sheets.locked(actor, place, to=Action.APPLY_CORRECTIONS)
    held = marks_of(book.sheets.values(), [student_id])
    mine = held[book.term]
    writing = [(one, *_content(book, student_id, one, mine)) for one in wanted]
    for one, _entry, before in writing:
        if before.version != one.old_version:
            raise _overtaken(book, (student_id, one.component, one.number), before)
    made = [
        _put(book, student_id, one, entry, before, approval, actor)
        for one, entry, before in writing
    ]
    mine |= dict(made)
    pupil = pupils(book, [student_id])
    results.store(book, pupil, held, actor=actor, reason=approval.reason)
    sign_offs.break_if_signed(book, actor=actor, reason=approval.reason)
    return book


def _content(
    book: Book, student_id: int, one: Corrected, mine: Mapping[Key, Held]
) -> tuple[Entry, Held]:
    """What is to stand in the cell, and what stands there; a column that is gone since is as good as overtaken."""
    cell = (student_id, one.component, one.number)
    before = mine.get(cell, NOTHING)
    column = book.by_key.get((one.component, one.number))
    if column is None:
        raise _overtaken(book, cell, before)
    try:
        return read(one.typed, column), before
    except RulesError as error:
        raise _overtaken(book, cell, before) from error


def _put(
    book: Book,
    student_id: int,
    one: Corrected,
    entry: Entry,
    before: Held,
    approval: Approval,
    actor: User,
) -> tuple[Key, Held]:
    cell = (student_id, one.component, one.number)
    given: dict[str, Any] = {
        "state": entry.state.value,
        "score": entry.score,
        "level": entry.level,
        "text": entry.text,
        "note": entry.note,
    }
    leave = rows.enter(
        Dispensation(
            school=book.school,
            sheet=book.sheets[book.term],
            student_id=student_id,
            component=one.component,
            number=one.number,
            old_version=before.version,
            old=before.entry.shown,
            correction=approval.correction,
            approved_by=approval.approved_by,
            reason=approval.reason,
            **given,
        ),
        actor=actor,
        reason=approval.reason,
    )
    row = cells.mark(book, cell, entry, version=before.version + 1)
    more = {"history_change_reason": approval.reason, "dispensation": leave}
    (written,) = cells.put([row], actor=actor, more=[more])
    return cell, Held(entry, written.version, written.pk)


def _overtaken(book: Book, cell: Key, now: Held) -> Overtaken:
    """Who changed the cell meanwhile, and to what."""
    kept: Any = Mark.history.filter(id=now.id).order_by("-history_id").first() if now.id else None
    column = book.by_key.get(cell[1:])
    return Overtaken(
        label=column.name if column else f"{cell[1]} {cell[2]}",
        shown=now.entry.shown,
        author=kept.actor_name if kept else "",
        at=kept.history_date if kept else None,
    )
