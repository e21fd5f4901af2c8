"""Levels, conduct and titles of the pupils of a class: worked out on read, from stored results (invariant 2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from gradebook.rules import PrimaryRecord, Standing, planned_tests
from gradebook.rules.codes import engine_code
from gradebook.rules.columns import MOMENTS, Component
from gradebook.rules.pupil import BEHAVIOUR, Behaviour, Levels, primary_levels, secondary_levels
from gradebook.rules.scheme import PrimaryScheme, SecondaryScheme
from gradebook.rules.shapes import SubjectValue
from gradebook.rules.typed import State
from gradebook.selectors.books import Book, Pupil
from gradebook.selectors.ledger import TERM1, TERM2, TERM_OF, YEAR, Ledger
from schoolbook import clock

# Periods that a class has results of, by the sheet of the homeroom teacher on which they are checked.
SECONDARY_PERIODS = {TERM1: 1, TERM2: 2, YEAR: 2}
PRIMARY_PERIODS = {moment: term for term in MOMENTS for moment in MOMENTS[term]}
# Where the cells of a primary moment are: the term, and the number of its column there.
WHERE = {
    moment: (term, number)
    for term, moments in MOMENTS.items()
    for number, moment in enumerate(moments, start=1)
}
QUALITY = {1: Component.QUALITY_MIDDLE.value, 2: Component.QUALITY_END.value}
COMPETENCE = {1: Component.COMPETENCE_MIDDLE.value, 2: Component.COMPETENCE_END.value}


def periods(book: Book) -> dict[str, int]:
    """The periods that a class has results of, with the term of the sheet that holds them."""
    return PRIMARY_PERIODS if book.is_primary else SECONDARY_PERIODS


def taught_in(book: Book, period: str) -> bool:
    """Whether the class has the subject in a period."""
    assert book.class_subject
    if period == YEAR:
        return True
    term = TERM_OF.get(period) or WHERE[period][0]
    return book.class_subject.in_term1 if term == 1 else book.class_subject.in_term2


def levels(ledger: Ledger, period: str) -> dict[int, Levels]:
    """The levels of every pupil of the ledger in a period, by pupil; no query."""
    return {pupil.id: levels_of(ledger, pupil, period) for pupil in ledger.pupils}


def levels_of(ledger: Ledger, pupil: Pupil, period: str) -> Levels:
    """The levels of one pupil in a period."""
    scheme = ledger.about.scheme
    if isinstance(scheme, PrimaryScheme):
        return primary_levels(scheme, _record(ledger, scheme, pupil, period))
    assert isinstance(scheme, SecondaryScheme)
    special = ledger.group.specialised_subject
    return secondary_levels(
        scheme,
        period,
        [
            _value(ledger, book, pupil, period)
            for book in ledger.subjects
            if taught_in(book, period)
        ],
        behaviour(ledger, pupil),
        again=_again(ledger, pupil),
        specialised=engine_code(special.code) if special else None,
    )


def _value(ledger: Ledger, book: Book, pupil: Pupil, period: str) -> SubjectValue:
    assert book.class_subject
    figure = ledger.figure(book, pupil.id, period)
    return SubjectValue(
        code=book.code,
        assessed_by=book.assessed_by,
        average=figure.average,
        level=figure.level or None,
        status=figure.status,
        name=book.class_subject.subject.name,
    )


def behaviour(ledger: Ledger, pupil: Pupil) -> Behaviour:
    """What the homeroom teacher entered of the conduct of a pupil."""
    held = {
        name: ledger.entry(None, term, pupil.id, (component, 1)).entry.level or None
        for (component, term), name in BEHAVIOUR.items()
    }
    return Behaviour(**held)


def _again(ledger: Ledger, pupil: Pupil) -> dict[str, Decimal | str]:
    """What pupils reached in the assessment after the summer, by the engine's code of the subject."""
    found: dict[str, Decimal | str] = {}
    for book in ledger.subjects:
        entry = ledger.entry(book, 2, pupil.id, (Component.RETEST.value, 1)).entry
        if entry.state is State.VALUE:
            found[book.code] = entry.score if entry.score is not None else entry.level
    return found


def _record(ledger: Ledger, scheme: PrimaryScheme, pupil: Pupil, moment: str) -> PrimaryRecord:
    term, number = WHERE[moment]
    taught = {
        book.code: book
        for book in ledger.subjects
        if taught_in(book, moment) and ledger.standings(book, pupil.id)[term] is not Standing.EXEMPT
    }
    planned = planned_tests(scheme, ledger.group.grade, moment)

    def cell(book: Book | None, component: str, place: int) -> Decimal | str | None:
        entry = ledger.entry(book, term, pupil.id, (component, place)).entry
        return entry.score if entry.score is not None else entry.level or None

    def both(component: str, codes: Iterable[str]) -> dict[str, str | None]:
        found = {code: cell(None, component, place) for place, code in enumerate(codes, start=1)}
        return {code: None if level is None else str(level) for code, level in found.items()}

    reached = {code: cell(book, Component.LEVEL.value, number) for code, book in taught.items()}
    tests = {code: cell(taught[code], "test", number) for code in planned if code in taught}
    again = {code: cell(taught[code], "test_again", number) for code in tests}
    return PrimaryRecord(
        grade=ledger.group.grade,
        moment=moment,
        subjects={code: None if one is None else str(one) for code, one in reached.items()},
        qualities=both(QUALITY[number], scheme.qualities),
        competences=both(COMPETENCE[number], scheme.competences),
        tests=tests,
        repeated={code: mark for code, mark in again.items() if mark is not None},
        not_studied=frozenset(planned) - set(taught),
        individual_plan=any(
            ledger.standings(book, pupil.id)[term] is Standing.INDIVIDUAL_PLAN
            for book in ledger.subjects
        ),
    )


@dataclass(frozen=True)
class SummaryCell:
    """One subject of one pupil in a summary; `book` leads to its working."""

    book: Book
    shown: str
    status: str
    is_taken_over: bool


@dataclass(frozen=True)
class SummaryRow:
    """One pupil of a class summary; without `levels` where the reader does not see the whole class."""

    order: int
    pupil: Pupil
    has_left: bool
    cells: tuple[SummaryCell, ...]
    levels: Levels | None


@dataclass(frozen=True)
class Summary:
    """Pupils × subjects with results, level, conduct and title of a period (R-189)."""

    ledger: Ledger
    period: str
    subjects: tuple[Book, ...]
    rows: tuple[SummaryRow, ...]

    @property
    def is_primary(self) -> bool:
        """Whether the figures are levels of completion."""
        return self.ledger.about.is_primary


def summary(ledger: Ledger, period: str) -> Summary:
    """The class summary of a period; no query."""
    today = clock.today()
    subjects = tuple(book for book in ledger.subjects if taught_in(book, period))
    worked_out = levels(ledger, period) if ledger.seen.whole else {}
    rows = tuple(
        SummaryRow(
            order=order,
            pupil=pupil,
            has_left=pupil.has_left(today),
            cells=tuple(summary_cell(ledger, book, pupil, period) for book in subjects),
            levels=worked_out.get(pupil.id),
        )
        for order, pupil in enumerate(ledger.pupils, start=1)
    )
    return Summary(ledger, period, subjects, rows)


def summary_cell(ledger: Ledger, book: Book, pupil: Pupil, period: str) -> SummaryCell:
    """The result of a pupil in a subject; in primary the level reached, and the mark of the test behind it."""
    if not book.is_primary:
        figure = ledger.figure(book, pupil.id, period)
        return SummaryCell(book, figure.shown, figure.status.value, figure.is_taken_over)
    term, number = WHERE[period]
    if ledger.standings(book, pupil.id)[term] is Standing.EXEMPT:
        return SummaryCell(book, "M", "exempt", is_taken_over=False)
    held = [
        ledger.entry(book, term, pupil.id, (component, number))
        for component in (Component.LEVEL.value, Component.TEST_AGAIN.value, Component.TEST.value)
    ]
    level, test = held[0], held[1] if held[1].entry.shown else held[2]
    shown = " ".join(filter(None, (level.entry.shown, test.entry.shown)))
    status = "complete" if level.entry.level else "incomplete"
    return SummaryCell(book, shown, status, is_taken_over=bool(level.source or test.source))


def digest_of(summaries: Iterable[Summary]) -> str:
    """The digest of every figure that these summaries show: what a check of a class covers (R-054)."""
    lines = []
    for one in summaries:
        for row in one.rows:
            found = row.levels or Levels()
            figures = [f"{cell.shown}:{cell.status}" for cell in row.cells]
            levels_ = [
                found.level,
                found.conduct,
                found.title,
                found.level_again,
                found.conduct_again,
            ]
            lines += [f"{row.pupil.id}:{one.period}:{text}" for text in [*figures, *levels_]]
    return sha256("\n".join(lines).encode()).hexdigest()


def summaries_of_term(ledger: Ledger, term: int) -> list[Summary]:
    """The summaries that are checked on the homeroom teacher's sheet of a term: in term 2 also that of the year."""
    return [summary(ledger, period) for period, of in periods(ledger.about).items() if of == term]
