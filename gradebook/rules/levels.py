"""The academic level of a term or a year: conditions, one-subject adjustment, what is lacking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from gradebook.rules.conditions import Book, Culprit, checks, lone_culprit
from gradebook.rules.entries import as_level, as_mark
from gradebook.rules.errors import (
    DuplicateSubject,
    EmptyInput,
    MissingCoreSubject,
    TooFewSubjects,
    UnknownSubject,
)
from gradebook.rules.rounding import weighted_mean
from gradebook.rules.scheme import AssessedBy, SecondaryScheme
from gradebook.rules.shapes import AcademicResult, Judged, Status
from gradebook.rules.steps import Check, Commented, Fact, Listing, Scored, Step
from gradebook.rules.subjects import subject_name


def academic(
    scheme: SecondaryScheme, subjects: Iterable[Judged], specialised: str | None = None
) -> AcademicResult:
    """Return the academic level from the published results of the subjects of a term or a year.

    TT 58/2011 Đ13, TT 22/2021 Đ9.2–9.3, TT 43/2021. `specialised` is the code of the specialised
    subject of a lớp chuyên, where the circular asks about it. Exempt subjects and those on an
    individual plan take no part; while another has no result the level is None and `missing` names
    it. Raises EmptyInput, TooFewSubjects, DuplicateSubject, UnknownSubject, MissingCoreSubject,
    BadMark, UnknownLevel.
    """
    taken = _take(scheme, subjects)
    _refuse_unfit(scheme, taken, specialised)
    if taken.missing:
        return _not_yet(scheme, taken)
    steps: list[Step] = [*taken.notes]
    steps.append(Listing("subjects", scheme.articles["academic"], taken.scored, taken.commented))
    mean = None
    if scheme.uses_mean:
        averages = tuple([item.value for item in taken.scored])
        figure = weighted_mean("mean", scheme.articles["mean"], ((1, averages),))
        mean = figure.rounded
        steps.append(figure)
    book = Book(scheme, taken.scored, taken.commented, mean, specialised)
    return _judged(scheme, book, steps, tuple(taken.warnings))


class _Taken(NamedTuple):
    """The subjects that take part, and what was said about the others."""

    scored: tuple[Scored, ...]
    commented: tuple[Commented, ...]
    missing: tuple[str, ...]
    scored_codes: frozenset[str]
    notes: list[Fact]
    warnings: list[Fact]


def _take(scheme: SecondaryScheme, subjects: Iterable[Judged]) -> _Taken:
    scored: list[Scored] = []
    commented: list[Commented] = []
    missing: list[str] = []
    codes: set[str] = set()
    scored_codes: set[str] = set()
    notes: list[Fact] = []
    warnings: list[Fact] = []
    for subject in subjects:
        code = subject.code
        if code in codes:
            raise DuplicateSubject(code=code)
        codes.add(code)
        name = getattr(subject, "name", "") or subject_name(code)
        by_score = subject.assessed_by is AssessedBy.SCORE
        given = subject.average if by_score else subject.level
        if subject.status in (Status.EXEMPT, Status.INDIVIDUAL_PLAN):
            _note_left_out(scheme, subject.status, name, notes, warnings)
        elif getattr(subject, "elective", False) and not scheme.electives_count:
            notes.append(Fact("elective_left_out", scheme.articles["academic"], {"name": name}))
        elif given is None:
            missing.append(name)
            if by_score:
                scored_codes.add(code)
        elif by_score:
            scored_codes.add(code)
            scored.append(Scored(code, name, as_mark(given)))
        else:
            level = as_level(str(given), scheme.comment_levels)
            commented.append(Commented(code, name, level))
    scored.sort(key=_by_average)
    commented.sort()
    notes.sort(key=_by_name)
    waiting = tuple(sorted(missing))
    codes_of_scored = frozenset(scored_codes)
    return _Taken(tuple(scored), tuple(commented), waiting, codes_of_scored, notes, warnings)


def _by_average(item: Scored) -> tuple[Decimal, str]:
    return item.value, item.code


def _by_name(note: Fact) -> tuple[str, str]:
    return note.code, str(note.params["name"])


def _note_left_out(
    scheme: SecondaryScheme, status: Status, name: str, notes: list[Fact], warnings: list[Fact]
) -> None:
    if status is Status.EXEMPT:
        notes.append(Fact("exempt_left_out", scheme.articles["exemption"], {"name": name}))
        return
    article = scheme.articles["individual_plan"]
    notes.append(Fact("plan_left_out", article, {"name": name}))
    if not warnings:
        warnings.append(Fact("head_decides", article, {"head": scheme.head}))


def _refuse_unfit(scheme: SecondaryScheme, taken: _Taken, specialised: str | None) -> None:
    scored = len(taken.scored_codes)
    if not scored:
        raise EmptyInput(what="subjects")
    if scored < scheme.minimum_scored:
        article, needed = scheme.articles["academic"], scheme.minimum_scored
        raise TooFewSubjects(found=scored, needed=needed, article=article)
    if scheme.core_subjects and taken.scored_codes.isdisjoint(scheme.core_subjects):
        article = scheme.articles["academic"]
        raise MissingCoreSubject(codes=scheme.core_subjects, article=article)
    asked = any(rule.specialised is not None for rule in scheme.levels)
    if asked and specialised is not None and specialised not in taken.scored_codes:
        raise UnknownSubject(code=specialised)


def _not_yet(scheme: SecondaryScheme, taken: _Taken) -> AcademicResult:
    article = scheme.articles["academic"]
    waiting = Fact("level_waits", article, {"names": taken.missing})
    return AcademicResult(
        scheme=scheme.id,
        version=scheme.version,
        level=None,
        base=None,
        mean=None,
        adjusted=False,
        adjustment=waiting,
        next_level=None,
        blocking=(),
        missing=taken.missing,
        warnings=tuple(taken.warnings),
        steps=(*taken.notes, waiting),
    )


def _judged(
    scheme: SecondaryScheme, book: Book, steps: list[Step], warnings: tuple[Fact, ...]
) -> AcademicResult:
    base = scheme.lowest
    tried: dict[str, tuple[Check, ...]] = {}
    for rule, count in zip(scheme.levels, scheme.level_counts, strict=True):
        found = checks(scheme, rule, count, book)
        tried[rule.label] = found
        steps.extend(found)
        if all(check.met for check in found):
            base = rule.label
            break
    steps.append(Fact("base_level", scheme.articles["academic"], {"level": base}))
    adjustment, noted = _adjust(scheme, base, tried)
    level = str(adjustment.params["level"])
    steps.append(adjustment)
    ranked = scheme.academic_levels
    above = ranked.index(level) - 1
    next_level = ranked[above] if above >= 0 else None
    unmet = () if next_level is None else tried[next_level]
    return AcademicResult(
        scheme.id,
        scheme.version,
        level,
        base,
        book.mean,
        level != base,
        adjustment,
        next_level,
        tuple([check for check in unmet if not check.met]),
        (),
        (*warnings, *noted),
        tuple(steps),
    )


def _adjust(
    scheme: SecondaryScheme, base: str, tried: Mapping[str, tuple[Check, ...]]
) -> tuple[Fact, tuple[Fact, ...]]:
    """Return the adjustment with its reason, and what the head should look at.

    The first level from the top that one subject alone holds back decides.
    """
    article = scheme.articles["adjustment"]
    considered: list[Fact] = []
    for target, found in tried.items():
        lifted = _listed(scheme, target, base)
        culprit = lone_culprit(found) if lifted is not None else None
        if culprit is None:
            continue
        params: dict[str, object] = {"target": target, "base": base, "name": culprit.item.name}
        params |= {"value": culprit.item.value, "level": lifted or base}
        if not _accepted(scheme, culprit):
            if lifted:
                considered.append(Fact("consider_adjustment", article, params))
            continue
        if not lifted:
            return Fact("not_listed", article, params), (Fact("top_to_bottom", article, params),)
        fact = Fact("adjusted", article, params)
        higher = _above(scheme, considered, lifted)
        if culprit.by_comment and scheme.is_open("adjustment_by_comment_subject"):
            return fact, (*higher, Fact("adjusted_by_comment", article, params))
        return fact, higher
    unchanged = Fact("not_adjusted", article, {"level": base})
    return unchanged, _above(scheme, considered, base)


def _listed(scheme: SecondaryScheme, target: str, base: str) -> str | None:
    """The level a fall from target to base is lifted to; "" for a fall the text leaves out."""
    lifted = scheme.adjustments.get((target, base))
    if lifted is None and (target, base) == (scheme.levels[0].label, scheme.lowest):
        return scheme.adjust_top_to_bottom
    return lifted


def _accepted(scheme: SecondaryScheme, culprit: Culprit) -> bool:
    if culprit.by_comment and not scheme.adjustment_by_comment_subject:
        return False
    return culprit.alone or not scheme.adjustment_without_subject


def _above(scheme: SecondaryScheme, considered: list[Fact], level: str) -> tuple[Fact, ...]:
    """Those readings that would lift the pupil higher than the level given; once."""
    ranked = scheme.academic_levels
    reached = ranked.index(level)
    higher = [fact for fact in considered if ranked.index(str(fact.params["level"])) < reached]
    return tuple(higher[:1])
