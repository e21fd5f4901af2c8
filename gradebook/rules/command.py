"""One question of the command line answered: a kind, a scheme and its input to a result in JSON."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from gradebook.rules import fields
from gradebook.rules.awards import award
from gradebook.rules.conduct import conduct_year
from gradebook.rules.counts import regular_count
from gradebook.rules.entries import keyed_mark
from gradebook.rules.errors import NotInScheme, RulesError, UnknownAssessment, UnknownKind
from gradebook.rules.explain import Explained, explanation
from gradebook.rules.fields import Fields
from gradebook.rules.levels import academic
from gradebook.rules.primary_school import primary_year
from gradebook.rules.registry import primary, scheme_by_id, scheme_for, secondary
from gradebook.rules.scheme import AssessedBy
from gradebook.rules.shapes import SubjectTerm, SubjectValue, SubjectYear
from gradebook.rules.steps import Fact
from gradebook.rules.subject import subject_term, subject_year
from gradebook.rules.year_end import promotion

Result = dict[str, object]
Answer = tuple[Result, Explained]

_OLD = ("tt58", "tt26")
_NEW = ("tt22", "tt43")
_SECONDARY = (*_OLD, *_NEW)


class _Said(NamedTuple):
    """Steps of an answer that is no result of its own."""

    steps: tuple[Fact, ...]


def answer(line: Fields) -> Result:
    """Return `{"id", "result"}`, or `{"id", "error"}` where the rules refuse the question."""
    shown: Result = {"id": line.get("id")}
    try:
        result, explained = _answered(line)
    except RulesError as refused:
        return shown | {"error": refused.vi}
    if line.get("explain") is True:
        result = result | {"explanation": explanation(explained)}
    return shown | {"result": result}


def _answered(line: Fields) -> Answer:
    kind = fields.text(line, "kind")
    if kind not in _KINDS:
        raise UnknownKind(given=kind, accepted=tuple(_KINDS))
    schemes, respond = _KINDS[kind]
    given = fields.mapping(line, "input")
    if not schemes:
        return respond("", given)
    scheme = fields.text(line, "scheme")
    if scheme_by_id(scheme).id not in schemes:
        raise NotInScheme(kind=kind, scheme=scheme)
    return respond(scheme, given)


def _shown(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{figure:f}"


def _assessed_by(given: Fields) -> AssessedBy:
    value = fields.text(given, "assessed_by")
    accepted = tuple(AssessedBy)
    if value not in accepted:
        raise UnknownAssessment(given=value, accepted=accepted)
    return AssessedBy(value)


def _scheme_for(_: str, given: Fields) -> Answer:
    level = fields.text(given, "level")
    scheme = scheme_for(level, fields.integer(given, "grade"), fields.integer(given, "year_start"))
    params = {key: given[key] for key in ("level", "grade", "year_start")}
    fact = Fact("scheme_for", scheme.circular, params | {"scheme": scheme.id})
    return {"scheme": scheme.id}, _Said((fact,))


def _regular_count(scheme: str, given: Fields) -> Answer:
    result = regular_count(
        secondary(scheme),
        periods_per_year=fields.integer(given, "periods_per_year"),
        assessed_by=_assessed_by(given),
    )
    return {"count": result.count}, result


def _subject_term(scheme: str, given: Fields) -> Answer:
    assessed_by = _assessed_by(given)
    final = fields.optional_text(given, "final")
    if scheme in _OLD and assessed_by is AssessedBy.COMMENT:
        tests = fields.texts(given, "tests")
        term = SubjectTerm("", assessed_by, tests, final=final, tests_in_one_list=True)
    elif scheme == "tt58":
        regular, periodic = fields.texts(given, "regular"), fields.texts(given, "periodic")
        term = SubjectTerm("", assessed_by, regular, periodic, final=final)
    else:
        regular, midterm = fields.texts(given, "regular"), fields.optional_text(given, "midterm")
        term = SubjectTerm("", assessed_by, regular, midterm=midterm, final=final)
    result = subject_term(secondary(scheme), term)
    return _figure_or_level(assessed_by, result.average, result.level), result


def _subject_year(scheme: str, given: Fields) -> Answer:
    assessed_by = _assessed_by(given)
    term1, term2 = fields.optional_text(given, "term1"), fields.optional_text(given, "term2")
    result = subject_year(secondary(scheme), SubjectYear("", assessed_by, term1, term2))
    return _figure_or_level(assessed_by, result.average, result.level), result


def _figure_or_level(assessed_by: AssessedBy, average: Decimal | None, level: str | None) -> Result:
    if assessed_by is AssessedBy.SCORE:
        return {"average": _shown(average)}
    return {"level": level}


def _academic(scheme: str, given: Fields) -> Answer:
    subjects = [_subject_value(each) for each in fields.objects(given, "subjects")]
    specialised = fields.optional_text({"specialised": None, **given}, "specialised")
    result = academic(secondary(scheme), subjects, specialised)
    shown: Result = {"level": result.level, "base": result.base, "mean": _shown(result.mean)}
    return shown, result


def _subject_value(each: Fields) -> SubjectValue:
    code, assessed_by = fields.text(each, "code"), _assessed_by(each)
    if assessed_by is AssessedBy.SCORE:
        return SubjectValue(code, assessed_by, average=fields.optional_text(each, "average"))
    return SubjectValue(code, assessed_by, level=fields.optional_text(each, "level"))


def _conduct_year(scheme: str, given: Fields) -> Answer:
    term1, term2 = fields.optional_text(given, "term1"), fields.optional_text(given, "term2")
    result = conduct_year(secondary(scheme), term1, term2)
    return {"level": result.level}, result


def _promotion(scheme: str, given: Fields) -> Answer:
    result = promotion(
        secondary(scheme),
        fields.optional_text(given, "academic"),
        fields.optional_text(given, "conduct"),
        fields.integer(given, "absences"),
    )
    return {"outcome": result.outcome}, result


def _award(scheme: str, given: Fields) -> Answer:
    averages = fields.texts({"year_averages": [], **given}, "year_averages")
    result = award(
        secondary(scheme),
        fields.optional_text(given, "academic"),
        fields.optional_text(given, "conduct"),
        averages,
    )
    return {"title": result.title}, result


def _primary_year(scheme: str, given: Fields) -> Answer:
    result = primary_year(
        primary(scheme),
        fields.texts(given, "subjects"),
        fields.texts(given, "qualities"),
        fields.texts(given, "competences"),
        fields.texts(given, "tests"),
    )
    return {"level": result.level}, result


def _keyed_mark(_: str, given: Fields) -> Answer:
    typed = fields.text(given, "typed")
    mark = keyed_mark(typed)
    fact = Fact("keyed_mark", "TT 22/2021, Đ5.3", {"typed": typed, "mark": mark})
    return {"mark": _shown(mark)}, _Said((fact,))


# Kind: the schemes that have it (none: it asks for no scheme), and who answers
_KINDS: dict[str, tuple[tuple[str, ...], Callable[[str, Fields], Answer]]] = {
    "scheme_for": ((), _scheme_for),
    "regular_count": (("tt26", *_NEW), _regular_count),
    "subject_term": (_SECONDARY, _subject_term),
    "subject_year": (_SECONDARY, _subject_year),
    "academic": (_SECONDARY, _academic),
    "conduct_year": (_NEW, _conduct_year),
    "promotion": (_SECONDARY, _promotion),
    "award": (_SECONDARY, _award),
    "primary_year": (("tt27",), _primary_year),
    "keyed_mark": ((), _keyed_mark),
}
