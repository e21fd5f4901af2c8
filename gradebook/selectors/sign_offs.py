"""What is confirmed, what could be, and what stands in the way (R-144, R-145, R-149)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from gradebook.models import FrozenStanding, Mark, MarkSheet, SignOff
from gradebook.rules import Standing, kept
from gradebook.rules.digests import ShownCell, ShownFigure, digest
from gradebook.rules.pupil import Levels
from gradebook.rules.typed import State
from gradebook.selectors import levels, results, trace
from gradebook.selectors.books import Book, Place, Pupil
from gradebook.selectors.ledger import Ledger
from gradebook.selectors.sheet import Sheet, SheetRow, shown_periods
from gradebook.selectors.trace import Edits
from schoolbook import clock
from schoolbook.models import ClassGroup

INCOMPLETE = "incomplete"
# Of whom nothing is asked in a subject.
NOT_ASKED = frozenset({Standing.EXEMPT, Standing.INDIVIDUAL_PLAN})
# Periods whose levels are frozen: what is recorded in the middle of a term of primary school stays on the sheets.
FROZEN = frozenset({"term1", "term2", "year"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A required cell that is blank."""

    pupil: Pupil
    column: str


@dataclass(frozen=True)
class Signing:
    """What somebody who confirms a sheet now gives a word for, and what stands in the way.

    `incomplete` is how many results there are without a figure, of pupils who are there: of tests not made up yet, or
    of who came from elsewhere.
    """

    pupils: int
    cells: int
    digest: str
    gaps: tuple[Gap, ...]
    incomplete: int = 0


def signing(shown: Sheet) -> Signing:
    """What confirming a subject's sheet, as its page shows it, would cover; no query."""
    cells = list(_cells_of(shown.rows))
    return Signing(
        pupils=len(shown.rows),
        cells=len(cells),
        digest=digest(_name(shown.book), cells, _figures_of(shown.rows)),
        gaps=tuple(_gaps(shown)),
        incomplete=_incomplete(shown),
    )


def _name(book: Book) -> tuple[str, int, int]:
    if book.class_subject:
        return ("subject", book.class_subject.pk, book.term)
    return ("class", book.class_group.pk, book.term)


def _cells_of(rows: Iterable[SheetRow]) -> Iterator[ShownCell]:
    for row in rows:
        for cell in row.cells:
            name, number = cell.column.key
            yield ShownCell(
                row.pupil.id, name, number, cell.state.value, cell.shown, cell.source, cell.version
            )


def _figures_of(rows: Iterable[SheetRow]) -> Iterator[ShownFigure]:
    for row in rows:
        for one in row.results:
            over = "taken_over" if one.is_taken_over else ""
            yield ShownFigure(row.pupil.id, one.period, (one.shown, one.status, over))


def _gaps(shown: Sheet) -> Iterator[Gap]:
    for row in shown.rows:
        if row.pupil.standings[shown.book.term] in NOT_ASKED:
            continue
        for cell in row.cells:
            if cell.is_missing:
                yield Gap(row.pupil, cell.column.name)


def _incomplete(shown: Sheet) -> int:
    staying = [row for row in shown.rows if not row.has_left]
    setting = results.setting_of(shown.book)
    if setting is None:
        return sum(
            cell.column.required and cell.state is State.ABSENT
            for row in staying
            for cell in row.cells
        )
    found = 0
    for row in staying:
        # Who is exempt and has no cell has no stored result either.
        of_nothing = (
            results.of_nothing(setting, row.pupil).by_period
            if NOT_ASKED & set(row.pupil.standings.values())
            else {}
        )
        for one in row.results:
            nothing = of_nothing.get(one.period)
            found += one.status == INCOMPLETE and (nothing is None or nothing.status == INCOMPLETE)
    return found


def newest_link(sheet: MarkSheet | None) -> int:
    """The number of the newest link of a sheet's history; 0 before its first; in one query."""
    rows = Mark.history.filter(sheet=sheet).order_by("-link_number")
    return rows.values_list("link_number", flat=True).first() or 0


def changes_since(sheet: MarkSheet | None, link: int) -> Edits:
    """The edits of a sheet after a link of its history, newest first; in two queries."""
    return trace.page(Mark.history.filter(sheet=sheet, link_number__gt=link))


def newest(group: ClassGroup, term: int) -> dict[int | None, SignOff]:
    """The newest confirmation of each sheet of a class in a term, by subject of the class; None for the class itself.

    In one query. Those that were taken back are none.
    """
    found = of_sheets(Q(sheet__class_group=group, sheet__term=term))
    return {row.sheet.class_subject_id: row for row in found}


def of_sheets(which: Q) -> list[SignOff]:
    """The newest confirmation of each of these sheets; in one query. Those that were taken back are none."""
    rows = SignOff.objects.filter(which).select_related("signed_by", "ended_by", "sheet")
    found = rows.order_by("sheet_id", "-id").distinct("sheet_id")
    return [row for row in found if row.ending != SignOff.Ending.TAKEN_BACK]


def of_books(books: Sequence[Book]) -> dict[Place, SignOff]:
    """The newest confirmation of each of these sheets, all of one term, by where it is; in one query."""
    taught = [book.class_subject.pk for book in books if book.class_subject]
    led = [book.class_group.pk for book in books if not book.class_subject]
    if not books:
        return {}
    which = Q(sheet__class_subject__in=taught) | Q(
        sheet__class_subject=None, sheet__class_group__in=led
    )
    found = of_sheets(which & Q(sheet__term=books[0].term))
    return {_place(row.sheet): row for row in found}


def _place(sheet: MarkSheet) -> Place:
    if sheet.class_subject_id is not None:
        return Place(sheet.term, class_subject_id=sheet.class_subject_id)
    return Place(sheet.term, class_group_id=sheet.class_group_id)


def of_sheet(sheet: MarkSheet | None) -> SignOff | None:
    """The newest confirmation of a sheet, be it broken; none if that was taken back; in one query."""
    row = (
        SignOff.objects.filter(sheet=sheet)
        .select_related("signed_by", "ended_by")
        .order_by("-id")
        .first()
    )
    return None if row is None or row.ending == SignOff.Ending.TAKEN_BACK else row


def stands_for_class(book: Book) -> bool:
    """Whether a confirmation of the class stands that rests on this sheet; in one query."""
    rows = SignOff.objects.filter(
        sheet__class_group=book.class_group,
        sheet__class_subject=None,
        sheet__term__gte=book.term,
        ended_at=None,
    )
    return rows.exists()


@dataclass(frozen=True)
class SubjectState:
    """How a subject of a class stands in a term: `digest` is of what its sheet shows now."""

    book: Book
    word: SignOff | None
    digest: str

    @property
    def name(self) -> str:
        """none, holds, broken; or outdated where the sheet shows other pupils than were confirmed."""
        if self.word is None:
            return "none"
        if self.word.ended_at:
            return "broken"
        return "holds" if self.word.digest == self.digest else "outdated"


@dataclass(frozen=True)
class Reached:
    """What a pupil has reached in a period, with its working."""

    order: int
    pupil: Pupil
    has_left: bool
    period: str
    levels: Levels
    working: Mapping[str, Any]


@dataclass(frozen=True)
class ClassSigning:
    """What a homeroom teacher who confirms the class now gives a word for, and what stands in the way."""

    ledger: Ledger
    term: int
    subjects: tuple[SubjectState, ...]
    word: SignOff | None
    reached: tuple[Reached, ...]
    gaps: tuple[Gap, ...]
    cells: int
    digest: str

    @property
    def waits_for(self) -> tuple[SubjectState, ...]:
        """The subjects whose sheets are not confirmed as they are."""
        return tuple(one for one in self.subjects if one.name != "holds")

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods of which levels are frozen."""
        return tuple(dict.fromkeys(one.period for one in self.reached))


def class_signing(ledger: Ledger, term: int) -> ClassSigning:
    """What confirming a class would cover, from a ledger with all cells; in one query."""
    known = newest(ledger.group, term)
    subjects = tuple(
        SubjectState(book, known.get(book.class_subject.pk), _digest_of_subject(ledger, book, term))
        for book in ledger.subjects
        if book.class_subject and replace(book, term=term).is_taught
    )
    about = replace(ledger.about, term=term)
    reached = tuple(_reached(ledger, term))
    cells, gaps = _class_cells(ledger, about)
    figures = [
        ShownFigure(one.pupil.id, one.period, tuple(kept.words(one.levels).values()))
        for one in reached
    ]
    figures += [
        ShownFigure(0, f"subject {one.book.class_subject.pk}", (one.digest,))
        for one in subjects
        if one.book.class_subject
    ]
    return ClassSigning(
        ledger=ledger,
        term=term,
        subjects=subjects,
        word=known.get(None),
        reached=reached,
        gaps=gaps,
        cells=len(cells),
        digest=digest(_name(about), cells, figures),
    )


def _on_sheet(ledger: Ledger, term: int) -> list[Pupil]:
    return [pupil for pupil in ledger.pupils if pupil.id in ledger.on_sheet[term]]


def _digest_of_subject(ledger: Ledger, book: Book, term: int) -> str:
    """The digest that the sheet of a subject itself would give."""
    book = replace(book, term=term)
    assert book.class_subject
    taught = book.class_subject.pk
    figures = []
    for pupil in _on_sheet(ledger, term):
        for period in shown_periods(book):
            found = ledger.results.get((taught, pupil.id, period))
            shown = (found.shown if found.average is not None else found.level) if found else ""
            status = found.status.value if found else INCOMPLETE
            over = "taken_over" if found and found.is_taken_over else ""
            figures.append(ShownFigure(pupil.id, period, (shown, status, over)))
    return digest(_name(book), _cells(ledger, book), figures)


def _cells(ledger: Ledger, book: Book) -> list[ShownCell]:
    of_subject = book if book.class_subject else None
    found = []
    for pupil in _on_sheet(ledger, book.term):
        for column in book.columns:
            held = ledger.entry(of_subject, book.term, pupil.id, column.key)
            state, shown = held.entry.state.value, held.entry.shown
            found.append(ShownCell(pupil.id, *column.key, state, shown, held.source, held.version))
    return found


def _class_cells(ledger: Ledger, about: Book) -> tuple[list[ShownCell], tuple[Gap, ...]]:
    cells = _cells(ledger, about)
    today = clock.today()
    here = {pupil.id: pupil for pupil in ledger.pupils if not pupil.has_left(today)}
    gaps = tuple(
        Gap(here[cell.pupil], column.name)
        for cell in cells
        if (column := about.by_key[cell.component, cell.number]).required
        and cell.state == State.BLANK.value
        and cell.pupil in here
    )
    return cells, gaps


def _reached(ledger: Ledger, term: int) -> Iterator[Reached]:
    scheme = ledger.about.scheme
    for period, of in levels.periods(ledger.about).items():
        if of != term or period not in FROZEN:
            continue
        shown = levels.summary(ledger, period)
        for row in shown.rows:
            if row.pupil.id not in ledger.on_sheet[term]:
                continue
            found = row.levels or Levels()
            inputs = [
                (cell.book.class_subject.subject.name, cell.shown, cell.status)
                for cell in row.cells
                if cell.book.class_subject
            ]
            working = kept.working(found, inputs, scheme.id, scheme.version)
            yield Reached(row.order, row.pupil, row.has_left, period, found, working)


def frozen(word: SignOff | None) -> dict[tuple[int, str], FrozenStanding]:
    """What was frozen with a confirmation of a class, by pupil and period; in one query."""
    if word is None:
        return {}
    rows = FrozenStanding.objects.filter(sign_off=word)
    return {(row.student_id, row.period): row for row in rows}
