"""Taking back an act as a whole: what stood before is written again, and the history keeps both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradebook import access
from gradebook.models import ActKind, ActState, EntryAct, Mark, MarkSheet
from gradebook.rules.typed import BLANK
from gradebook.rules.verdicts import Part, Planned, as_json, from_json
from gradebook.selectors.books import Held, Place, held
from gradebook.services.acts.applying import as_it_was
from gradebook.services.acts.previewing import enter
from gradebook.services.acts.writing import (
    Done,
    NotAsShown,
    Trouble,
    key_of,
    place_of,
    write,
)
from gradebook.services.marks import Edit
from schoolbook import audit
from schoolbook.errors import Invalid
from schoolbook.models import User
from schoolbook.rules.preview import Outcome


@transaction.atomic
def undo(*, act_id: int, actor: User) -> Done:
    """Write back what every cell held before the act, or nothing; as one act of its own. Undoing twice is once.

    It is possible only while every cell that the act wrote still is as the act left it. An undoing cannot be undone:
    whoever wants the act again makes it anew. Raises Http404, PermissionDenied, Invalid, and NotAsShown with the cells
    that have changed since.
    """
    act = access.act(actor, act_id, lock=True)
    if act.kind == ActKind.UNDO:
        raise Invalid({"__all__": _("An undoing cannot be undone. Make the act anew.")})
    if act.state == ActState.PREVIEWED:
        raise Invalid({"__all__": _("This was never applied.")})
    if act.state == ActState.UNDONE:
        undoing = EntryAct.objects.select_related("year").get(undoes=act)
        return Done(undoing, as_it_was(undoing, actor))
    parts = {place_of(part): part for part in from_json(act.content)}
    wrote = _written(act)
    troubles = _troubles(wrote, parts)
    if troubles:
        raise NotAsShown(_cannot(), tuple(troubles))
    earlier = _earlier(wrote)
    undoing = _begun(act, [_part(parts[place], wrote[place], earlier) for place in wrote], actor)
    edits = {
        place: [_edit(undoing, act, place, row, earlier) for row in found]
        for place, found in wrote.items()
    }
    titles = {place: part.title for place, part in parts.items()}
    outcomes = write(undoing, edits, titles, same={}, sentence=_cannot(), actor=actor)
    act.state, act.undone_at = ActState.UNDONE, undoing.applied_at
    act.save(update_fields=["state", "undone_at"])
    audit.record([act], actor=actor)
    return Done(undoing, outcomes)


def _begun(act: EntryAct, parts: Sequence[Part], actor: User) -> EntryAct:
    """The act that undoes another; nothing is written back yet."""
    now = timezone.now()
    undoing = EntryAct(
        school_id=act.school_id,
        year=act.year,
        kind=ActKind.UNDO,
        state=ActState.APPLIED,
        changed=sum(len(part.cells) for part in parts),
        content=as_json(parts),
        made_by=actor,
        made_at=now,
        applied_at=now,
        undoes=act,
    )
    enter(undoing, actor)
    return undoing


def in_the_way(act: EntryAct) -> tuple[Trouble, ...]:
    """The cells that keep an applied act from being undone; none where nothing has changed since. Three queries."""
    parts = {place_of(part): part for part in from_json(act.content)}
    return tuple(_troubles(_written(act), parts))


def _cannot() -> str:
    return str(_("This cannot be undone any more, because cells have changed since."))


def _written(act: EntryAct) -> dict[Place, list[Any]]:
    """The history rows that the act wrote, by sheet."""
    kept: Any = Mark.history.filter(act=act).order_by("history_id")
    found = list(kept)
    places = {
        sheet.pk: Place(
            sheet.term,
            sheet.class_subject_id,
            None if sheet.class_subject_id else sheet.class_group_id,
        )
        for sheet in MarkSheet.objects.filter(pk__in={row.sheet_id for row in found})
    }
    wrote: dict[Place, list[Any]] = defaultdict(list)
    for row in found:
        wrote[places[row.sheet_id]].append(row)
    return wrote


def _troubles(wrote: Mapping[Place, Sequence[Any]], parts: Mapping[Place, Part]) -> list[Trouble]:
    ids = [row.id for found in wrote.values() for row in found]
    now = dict(Mark.objects.filter(pk__in=ids).values_list("pk", "version"))
    return [
        Trouble(
            row.student_id,
            row.component,
            row.number,
            _("This cell has changed since."),
            parts[place].title,
        )
        for place, found in wrote.items()
        for row in found
        if now.get(row.id) != row.version
    ]


def _earlier(wrote: Mapping[Place, Sequence[Any]]) -> dict[int, Held]:
    """What each of the marks held before; nothing where the act made it."""
    before = {row.id: row.version - 1 for found in wrote.values() for row in found}
    kept: Any = Mark.history.filter(id__in=before, version__in=set(before.values()))
    return {row.id: held(row) for row in kept if before[row.id] == row.version}


def _edit(
    undoing: EntryAct, act: EntryAct, place: Place, row: Any, earlier: Mapping[int, Held]
) -> Edit:
    before = earlier.get(row.id, Held())
    # What only an import may bring, or a pupil who has left, takes a blank only from where the figure came.
    source = act.source if before.entry == BLANK else before.source
    return Edit(
        key=key_of(undoing, place, (row.student_id, row.component, row.number)),
        student_id=row.student_id,
        component=row.component,
        number=row.number,
        typed=before.entry.shown,
        seen=row.version,
        reason=_("Act %(number)s undone") % {"number": act.pk},
        source=source,
    )


def _part(part: Part, found: Sequence[Any], earlier: Mapping[int, Held]) -> Part:
    cells = [
        Planned(
            student_id=row.student_id,
            component=row.component,
            number=row.number,
            typed=earlier.get(row.id, Held()).entry.shown,
            seen=row.version,
            verdict=Outcome.CHANGED,
            before=held(row).entry.shown,
            after=earlier.get(row.id, Held()).entry.shown,
        )
        for row in found
    ]
    return Part(
        title=part.title,
        term=part.term,
        class_subject_id=part.class_subject_id,
        class_group_id=part.class_group_id,
        heads=part.heads,
        cells=tuple(cells),
    )
