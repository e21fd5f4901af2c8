"""The assessment rules of five circulars: exact, versioned, explained. Plain Python, no Django."""

from __future__ import annotations

from gradebook.rules.awards import award
from gradebook.rules.conduct import after_summer, conduct_year, needs_summer_training
from gradebook.rules.counts import regular_count
from gradebook.rules.entries import as_mark, keyed_level, keyed_mark
from gradebook.rules.errors import RulesError
from gradebook.rules.explain import blocking, explanation, sentence
from gradebook.rules.levels import academic
from gradebook.rules.primary_school import (
    PrimaryRecord,
    planned_tests,
    primary_award,
    primary_moment,
    primary_promotion,
    primary_year,
)
from gradebook.rules.registry import (
    SCHEMES,
    SchoolLevel,
    primary,
    scheme_by_id,
    scheme_for,
    secondary,
)
from gradebook.rules.scheme import AssessedBy, Outcome, Period, parameter_defaults
from gradebook.rules.shapes import (
    Absence,
    Standing,
    Status,
    SubjectTerm,
    SubjectValue,
    SubjectYear,
)
from gradebook.rules.subject import subject_term, subject_year
from gradebook.rules.year_end import after_retest, promotion, retest_right

__all__ = [
    "SCHEMES",
    "Absence",
    "AssessedBy",
    "Outcome",
    "Period",
    "PrimaryRecord",
    "RulesError",
    "SchoolLevel",
    "Standing",
    "Status",
    "SubjectTerm",
    "SubjectValue",
    "SubjectYear",
    "academic",
    "after_retest",
    "after_summer",
    "as_mark",
    "award",
    "blocking",
    "conduct_year",
    "explanation",
    "keyed_level",
    "keyed_mark",
    "needs_summer_training",
    "parameter_defaults",
    "planned_tests",
    "primary",
    "primary_award",
    "primary_moment",
    "primary_promotion",
    "primary_year",
    "promotion",
    "regular_count",
    "retest_right",
    "scheme_by_id",
    "scheme_for",
    "secondary",
    "sentence",
    "subject_term",
    "subject_year",
]
