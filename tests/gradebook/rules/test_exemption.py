"""Exemption, reduced requirements, individual plans."""

from __future__ import annotations

import pytest

from gradebook.rules import (
    Standing,
    Status,
    SubjectTerm,
    SubjectYear,
    subject_term,
    subject_year,
)
from gradebook.rules.errors import (
    NotExemptible,
)
from gradebook.rules.scheme import Exemption, SecondaryScheme
from gradebook.rules.shapes import SubjectResult
from tests.gradebook.rules.cast import COMMENT, SCORE, TT22, TT26, TT43, TT58


def gaps(result: SubjectResult) -> list[tuple[str, int, str]]:
    return [(cell.component, cell.place, str(cell.why)) for cell in result.missing]


@pytest.mark.parametrize("scheme", [TT58, TT26])
@pytest.mark.parametrize("code", ["the_duc", "gdtc", "am_nhac", "mi_thuat"])
def test_exemption_drops_the_subject_before(scheme: SecondaryScheme, code: str) -> None:
    given = SubjectTerm(code, COMMENT, standing=Standing.EXEMPT)
    result = subject_term(scheme, given)
    assert (result.status, result.level, result.missing) == (Status.EXEMPT, None, ())
    year = SubjectYear(code, COMMENT, None, None, Standing.EXEMPT, Standing.EXEMPT)
    assert subject_year(scheme, year).status is Status.EXEMPT


@pytest.mark.parametrize(
    ("term1", "term2", "standing1", "standing2", "level"),
    [
        (None, "Đ", Standing.EXEMPT, Standing.COUNTED, "Đ"),
        (None, "CĐ", Standing.EXEMPT, Standing.COUNTED, "CĐ"),
        ("Đ", None, Standing.COUNTED, Standing.EXEMPT, "Đ"),
        ("CĐ", "Đ", Standing.COUNTED, Standing.EXEMPT, "CĐ"),
    ],
)
def test_exemption_for_one_term_leaves_the_other(
    term1: str, term2: str, standing1: Standing, standing2: Standing, level: str
) -> None:
    year = SubjectYear("the_duc", COMMENT, term1, term2, standing1, standing2)
    result = subject_year(TT58, year)
    assert (result.status, result.level) == (Status.COMPLETE, level)
    assert result.steps[-1].code == "exempt_one_term"


def test_the_studied_term_may_still_be_open_and_a_school_may_choose_otherwise() -> None:
    year = SubjectYear("the_duc", COMMENT, None, None, Standing.EXEMPT, Standing.COUNTED)
    assert gaps(subject_year(TT58, year)) == [("term2", 1, "blank")]
    other = SubjectYear("the_duc", COMMENT, None, None, Standing.COUNTED, Standing.EXEMPT)
    assert gaps(subject_year(TT58, other)) == [("term1", 1, "blank")]
    dropped = TT58.with_parameters(exempt_term_leaves_other=False)
    assert subject_year(dropped, year).status is Status.EXEMPT


def test_a_scored_subject_may_be_exempted_for_one_term_where_the_school_says_so() -> None:
    scheme = TT58.with_parameters(exemptible=frozenset({"tin"}))
    year = SubjectYear("tin", SCORE, "7", None, Standing.COUNTED, Standing.EXEMPT)
    assert str(subject_year(scheme, year).average) == "7.0"


@pytest.mark.parametrize("scheme", [TT22, TT43])
def test_theory_takes_the_place_of_practice_now(scheme: SecondaryScheme) -> None:
    open_one = SubjectTerm("gdtc", COMMENT, ("Đ", "Đ"), standing=Standing.EXEMPT)
    assert subject_term(scheme, open_one).status is Status.INCOMPLETE
    exempt = Standing.EXEMPT
    done = SubjectTerm("gdtc", COMMENT, ("Đ", "Đ"), midterm="Đ", final="CĐ", standing=exempt)
    result = subject_term(scheme, done)
    assert (result.level, result.steps[0].code) == ("CĐ", "exempt_theory")
    year = SubjectYear("gdqp_an", SCORE, "7", "8", exempt, exempt)
    full = subject_year(scheme, year)
    assert (str(full.average), [step.code for step in full.steps]) == (
        "7.7",
        ["exempt_theory", "year_average"],
    )
    half = SubjectYear("gdqp_an", SCORE, "7", None, exempt, exempt)
    assert subject_year(scheme, half).status is Status.INCOMPLETE


def test_practice_of_defence_education_was_replaced_by_theory_before_too() -> None:
    exempt = Standing.EXEMPT
    given = SubjectTerm("gdqp_an", SCORE, ("7",), ("7",), final="7", standing=exempt)
    assert str(subject_term(TT58, given).average) == "7.0"


@pytest.mark.parametrize(
    ("scheme", "code"), [(TT58, "toan"), (TT22, "toan"), (TT22, "am_nhac"), (TT43, "am_nhac")]
)
def test_no_other_subject_can_be_exempted(scheme: SecondaryScheme, code: str) -> None:
    given = SubjectTerm(code, COMMENT, ("Đ",), midterm="Đ", final="Đ", standing=Standing.EXEMPT)
    with pytest.raises(NotExemptible) as refused:
        subject_term(scheme, given)
    assert "gdtc" in refused.value.vi


def test_the_exemption_rule_itself_is_a_choice() -> None:
    theory = TT58.with_parameters(exemption=Exemption.THEORY)
    with pytest.raises(NotExemptible):
        subject_term(theory, SubjectTerm("the_duc", COMMENT, standing=Standing.EXEMPT))


def test_reduced_requirements_count_and_individual_plans_do_not() -> None:
    reduced = SubjectTerm(
        "toan", SCORE, ("5", "5"), midterm="5", final="5", standing=Standing.REDUCED
    )
    result = subject_term(TT22, reduced)
    assert (str(result.average), result.steps[0].code) == ("5.0", "reduced_requirement")
    plan = SubjectTerm("toan", SCORE, standing=Standing.INDIVIDUAL_PLAN)
    assert subject_term(TT22, plan).status is Status.INDIVIDUAL_PLAN
    year = SubjectYear("toan", SCORE, "5", "6", Standing.REDUCED, Standing.INDIVIDUAL_PLAN)
    assert subject_year(TT22, year).status is Status.INDIVIDUAL_PLAN
    year = SubjectYear("toan", SCORE, "5", "6", Standing.REDUCED, Standing.COUNTED)
    assert str(subject_year(TT22, year).average) == "5.7"
