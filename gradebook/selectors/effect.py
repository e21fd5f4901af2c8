"""What a correction of cells of one pupil on one sheet would do, before anybody sends it (R-120): nothing is written.

The stored results of all subjects are taken as they are, and those of the corrected subject worked out anew by the
same rules as a save. In six queries, whatever is corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gradebook.rules import RulesError, promotion
from gradebook.rules.columns import MOMENTS, Component
from gradebook.rules.effect import NONE, SUMMER, Effect, Lacking, Line, What
from gradebook.rules.pupil import Levels
from gradebook.rules.scheme import AssessedBy, Period, SecondaryScheme
from gradebook.rules.shapes import Standing, Status
from gradebook.rules.typed import Entry
from gradebook.selectors.books import NOTHING, Book, Key, Pupil
from gradebook.selectors.ledger import TERM1, TERM2, YEAR, Figure, Ledger, Seen, ledger, worked_out
from gradebook.selectors.levels import behaviour, levels_of, summary_cell
from gradebook.selectors.results import setting_of

# Nothing follows from these.
REMARKS = frozenset({Component.COMMENT, Component.MONTH, Component.TRAINING})
# Nothing but what comes after the summer follows from this.
AFTER_SUMMER = frozenset({Component.RETEST})
# Which of the two moments of a term a primary cell is of; of others their number says it.
MIDDLE = frozenset({Component.QUALITY_MIDDLE, Component.COMPETENCE_MIDDLE})
END = frozenset({Component.QUALITY_END, Component.COMPETENCE_END})


def effect(
    book: Book, student_id: int, changed: Mapping[Key, Entry], absences: int | None = None
) -> Effect:
    """What would follow if these cells of the sheet held this; no query where only remarks are changed.

    `absences` are the sessions that the pupil missed in the year; None while nobody records them.
    """
    own = {
        key: entry
        for key, entry in changed.items()
        if key[0] == student_id and Component(key[1]) not in REMARKS
    }
    if not own:
        return Effect()
    before = ledger(Seen(book.class_group, whole=True), students=[student_id], components=None)
    pupil = before.pupil(student_id)
    if pupil is None:
        return Effect()
    found = _Found(book, pupil, before, _corrected(before, book, pupil, own), absences)
    lines = tuple(found.lines(_periods(book, own)))
    return Effect(lines, tuple(dict.fromkeys(found.missing)))


def _periods(book: Book, own: Mapping[Key, Entry]) -> tuple[str, ...]:
    """The periods of which something may change, in the order of the book."""
    if book.is_primary:
        places = {_moment(Component(component), number) for _student, component, number in own}
        return tuple(MOMENTS[book.term][place - 1] for place in sorted(places))
    if {Component(component) for _student, component, _number in own} <= AFTER_SUMMER:
        return (YEAR,)
    return (TERM1 if book.term == 1 else TERM2, YEAR)


def _moment(component: Component, number: int) -> int:
    return 1 if component in MIDDLE else 2 if component in END else number


def _corrected(found: Ledger, book: Book, pupil: Pupil, own: Mapping[Key, Entry]) -> Ledger:
    """The class as it would be: the cells with what they are to hold, and the results of the subject from these."""
    taught = book.class_subject
    which = (taught.pk if taught else None, book.term)
    held = dict(found.cells.get(which, {}))
    held |= {key: replace(held.get(key, NOTHING), entry=entry) for key, entry in own.items()}
    after = replace(found, cells={**found.cells, which: held})
    if taught is None or setting_of(book) is None:
        return after
    worked = worked_out(after, book, pupil.id)
    results = {
        (taught.pk, pupil.id, period): Figure(
            one.status, one.average, one.level or "", period in worked.taken_over
        )
        for period, one in worked.by_period.items()
    }
    return replace(after, results={**found.results, **results})


@dataclass
class _Found:
    """A class before and after; gathers what is missing while the lines are told."""

    book: Book
    pupil: Pupil
    before: Ledger
    after: Ledger
    absences: int | None

    def __post_init__(self) -> None:
        self.missing: list[str] = []

    def lines(self, periods: tuple[str, ...]) -> Iterator[Line]:
        """The lines of these periods: the subject's first."""
        if self.book.class_subject:
            for period in periods:
                yield self._of_subject(period)
        for period in periods:
            first, then = (levels_of(one, self.pupil, period) for one in (self.before, self.after))
            if then.problems:
                self._lacks(Lacking.REFUSED, period)
            if self.book.is_primary:
                yield from self._of_primary(period, first, then)
            else:
                yield from self._of_period(period, first, then)

    def _lacks(self, what: Lacking, period: str) -> None:
        self.missing.append(f"{what}:{period}")

    def _of_subject(self, period: str) -> Line:
        """The result of the subject itself."""
        first, then = self.before, self.after
        mine = next(one for one in then.subjects if one.class_subject == self.book.class_subject)
        if self.book.is_primary:
            shown = [summary_cell(one, mine, self.pupil, period).shown for one in (first, then)]
            return Line(f"{What.MOMENT}:{period}", *shown)
        if then.figure(mine, self.pupil.id, period).status is Status.INCOMPLETE:
            self._lacks(Lacking.RESULT, period)
        what = What.AVERAGE if self.book.assessed_by is AssessedBy.SCORE else What.REACHED
        shown = [one.figure(mine, self.pupil.id, period).shown for one in (first, then)]
        return Line(f"{what}:{period}", *shown)

    def _of_primary(self, period: str, first: Levels, then: Levels) -> Iterator[Line]:
        """Level of completion, title and what becomes of the pupil: at the end of the year only (TT 27/2020 Đ9)."""
        if period != YEAR:
            return
        yield Line(f"{What.COMPLETION}:{YEAR}", first.level or "", then.level or "")
        if then.level is None:
            self._lacks(Lacking.SUBJECTS, YEAR)
            return
        if then.award and any(step.code == "primary_class_asked" for step in then.award.steps):
            self._lacks(Lacking.RECOGNITION, YEAR)
        else:
            yield Line(f"{What.TITLE}:{YEAR}", _title(first), _title(then))
        outcomes = [one.promotion.outcome if one.promotion else None for one in (first, then)]
        yield Line(f"{What.PROMOTION}:{YEAR}", *(outcome or "" for outcome in outcomes))

    def _of_period(self, period: str, first: Levels, then: Levels) -> Iterator[Line]:
        """Level, conduct, title and promotion of a term or the year."""
        if self.book.class_subject:
            yield Line(f"{What.LEVEL}:{period}", first.level or "", then.level or "")
            if then.academic and then.academic.missing:
                self._lacks(Lacking.SUBJECTS, period)
        else:
            yield Line(f"{What.CONDUCT}:{period}", first.conduct or "", then.conduct or "")
        if first.level_again or then.level_again:
            yield _after_summer(What.LEVEL, first.level_again, then.level_again)
        if first.conduct_again != then.conduct_again:
            yield _after_summer(What.CONDUCT, first.conduct_again, then.conduct_again)
        yield from self._title(period, first, then)
        if period == YEAR:
            yield from self._promotion(first, then)

    def _title(self, period: str, first: Levels, then: Levels) -> Iterator[Line]:
        scheme = self.after.about.scheme
        assert isinstance(scheme, SecondaryScheme)
        kind = Period.YEAR if period == YEAR else Period.TERM
        if not any(kind in rule.periods for rule in scheme.awards):
            return
        if then.conduct is None:
            self._no_conduct(scheme, period)
        elif then.level is not None:
            yield Line(f"{What.TITLE}:{period}", _title(first), _title(then))

    def _no_conduct(self, scheme: SecondaryScheme, period: str) -> None:
        """Say which conduct is missing: where the circular has a table for the year, that of a term."""
        if period != YEAR or not scheme.conduct_table:
            self._lacks(Lacking.CONDUCT, period)
            return
        held = behaviour(self.after, self.pupil)
        for term, level in ((TERM1, held.term1), (TERM2, held.term2)):
            if level is None:
                self._lacks(Lacking.CONDUCT, term)

    def _promotion(self, first: Levels, then: Levels) -> Iterator[Line]:
        scheme = self.after.about.scheme
        assert isinstance(scheme, SecondaryScheme)
        if then.conduct is None:
            self._no_conduct(scheme, YEAR)
        if self.absences is None:
            self._lacks(Lacking.ABSENCES, YEAR)
        elif then.conduct is not None and then.level is not None:
            outcomes = [self._outcome(scheme, one, self.absences) for one in (first, then)]
            yield Line(f"{What.PROMOTION}:{YEAR}", *outcomes)

    def _outcome(self, scheme: SecondaryScheme, found: Levels, absences: int) -> str:
        """What becomes of the pupil with these levels; empty while one of them is not known."""
        plans = [self.after.standings(book, self.pupil.id).values() for book in self.after.subjects]
        try:
            told = promotion(
                scheme,
                found.level_again or found.level,
                found.conduct_again or found.conduct,
                absences,
                retest_done=found.again is not None,
                summer_done=found.summer is not None,
                individual_plan=any(Standing.INDIVIDUAL_PLAN in held for held in plans),
            )
        except RulesError:
            self._lacks(Lacking.REFUSED, YEAR)
            return ""
        return told.outcome or ""


def _after_summer(what: What, first: str | None, then: str | None) -> Line:
    return Line(f"{what}:{SUMMER}", first or "", then or "")


def _title(found: Levels) -> str:
    """The title; that there is none, once that is known."""
    if found.level is None or (found.primary is None and found.conduct is None):
        return ""
    return found.title or NONE
