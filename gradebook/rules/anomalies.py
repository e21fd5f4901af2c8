"""Signs in the history of marks that are worth asking about (R-117). Plain Python, no Django.

A sign proves nothing: a teacher who enters what pupils wrote late looks like one who does not. Each number below says
why it is that and no other; all of them keep the list short enough that somebody looks at every line of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

# Two days before the end: what is put right in ordinary work is put right when papers are given back, not at the end.
HASTE = timedelta(hours=48)
# Fewer changes than this in one sheet are corrected slips of the pen, at whatever time.
FEWEST_HASTY = 8
# So many times the sheet's own usual of two days has to be reached: a sheet that always changes much shows nothing.
TIMES_USUAL = 3
# The usual is taken from the four weeks before: the rhythm of a teacher's tests fits into a month.
USUAL_SPAN = timedelta(days=28)
SPANS = USUAL_SPAN // HASTE
# One pupil on a threshold is chance, two may be; three in one sheet by one hand are worth a question.
FEWEST_MOVED = 3
# A result is written in the transaction of its mark: a change of another moment is not its cause.
TOGETHER = timedelta(seconds=10)
# Shares of few changes say nothing; above this, three times the share of the school stands out.
FEWEST_CHANGED = 20
TIMES_SHARE = 3
BOUNDS = (Decimal("3.5"), Decimal("5.0"), Decimal("6.5"), Decimal("8.0"))


@dataclass(frozen=True, slots=True)
class Changed:
    """A filled cell that somebody changed, at a real moment; `corrected` says by an approved correction."""

    sheet: int
    student: int
    component: str
    number: int
    at: datetime
    author: int
    old: str
    new: str
    request: str = ""
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Risen:
    """A stored result of a subject that rose, with the moment and the request in which it did."""

    class_subject: int
    student: int
    old: Decimal
    new: Decimal
    at: datetime
    request: str = ""

    @property
    def crossed(self) -> Decimal | None:
        """The highest threshold that was crossed upward."""
        found = [bound for bound in BOUNDS if self.old < bound <= self.new]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Ending:
    """A lock that was carried out, or a window that closed, at a real moment; `covers` says what it was about."""

    at: datetime
    is_lock: bool
    covers: Callable[[Changed], bool]


@dataclass(frozen=True)
class Hasty:
    """Many changes by one person on one sheet just before it closed; `usual` is so many in 28 days before."""

    sheet: int
    author: int
    ending: Ending
    changes: Sequence[Changed]
    usual: int


@dataclass(frozen=True)
class Moved:
    """Changes of marks on one sheet by one person with which results rose over a threshold."""

    sheet: int
    author: int
    pairs: Sequence[tuple[Changed, Risen]]

    @property
    def pupils(self) -> int:
        """How many pupils."""
        return len({change.student for change, _risen in self.pairs})


@dataclass(frozen=True, slots=True)
class Often:
    """How often somebody changed what was filled, of all that this person entered."""

    author: int
    entered: int
    changed: int
    corrected: int
    stands_out: bool

    @property
    def percent(self) -> int:
        """Changes for a hundred cells entered."""
        return self.changed * 100 // self.entered if self.entered else 0


def hasty(changes: Iterable[Changed], endings: Iterable[Ending]) -> list[Hasty]:
    """Where many changes were made in the two days before the end; of each sheet and person the greatest only."""
    by_sheet: dict[int, list[Changed]] = defaultdict(list)
    for change in changes:
        by_sheet[change.sheet].append(change)
    best: dict[tuple[int, int], Hasty] = {}
    for ending in endings:
        for sheet, rows in by_sheet.items():
            for found in _hasty(sheet, rows, ending):
                known = best.get((sheet, found.author))
                if known is None or len(found.changes) > len(known.changes):
                    best[sheet, found.author] = found
    return sorted(best.values(), key=lambda one: (-len(one.changes), one.sheet, one.author))


def _hasty(sheet: int, rows: Sequence[Changed], ending: Ending) -> Iterable[Hasty]:
    begin = ending.at - HASTE
    last: dict[int, list[Changed]] = defaultdict(list)
    for row in rows:
        if begin <= row.at < ending.at and ending.covers(row):
            last[row.author].append(row)
    usual = sum(begin - USUAL_SPAN <= row.at < begin for row in rows)
    for author, those in last.items():
        if len(those) >= FEWEST_HASTY and len(those) * SPANS >= TIMES_USUAL * usual:
            yield Hasty(sheet, author, ending, those, usual)


def moved(
    changes: Iterable[Changed], risen: Iterable[Risen], subject_of: Mapping[int, int | None]
) -> list[Moved]:
    """Where results of several pupils of a sheet rose over a threshold with changes by one person."""
    by_pupil: dict[tuple[int, int], list[Risen]] = defaultdict(list)
    for one in risen:
        if one.crossed is not None:
            by_pupil[one.class_subject, one.student].append(one)
    found: dict[tuple[int, int], list[tuple[Changed, Risen]]] = defaultdict(list)
    for change in changes:
        subject = subject_of.get(change.sheet)
        if subject is None:
            continue
        for one in by_pupil.get((subject, change.student), ()):
            if one.request == change.request and abs(one.at - change.at) <= TOGETHER:
                found[change.sheet, change.author].append((change, one))
                break
    several = [Moved(sheet, author, pairs) for (sheet, author), pairs in found.items()]
    return sorted(
        (one for one in several if one.pupils >= FEWEST_MOVED),
        key=lambda one: (-one.pupils, one.sheet, one.author),
    )


def often(changes: Iterable[Changed], entered: Mapping[int, int]) -> list[Often]:
    """How much each person changed, most first; who stands out is so against the share of the whole school."""
    changed: Counter[int] = Counter()
    corrected: Counter[int] = Counter()
    for change in changes:
        changed[change.author] += 1
        corrected[change.author] += change.corrected
    all_changed, all_entered = sum(changed.values()), sum(entered.values())
    found = []
    for author, count in changed.items():
        own = entered.get(author, 0)
        out = count >= FEWEST_CHANGED and count * all_entered > TIMES_SHARE * all_changed * own
        found.append(Often(author, own, count, corrected[author], out))
    return sorted(found, key=lambda one: (not one.stands_out, -one.changed, one.author))
