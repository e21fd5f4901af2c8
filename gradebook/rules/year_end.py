"""What becomes of a pupil at the year's end, and the retest that may change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from gradebook.rules.conduct import needs_summer_training
from gradebook.rules.entries import as_level, as_mark
from gradebook.rules.errors import BadNumber, NoRetest
from gradebook.rules.levels import academic
from gradebook.rules.scheme import AssessedBy, Outcome, SecondaryScheme
from gradebook.rules.shapes import (
    AcademicResult,
    Judged,
    PromotionResult,
    Retaken,
    RetestResult,
    RetestRight,
    Status,
    SubjectValue,
)
from gradebook.rules.steps import Fact
from gradebook.rules.subjects import subject_name

MOST_ABSENCES = 1000


def promotion(
    scheme: SecondaryScheme,
    academic_level: str | None,
    conduct_level: str | None,
    absences: int,
    *,
    retest_done: bool = False,
    summer_done: bool = False,
    individual_plan: bool = False,
) -> PromotionResult:
    """Return what becomes of a pupil from the results of the year, those after summer included.

    TT 58/2011 Đ15–17, TT 22/2021 Đ12–14, TT 43/2021 Đ11–13. `absences` counts sessions (buổi) of
    the year, excused or not. `retest_done` and `summer_done` say that the levels already are those
    after it: no second chance follows. The outcome is None while a level is not known, unless
    absences alone decide. Raises UnknownLevel, BadNumber.
    """
    if type(absences) is not int or not 0 <= absences <= MOST_ABSENCES:
        raise BadNumber(what="absences", least=0, most=MOST_ABSENCES, given=absences)
    if academic_level is not None:
        as_level(academic_level, scheme.academic_levels)
    if conduct_level is not None:
        as_level(conduct_level, scheme.conduct_levels)
    if individual_plan:
        decides = Fact("head_decides", scheme.articles["individual_plan"], {"head": scheme.head})
        return PromotionResult(scheme.id, scheme.version, Outcome.HEAD_DECIDES, (), (decides,))
    facts = _facts(scheme, academic_level, conduct_level, absences)
    if absences > scheme.absence_limit:
        return _outcome(scheme, Outcome.RETAINED, facts)
    if academic_level is None or conduct_level is None:
        return _outcome(scheme, None, facts)
    learned = bool(facts[1].params["met"])
    behaved = bool(facts[2].params["met"])
    if learned and behaved:
        return _outcome(scheme, Outcome.PROMOTED, facts)
    if learned and not summer_done:
        return _outcome(scheme, Outcome.SUMMER_CONDUCT, facts)
    if behaved and not retest_done and academic_level not in scheme.no_retest:
        return _outcome(scheme, Outcome.RETEST, facts)
    return _outcome(scheme, Outcome.RETAINED, facts)


def _facts(
    scheme: SecondaryScheme, academic_level: str | None, conduct_level: str | None, absences: int
) -> list[Fact]:
    article = scheme.articles["promotion"]
    limit = scheme.absence_limit
    days = {"absences": absences, "limit": limit, "met": absences <= limit}
    facts = [Fact("absences_checked", article, days)]
    ranked = scheme.academic_levels
    if academic_level is None:
        facts.append(Fact("academic_waits", article, {"met": False}))
    else:
        met = ranked.index(academic_level) <= ranked.index(scheme.pass_academic)
        params = {"level": academic_level, "least": scheme.pass_academic, "met": met}
        facts.append(Fact("academic_checked", article, params))
    if conduct_level is None:
        facts.append(Fact("conduct_level_waits", article, {"met": False}))
    else:
        met = not needs_summer_training(scheme, conduct_level)
        params = {"level": conduct_level, "least": scheme.pass_conduct, "met": met}
        facts.append(Fact("conduct_checked", article, params))
    return facts


def _outcome(
    scheme: SecondaryScheme, outcome: Outcome | None, facts: list[Fact]
) -> PromotionResult:
    code = "outcome_waits" if outcome is None else f"outcome_{outcome}"
    kind: dict[Outcome | None, str] = {Outcome.RETEST: "retest", Outcome.SUMMER_CONDUCT: "summer"}
    chosen = scheme.articles[kind.get(outcome, "promotion")]
    said = Fact(code, chosen, {"outcome": outcome, "pupil": scheme.pupil})
    blocking = tuple(fact for fact in facts if not fact.params["met"])
    return PromotionResult(scheme.id, scheme.version, outcome, blocking, (*facts, said))


def retest_right(
    scheme: SecondaryScheme,
    subjects: Iterable[Judged],
    academic_level: str,
    conduct_level: str,
    absences: int,
) -> RetestRight:
    """Return whether a pupil may retake subjects, and which (TT 58/2011 Đ16, TT 22/2021 Đ14).

    Open are scored subjects with a year average below 5.0 and comment-only subjects at Chưa đạt;
    under TT 58/2011 the pupil chooses among them. Raises as `promotion`.
    """
    outcome = promotion(scheme, academic_level, conduct_level, absences).outcome
    allowed = outcome is Outcome.RETEST
    open_ones = tuple(sorted(subject.code for subject in subjects if _failed(scheme, subject)))
    names = tuple(subject_name(code) for code in open_ones)
    fact = Fact(
        "retest_open" if allowed else "retest_closed",
        scheme.articles["retest"],
        {"names": names, "below": scheme.retest_below},
    )
    codes = open_ones if allowed else ()
    return RetestRight(scheme.id, scheme.version, allowed, codes, (fact,))


def _failed(scheme: SecondaryScheme, subject: Judged) -> bool:
    if subject.status is not Status.COMPLETE:
        return False
    if subject.assessed_by is AssessedBy.COMMENT:
        return subject.level == scheme.comment_levels[1]
    return subject.average is not None and as_mark(subject.average) < scheme.retest_below


def after_retest(
    scheme: SecondaryScheme,
    subjects: Iterable[Judged],
    again: Mapping[str, Decimal | str],
    *,
    conduct_level: str,
    absences: int,
    specialised: str | None = None,
) -> RetestResult:
    """Return the academic level after retests, with the first one kept beside it.

    `again` holds the new result by subject code: it replaces the year's result of that subject, for
    promotion, and mean, level and adjustment are computed anew. Raises NoRetest for a subject or
    pupil without the right to it, and as `academic`.
    """
    taken = tuple(subjects)
    first = academic(scheme, taken, specialised)
    right: tuple[str, ...] = ()
    if first.level is not None:
        right = retest_right(scheme, taken, first.level, conduct_level, absences).subjects
    for code in again:
        if code not in right:
            raise NoRetest(code=code, article=scheme.articles["retest"])
    replaced = [
        _replaced(scheme, subject, again[subject.code]) if subject.code in again else subject
        for subject in taken
    ]
    results = tuple(
        Retaken(subject.code, _value(subject), _value(new))
        for subject, new in zip(taken, replaced, strict=True)
        if subject.code in again
    )
    return _retested(scheme, first, academic(scheme, replaced, specialised), results)


def _retested(
    scheme: SecondaryScheme,
    first: AcademicResult,
    last: AcademicResult,
    results: tuple[Retaken, ...],
) -> RetestResult:
    article = scheme.articles["retest"]
    facts = [
        Fact(
            "retaken",
            article,
            {"name": subject_name(each.code), "first": each.first, "again": each.again},
        )
        for each in results
    ]
    levels = Fact("level_after_retest", article, {"first": first.level, "again": last.level})
    steps = (*facts, *last.steps, levels)
    return RetestResult(scheme.id, scheme.version, first, last, results, steps)


def _replaced(scheme: SecondaryScheme, subject: Judged, value: Decimal | str) -> SubjectValue:
    scored = subject.assessed_by is AssessedBy.SCORE
    return SubjectValue(
        code=subject.code,
        assessed_by=subject.assessed_by,
        average=as_mark(value) if scored else None,
        level=None if scored else as_level(str(value), scheme.comment_levels),
        name=getattr(subject, "name", ""),
        elective=getattr(subject, "elective", False),
    )


def _value(subject: Judged) -> Decimal | str:
    if subject.assessed_by is AssessedBy.SCORE:
        return as_mark("" if subject.average is None else subject.average)
    return "" if subject.level is None else subject.level
