"""The one writer of marks: lock, check, write, history, results, in one transaction (invariants 1 – 4, 10 – 12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gradebook import signals, words
from gradebook.models import EntryAct, Mark, MarkSheet
from gradebook.rules import RulesError
from gradebook.rules.closing import Closed
from gradebook.rules.columns import TAKEN_OVER, Column, Component
from gradebook.rules.entering import Situation, Why, why_not, why_not_this
from gradebook.rules.filing import needs_form
from gradebook.rules.results import Results
from gradebook.rules.typed import Entry, State, read, taken_over
from gradebook.selectors.books import NOTHING, Book, Held, Key, Place, Pupil, entry_of, marks_of
from gradebook.selectors.books import pupils as pupils_of
from gradebook.selectors.seals import sealed
from gradebook.services import cells, results, sheets, sign_offs
from gradebook.services.closed import judged_again
from schoolbook import clock
from schoolbook.models import User

MOST_EDITS = 2000


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell as somebody typed it, with the version of the cell that was seen and a key the client made.

    The key makes it safe to send the same edit again. `source` names the system from which a figure is taken over.
    """

    key: UUID
    student_id: int
    component: str
    number: int
    typed: str
    seen: int
    reason: str = ""
    source: str = ""

    @property
    def cell(self) -> Key:
        """Which cell it is of."""
        return (self.student_id, self.component, self.number)


class Status(StrEnum):
    """What became of an edit."""

    SAVED = "saved"
    UNCHANGED = "unchanged"
    REPEATED = (
        "repeated"  # the same key again: nothing was written, the answer is that of the first time
    )
    REFUSED = "refused"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one edit: the cell as it stands, or why not.

    For a conflict `shown` and `version` are the newer ones, `author` and `at` who made them and when. For a refusal
    `sentence` says why, and `why` is its code where it is not about what was typed.
    """

    edit: Edit
    status: Status
    shown: str = ""
    version: int = 0
    sentence: str = ""
    why: Why | None = None
    author: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """The answers in the order of the edits, and the results of the pupils whose cells were written."""

    book: Book
    answers: tuple[Answer, ...]
    results: Mapping[int, Results] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was refused and nothing was in conflict."""
        bad = {Status.REFUSED, Status.CONFLICT}
        return not any(answer.status in bad for answer in self.answers)


@judged_again
@transaction.atomic
def save(
    *,
    place: Place,
    edits: Sequence[Edit],
    actor: User,
    act: EntryAct | None = None,
) -> Outcome:
    """Write cells of one sheet; each edit is answered by itself, and one that is refused keeps none from being saved.

    A cell is written only against the version that was seen. Mark, history, results and the client's key commit
    together or not at all. In at most a dozen queries, however many edits. A caller that wants all or nothing looks
    at `Outcome.is_whole` inside its own transaction. Raises Http404, PermissionDenied.
    """
    book = sheets.locked(actor, place)
    work = _Work.begin(book, edits, actor, act)
    answers: dict[int, Answer] = {}
    for turn in _turns(edits):
        answers |= work.take(turn)
    stored = results.store(book, work.touched, work.cells, actor=actor)
    if work.touched:
        sign_offs.break_if_signed(book, actor=actor)
        sheet = book.sheets[book.term]
        cells = tuple(work.written)
        signals.cells_written.send(
            MarkSheet, sheet_id=sheet.pk, cells=cells, actor=actor, book=book
        )
    return Outcome(book, tuple(answers[place] for place in range(len(edits))), stored.by_pupil)


def _turns(edits: Sequence[Edit]) -> Iterable[list[tuple[int, Edit]]]:
    """The edits in turns, each with at most one of a cell: usually one turn."""
    turns: list[dict[Key, tuple[int, Edit]]] = []
    for place, edit in enumerate(edits):
        for turn in turns:
            if edit.cell not in turn:
                turn[edit.cell] = (place, edit)
                break
        else:
            turns.append({edit.cell: (place, edit)})
    return [list(turn.values()) for turn in turns]


@dataclass(frozen=True, slots=True)
class _Sent:
    """An edit of this key that was written before: into which cell of which sheet, what, and as which version."""

    sheet_id: int
    cell: Key
    entry: Entry
    version: int


@dataclass
class _Work:
    """One save under way: what is known of the sheet, and which pupils' cells were written."""

    book: Book
    actor: User
    act: EntryAct | None
    pupils: dict[int, Pupil]
    cells: dict[int, dict[Key, Held]]
    sent: dict[UUID, _Sent]
    sealed: frozenset[Key]
    touched: list[Pupil] = field(default_factory=list)
    written: dict[Key, None] = field(default_factory=dict)

    @classmethod
    def begin(cls, book: Book, edits: Sequence[Edit], actor: User, act: EntryAct | None) -> _Work:
        only = {edit.student_id for edit in edits}
        kept: Any = Mark.history.filter(
            history_user_id=actor.pk, client_key__in=[edit.key for edit in edits]
        )
        return cls(
            book=book,
            actor=actor,
            act=act,
            pupils={pupil.id: pupil for pupil in pupils_of(book, only)},
            cells=marks_of(book.sheets.values(), only),
            sent={
                row.client_key: _Sent(
                    row.sheet_id,
                    (row.student_id, row.component, row.number),
                    entry_of(row),
                    row.version,
                )
                for row in kept
            },
            sealed=sealed(book, only),
        )

    def take(self, turn: Sequence[tuple[int, Edit]]) -> dict[int, Answer]:
        """Answer one turn of edits, writing those that change something."""
        answers: dict[int, Answer] = {}
        writing: list[tuple[int, Edit, Entry, Held]] = []
        for place, edit in turn:
            decided = self._decide(edit)
            if isinstance(decided, Answer):
                answers[place] = decided
            else:
                writing.append((place, edit, *decided))
        if conflicts := [
            place for place, answer in answers.items() if answer.status is Status.CONFLICT
        ]:
            self._name_authors(answers, conflicts)
        for (place, edit, _entry, _before), held in zip(writing, self._write(writing), strict=True):
            answers[place] = Answer(edit, Status.SAVED, held.entry.shown, held.version)
        return answers

    def _decide(self, edit: Edit) -> Answer | tuple[Entry, Held]:
        """The answer, or what is to be written over what."""
        book, mine = self.book, self.cells[self.book.term]
        pupil = self.pupils.get(edit.student_id)
        column = _column(book, edit)
        if edit.key in self.sent:
            return self._repeated(edit, column)
        now = clock.today()
        left = pupil.left_on if pupil and pupil.has_left(now) else None
        before = mine.get(edit.cell, NOTHING)
        has_value = before.entry.state is not State.BLANK
        situation = Situation(
            has_right=book.may_enter,
            is_taught=book.is_taught,
            is_on_sheet=pupil is not None,
            left_on=left,
            closed=book.closing.closes(edit.cell, has_value=has_value),
            is_sealed=edit.cell in self.sealed,
            needs_form=needs_form(book.regulation.correction_form, has_value=has_value),
            takes_over=bool(edit.source),
            **({"standing": pupil.standings[book.term]} if pupil else {}),
        )
        why = why_not(column, situation)
        if why is not None:
            return self._refused(edit, why, before, situation.closed)
        assert column
        try:
            entry = read(edit.typed, column)
        except RulesError as error:
            return Answer(
                edit, Status.REFUSED, before.entry.shown, before.version, words.sentence(error)
            )
        if entry == before.entry and (entry == Entry() or edit.source == before.source):
            return Answer(edit, Status.UNCHANGED, entry.shown, before.version)
        why = why_not_this(entry, situation)
        if why is not None:
            return self._refused(edit, why, before)
        if edit.seen != before.version:
            return Answer(edit, Status.CONFLICT, before.entry.shown, before.version)
        return entry, before

    def _refused(self, edit: Edit, why: Why, before: Held, closed: Closed | None = None) -> Answer:
        sentence = words.reason(why, closed, self.book.regulation.correction_form)
        return Answer(edit, Status.REFUSED, before.entry.shown, before.version, sentence, why)

    def _repeated(self, edit: Edit, column: Column | None) -> Answer:
        first = self.sent[edit.key]
        try:
            same = column is not None and read(edit.typed, column) == first.entry
        except RulesError:
            same = False
        here = first.cell == edit.cell and first.sheet_id == self.book.sheets[self.book.term].pk
        if not (same and here):
            return Answer(
                edit,
                Status.REFUSED,
                sentence=_("This edit was sent before with something else in it. Type it again."),
            )
        return Answer(edit, Status.REPEATED, first.entry.shown, first.version)

    def _name_authors(self, answers: dict[int, Answer], places: Sequence[int]) -> None:
        mine = self.cells[self.book.term]
        ids = {
            mine[answers[place].edit.cell].id
            for place in places
            if answers[place].edit.cell in mine
        }
        kept: Any = Mark.history.filter(id__in=ids).order_by("id", "-history_id").distinct("id")
        newest = {(row.student_id, row.component, row.number): row for row in kept}
        for place in places:
            row = newest.get(answers[place].edit.cell)
            if row is not None:
                answers[place] = replace(answers[place], author=row.actor_name, at=row.history_date)

    def _write(self, writing: Sequence[tuple[int, Edit, Entry, Held]]) -> list[Held]:
        book = self.book
        sheet = book.sheets[book.term]
        rows, more = [], []
        for _place, edit, entry, before in writing:
            source = edit.source if entry != Entry() else ""  # nothing comes from nowhere
            rows.append(
                cells.mark(book, edit.cell, entry, version=before.version + 1, source=source)
            )
            more.append(
                {
                    "history_change_reason": edit.reason,
                    "client_key": edit.key,
                    "act": self.act,
                }
            )
        written = cells.put(rows, actor=self.actor, more=more)
        found = []
        for row, (_place, edit, entry, _before) in zip(written, writing, strict=True):
            held = Held(entry, row.version, row.pk, row.source)
            self.cells[book.term][edit.cell] = held
            self.written[edit.cell] = None
            self.sent[edit.key] = _Sent(sheet.pk, edit.cell, entry, held.version)
            found.append(held)
        names = {edit.student_id for _place, edit, _entry, _before in writing}
        known = {pupil.id for pupil in self.touched}
        self.touched += [self.pupils[one] for one in sorted(names - known)]
        return found


def _column(book: Book, edit: Edit) -> Column | None:
    known = book.by_key.get((edit.component, edit.number))
    if known is None and edit.source and edit.component in TAKEN_OVER and edit.number == 1:
        return taken_over(book.scheme, Component(edit.component), _assessed(book), book.term)
    return known


def _assessed(book: Book) -> Any:
    return book.assessed_by if book.class_subject else None
