"""The result of one subject: by term from its cells, by year from the two terms."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from gradebook.rules.cells import Row
from gradebook.rules.entries import as_level, as_mark, as_whole_mark
from gradebook.rules.errors import NotExemptible
from gradebook.rules.rounding import weighted_mean
from gradebook.rules.scheme import AssessedBy, Exemption, SecondaryScheme
from gradebook.rules.shapes import (
    Missing,
    MissingCell,
    Standing,
    Status,
    SubjectResult,
    SubjectTerm,
    SubjectYear,
)
from gradebook.rules.steps import Fact, Step


def subject_term(scheme: SecondaryScheme, term: SubjectTerm) -> SubjectResult:
    """Return the average (ĐTBmhk, one decimal) or the level of a subject for a term.

    TT 58/2011 Đ10–11, TT 22/2021 Đ9.1, TT 43/2021 Đ9. Without every required cell there is no
    result: `missing` lists the cells, a blank is never 0. A recorded decision turns an absence into
    the scheme's mark or level. Raises BadMark, UnknownLevel, EmptyInput, NotExemptible,
    AbsenceNotRuled.
    """
    steps: list[Step] = []
    if term.standing is not Standing.COUNTED:
        status = _status(scheme, term.code, term.standing, steps)
        if status is not Status.COMPLETE:
            return _without(scheme, term, status, (), steps)
    row = Row(scheme, term, [], steps)
    if term.assessed_by is AssessedBy.SCORE:
        return _scored_term(scheme, row)
    return _commented_term(scheme, row)


def _scored_term(scheme: SecondaryScheme, row: Row) -> SubjectResult:
    groups = []
    for component, weight in scheme.components:
        whole = scheme.regular_marks_whole and component == "regular"
        read = as_whole_mark if whole else as_mark
        groups.append((weight, row.values(component, read, scheme.absence_mark)))
    if row.missing:
        return _without(scheme, row.term, Status.INCOMPLETE, tuple(row.missing), row.steps)
    figure = weighted_mean("term_average", scheme.articles["subject_term"], tuple(groups))
    return _result(scheme, row.term, figure.rounded, None, (*row.steps, figure))


def _commented_term(scheme: SecondaryScheme, row: Row) -> SubjectResult:
    levels = [
        level
        for component in _comment_components(scheme, row.term)
        for level in row.values(component, partial(_level, scheme), scheme.absence_level)
    ]
    if row.missing:
        return _without(scheme, row.term, Status.INCOMPLETE, tuple(row.missing), row.steps)
    fact = _comment_term(scheme, levels)
    return _result(scheme, row.term, None, str(fact.params["level"]), (*row.steps, fact))


def subject_year(scheme: SecondaryScheme, year: SubjectYear) -> SubjectResult:
    """Return the year's average (ĐTBmcn = (term 1 + 2 × term 2) ÷ 3) or level of a subject.

    Averages are the published ones of the terms. Where exemption drops the subject, one exempt term
    leaves the other's result as the year's, two leave none (TT 58/2011 Đ12).
    Raises BadMark, UnknownLevel, NotExemptible.
    """
    steps: list[Step] = []
    standings = (year.standing1, year.standing2)
    if standings != (Standing.COUNTED, Standing.COUNTED):
        return _special_year(scheme, year, steps)
    if year.term1 is None or year.term2 is None:
        return _incomplete_year(scheme, year, steps)
    return _full_year(scheme, year, year.term1, year.term2, steps)


def _full_year(
    scheme: SecondaryScheme,
    year: SubjectYear,
    term1: Decimal | str,
    term2: Decimal | str,
    steps: list[Step],
) -> SubjectResult:
    article = scheme.articles["subject_year"]
    if year.assessed_by is AssessedBy.SCORE:
        first, second = scheme.year_weights
        terms = ((first, (as_mark(term1),)), (second, (as_mark(term2),)))
        figure = weighted_mean("year_average", article, terms)
        return _result(scheme, year, figure.rounded, None, (*steps, figure))
    one, two = _level(scheme, term1), _level(scheme, term2)
    both = scheme.comment_year_needs_both
    level = scheme.comment_levels[1] if both and scheme.comment_levels[1] == one else two
    params = {"term1": one, "term2": two, "level": level}
    fact = Fact("comment_year_both" if both else "comment_year", article, params)
    return _result(scheme, year, None, level, (*steps, fact))


def _special_year(scheme: SecondaryScheme, year: SubjectYear, steps: list[Step]) -> SubjectResult:
    standings = (year.standing1, year.standing2)
    found = {Standing.COUNTED: Status.COMPLETE}
    for standing in standings:
        if standing not in found:
            found[standing] = _status(scheme, year.code, standing, steps)
    statuses = [found[standing] for standing in standings]
    if Status.INDIVIDUAL_PLAN in statuses:
        return _without(scheme, year, Status.INDIVIDUAL_PLAN, (), steps)
    if statuses == [Status.EXEMPT, Status.EXEMPT]:
        return _without(scheme, year, Status.EXEMPT, (), steps)
    if Status.EXEMPT not in statuses:
        if year.term1 is None or year.term2 is None:
            return _incomplete_year(scheme, year, steps)
        return _full_year(scheme, year, year.term1, year.term2, steps)
    if not scheme.exempt_term_leaves_other:
        return _without(scheme, year, Status.EXEMPT, (), steps)
    studied = 2 if statuses[0] is Status.EXEMPT else 1
    only = year.term2 if studied == 2 else year.term1
    if only is None:
        blank = MissingCell(f"term{studied}", 1, Missing.BLANK)
        return _without(scheme, year, Status.INCOMPLETE, (blank,), steps)
    scored = year.assessed_by is AssessedBy.SCORE
    average = as_mark(only) if scored else None
    level = None if scored else _level(scheme, only)
    params = {"term": studied, "value": average if scored else level}
    steps.append(Fact("exempt_one_term", scheme.articles["exemption"], params))
    return _result(scheme, year, average, level, tuple(steps))


def _status(scheme: SecondaryScheme, code: str, standing: Standing, steps: list[Step]) -> Status:
    article = scheme.articles["exemption"]
    if standing is Standing.INDIVIDUAL_PLAN:
        steps.append(Fact("individual_plan", scheme.articles["individual_plan"], {"code": code}))
        return Status.INDIVIDUAL_PLAN
    if standing is Standing.REDUCED:
        article = scheme.articles["individual_plan"]
        steps.append(Fact("reduced_requirement", article, {"code": code}))
        return Status.COMPLETE
    dropped = scheme.exemptible if scheme.exemption is Exemption.DROPPED else frozenset()
    if code in dropped:
        steps.append(Fact("exempt_dropped", article, {"code": code}))
        return Status.EXEMPT
    if code in scheme.exempt_practice:
        steps.append(Fact("exempt_theory", article, {"code": code}))
        return Status.COMPLETE
    accepted = tuple(sorted(dropped | scheme.exempt_practice))
    raise NotExemptible(article=article, code=code, accepted=accepted)


def _comment_components(scheme: SecondaryScheme, term: SubjectTerm) -> tuple[str, ...]:
    if term.tests_in_one_list:
        return ("regular", "final")
    return tuple(component for component, _ in scheme.components)


def _level(scheme: SecondaryScheme, given: Decimal | str) -> str:
    return as_level(str(given), scheme.comment_levels)


def _comment_term(scheme: SecondaryScheme, levels: list[str]) -> Fact:
    reached, not_reached = scheme.comment_levels
    part, whole = scheme.comment_share
    passed = levels.count(reached)
    enough = passed * whole >= part * len(levels)
    final = levels[-1] == reached or not scheme.comment_final_needed
    params = {
        "levels": tuple(levels),
        "passed": passed,
        "total": len(levels),
        "part": part,
        "whole": whole,
        "final": levels[-1],
        "final_needed": scheme.comment_final_needed,
        "level": reached if enough and final else not_reached,
    }
    code = "comment_term" if part == whole else "comment_term_share"
    return Fact(code, scheme.articles["subject_term"], params)


def _incomplete_year(
    scheme: SecondaryScheme, year: SubjectYear, steps: list[Step]
) -> SubjectResult:
    terms = (("term1", year.term1), ("term2", year.term2))
    blank = tuple(MissingCell(name, 1, Missing.BLANK) for name, value in terms if value is None)
    for _, value in terms:
        if value is not None:
            _valid(scheme, year, value)
    return _without(scheme, year, Status.INCOMPLETE, blank, steps)


def _valid(scheme: SecondaryScheme, year: SubjectYear, value: Decimal | str) -> None:
    if year.assessed_by is AssessedBy.SCORE:
        as_mark(value)
    else:
        _level(scheme, value)


def _result(
    scheme: SecondaryScheme,
    given: SubjectTerm | SubjectYear,
    average: Decimal | None,
    level: str | None,
    steps: tuple[Step, ...],
) -> SubjectResult:
    return SubjectResult(
        scheme.id,
        scheme.version,
        given.code,
        given.assessed_by,
        Status.COMPLETE,
        average,
        level,
        (),
        steps,
    )


def _without(
    scheme: SecondaryScheme,
    given: SubjectTerm | SubjectYear,
    status: Status,
    missing: tuple[MissingCell, ...],
    steps: list[Step],
) -> SubjectResult:
    for cell in missing:
        params = {"what": cell.component, "place": cell.place, "why": cell.why}
        steps.append(Fact(f"missing_{cell.why}", scheme.articles["subject_term"], params))
    return SubjectResult(
        scheme.id,
        scheme.version,
        given.code,
        given.assessed_by,
        status,
        None,
        None,
        missing,
        tuple(steps),
    )
