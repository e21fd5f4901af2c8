"""Looking at an act before it is done: what would become of each cell, and nothing is written but the act itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradebook import access, words
from gradebook.models import ActKind, ActState, EntryAct
from gradebook.rules import RulesError
from gradebook.rules.columns import TAKEN_OVER, Column, Component, ValueKind
from gradebook.rules.results import Results
from gradebook.rules.typed import BLANK, Entry, read, taken_over
from gradebook.rules.verdicts import Part, Planned, Said, as_json
from gradebook.selectors.books import NOTHING, Book, Held, Key, Place, marks_of
from gradebook.services import marks
from gradebook.services.marks import Answer, Edit, Status
from schoolbook import audit
from schoolbook.excel import plain
from schoolbook.models import SchoolYear, User
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action
from schoolbook.rules.preview import Outcome


@dataclass(frozen=True, slots=True)
class Wanted:
    """One cell as somebody wants it; without `seen` the version of this moment is taken for seen."""

    student_id: int
    component: str
    number: int
    typed: str
    seen: int | None = None
    address: str = ""

    @property
    def cell(self) -> Key:
        """Which cell it is."""
        return (self.student_id, self.component, self.number)


@dataclass(frozen=True)
class Asked:
    """What an act wants of one sheet, and what was refused or is to be said of it already."""

    place: Place
    cells: Sequence[Wanted]
    name: str = ""
    refused: Sequence[Said] = ()
    notes: Sequence[Said] = ()


@dataclass(frozen=True)
class Looked:
    """One sheet looked at; `results` are those that its pupils would have, where something would be written."""

    part: Part
    book: Book
    results: Mapping[int, Results] = field(default_factory=dict)


def preview(*, kind: ActKind, asked: Sequence[Asked], actor: User) -> EntryAct:
    """Look at what a paste or fill would do, and record it as an act that can be applied.

    Each cell is new, changed, the same or refused with a sentence, by the same rules as typing. A blank cell clears
    nothing. Raises Http404 and PermissionDenied as `access.book` does.
    """
    looked = [look(one, actor) for one in asked]
    year = looked[0].book.year
    return record(EntryAct(kind=kind, year=year), [one.part for one in looked], actor)


@transaction.atomic
def record(act: EntryAct, parts: Sequence[Part], actor: User) -> EntryAct:
    """Enter an act that was only looked at; its kind, year, source and file are set already."""
    year: SchoolYear = act.year
    act.school_id = year.school_id
    act.state, act.made_by, act.made_at = ActState.PREVIEWED, actor, timezone.now()
    act.content = as_json(parts)
    for outcome in Outcome:
        setattr(act, outcome.value, sum(part.count(outcome) for part in parts))
    enter(act, actor)
    return act


def enter(act: EntryAct, actor: User) -> None:
    """Enter an act with its history; the caller has opened the transaction."""
    act.save(force_insert=True)
    audit.record([act], actor=actor, created=True)


@transaction.atomic
def look(asked: Asked, actor: User, source: str = "") -> Looked:
    """What would become of the cells of one sheet; whoever may not write there is refused as a whole.

    It is tried out: saved by the one writer of marks, and taken back before anybody sees it. So a preview never
    promises what a save would refuse. Raises Http404, PermissionDenied.
    """
    book = access.book(actor, asked.place, to=Action.ENTER_MARKS)
    current = marks_of([book.sheet])[book.term] if book.sheet else {}
    known: dict[int, Planned] = {}
    trying: dict[int, Edit] = {}
    met: set[Key] = set()
    for place, one in enumerate(asked.cells):
        before = current.get(one.cell, NOTHING)
        column = column_of(book, one, source)
        decided = _known(one, before, column, source, twice=one.cell in met)
        met.add(one.cell)
        if isinstance(decided, Planned):
            known[place] = decided
        else:
            trying[place] = decided
    results: Mapping[int, Results] = {}
    if trying:
        with transaction.atomic():
            tried = marks.save(place=book.place, edits=list(trying.values()), actor=actor)
            transaction.set_rollback(True)
        results = tried.results
        for (place, edit), answer in zip(trying.items(), tried.answers, strict=True):
            before = current.get(edit.cell, NOTHING)
            known[place] = _planned(asked.cells[place], before, answer)
    cells = tuple(known[place] for place in range(len(asked.cells)))
    return Looked(_part(book, asked, cells, source), book, results)


def column_of(book: Book, one: Wanted, source: str) -> Column | None:
    """The column of a cell; with a source also those of results that only another system brings."""
    if source and one.component in TAKEN_OVER and one.number == 1 and book.class_subject:
        component = Component(one.component)
        return taken_over(book.scheme, component, book.assessed_by, book.term)
    return book.by_key.get((one.component, one.number))


def _known(
    one: Wanted, before: Held, column: Column | None, source: str, *, twice: bool
) -> Planned | Edit:
    """What needs no trying: a cell that stands twice, a blank one, and one that holds this already."""
    seen = before.version if one.seen is None else one.seen
    if twice:
        return _plan(one, seen, Outcome.REFUSED, before, sentence=_("This cell is here twice."))
    if not one.typed.strip():
        said = _("A blank cell clears nothing.") if before.entry != BLANK else ""
        return _plan(one, seen, Outcome.SAME, before, sentence=said)
    if column is not None and _is_there(one.typed, before, column, source):
        return _plan(one, before.version, Outcome.SAME, before)
    key = uuid4()
    return Edit(key, one.student_id, one.component, one.number, one.typed, seen, source=source)


def _is_there(typed: str, before: Held, column: Column, source: str) -> bool:
    try:
        entry = read(typed, column)
    except RulesError:
        return False
    if source and before.source != source:
        return False
    if column.kind is ValueKind.TEXT:
        # A spreadsheet brings a remark of several lines in one.
        return _one_line(entry) == _one_line(before.entry)
    return entry == before.entry


def _one_line(entry: Entry) -> str:
    return plain(tidy(entry.text))


def _planned(one: Wanted, before: Held, answer: Answer) -> Planned:
    seen, shown = answer.edit.seen, answer.shown
    match answer.status:
        case Status.SAVED:
            outcome = Outcome.NEW if before.entry == BLANK else Outcome.CHANGED
            return _plan(one, seen, outcome, before, after=shown)
        case Status.CONFLICT:
            return _plan(one, seen, Outcome.REFUSED, before, sentence=conflict(answer))
        case Status.REFUSED:
            return _plan(one, seen, Outcome.REFUSED, before, sentence=answer.sentence)
        case _:
            return _plan(one, answer.version, Outcome.SAME, before)


def conflict(answer: Answer) -> str:
    """Who changed a cell since it was seen, and to what."""
    said = {"author": answer.author, "value": answer.shown or "–"}
    return _("%(author)s has changed this cell since: it now holds “%(value)s”.") % said


def _plan(
    one: Wanted,
    seen: int,
    verdict: Outcome,
    before: Held,
    *,
    after: str | None = None,
    sentence: str = "",
) -> Planned:
    shown = before.entry.shown
    if after is None:
        after = one.typed if verdict is Outcome.REFUSED else shown
    return Planned(
        one.student_id,
        one.component,
        one.number,
        one.typed,
        seen,
        verdict,
        shown,
        after,
        sentence,
        one.address,
    )


def _part(book: Book, asked: Asked, cells: tuple[Planned, ...], source: str) -> Part:
    heads = {}
    for one in asked.cells:
        column = column_of(book, one, source)
        heads[f"{one.component}-{one.number}"] = words.head(column, book.term) if column else ""
    return Part(
        title=words.sheet_title(book),
        term=book.term,
        class_subject_id=asked.place.class_subject_id,
        class_group_id=asked.place.class_group_id,
        name=asked.name,
        heads=heads,
        cells=cells,
        refused=tuple(asked.refused),
        notes=tuple(asked.notes),
    )
