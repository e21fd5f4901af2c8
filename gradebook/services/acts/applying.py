"""Doing an act that was looked at: everything it showed, or nothing."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradebook import access
from gradebook.models import ActState, EntryAct, Mark, MarkSheet
from gradebook.rules.verdicts import Part, Planned, from_json
from gradebook.selectors.books import Place, entry_of
from gradebook.services.acts.writing import Done, key_of, place_of, write
from gradebook.services.marks import Answer, Edit, Status
from gradebook.services.marks import Outcome as Saved
from schoolbook import audit
from schoolbook.errors import Invalid
from schoolbook.models import User
from schoolbook.rules.preview import Outcome

WRITTEN = {Outcome.NEW, Outcome.CHANGED}


@transaction.atomic
def apply(*, act_id: int, leave_out: bool, actor: User) -> Done:
    """Write every new and changed cell of an act, or nothing. Applying twice is applying once.

    With `leave_out` what the preview refused is left out; else it holds back all. Whoever lost the right since writes
    nothing. Raises Http404, PermissionDenied, Invalid, and NotAsShown when a cell is no longer as the preview showed.
    """
    act = access.act(actor, act_id, lock=True)
    if act.state == ActState.UNDONE:
        raise Invalid({"__all__": _("This was undone. Make it anew.")})
    if act.state == ActState.APPLIED:
        return Done(act, as_it_was(act, actor))
    if act.refused and not leave_out:
        raise Invalid(
            {"leave_out": _("Some cells or rows are refused. Correct them, or leave them out.")}
        )
    edits: dict[Place, list[Edit]] = defaultdict(list)
    same: dict[Place, list[Planned]] = defaultdict(list)
    titles = {}
    for part in from_json(act.content):
        place = place_of(part)
        titles[place] = part.title
        edits[place] += _edits(act, part)
        same[place] += [cell for cell in part.cells if cell.verdict is Outcome.SAME]
    edits = {place: found for place, found in edits.items() if found}
    if not edits:
        raise Invalid({"__all__": _("There is nothing to write.")})
    sentence = _("Nothing was written: cells have changed since this preview was made.")
    outcomes = write(act, edits, titles, same=same, sentence=sentence, actor=actor)
    act.state, act.applied_at = ActState.APPLIED, timezone.now()
    act.save(update_fields=["state", "applied_at"])
    audit.record([act], actor=actor)
    return Done(act, outcomes)


def _edits(act: EntryAct, part: Part) -> list[Edit]:
    place = place_of(part)
    reason = _("Import %(number)s: %(file)s") % {"number": act.pk, "file": act.file_name}
    return [
        Edit(
            key=key_of(act, place, cell.key),
            student_id=cell.student_id,
            component=cell.component,
            number=cell.number,
            typed=cell.typed,
            seen=cell.seen,
            reason=reason if act.file_name else "",
            source=act.source,
        )
        for cell in part.cells
        if cell.verdict in WRITTEN
    ]


def as_it_was(act: EntryAct, actor: User) -> tuple[Saved, ...]:
    """What an act that is done did, for whoever sends it again: each cell as it was then, and no result."""
    kept: Any = Mark.history.filter(act=act).order_by("history_id")
    rows = defaultdict(list)
    for row in kept:
        rows[row.sheet_id].append(row)
    found = []
    for sheet in MarkSheet.objects.filter(pk__in=rows):
        of_subject = sheet.class_subject_id is not None
        place = Place(
            sheet.term, sheet.class_subject_id, None if of_subject else sheet.class_group_id
        )
        answers = tuple(_answer(row) for row in rows[sheet.pk])
        found.append(Saved(access.book(actor, place), answers))
    return tuple(found)


def _answer(row: Any) -> Answer:
    shown = entry_of(row).shown
    edit = Edit(row.client_key, row.student_id, row.component, row.number, shown, row.version - 1)
    return Answer(edit, Status.REPEATED, shown, row.version)
