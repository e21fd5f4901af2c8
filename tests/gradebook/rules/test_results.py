"""From the cells of two sheets to the results of a pupil."""

from decimal import Decimal

import pytest

from gradebook.rules import SCHEMES, AssessedBy, Standing, Status, secondary
from gradebook.rules.columns import Column, Component, ValueKind
from gradebook.rules.errors import NotExemptible
from gradebook.rules.explain import sentence
from gradebook.rules.results import Setting, results, value_of
from gradebook.rules.typed import Entry, State, read

MARK = Column(Component.REGULAR, 1, ValueKind.MARK, "1")
BOTH = {1: Standing.COUNTED, 2: Standing.COUNTED}


def setting(scheme="tt22", code="toan", how=AssessedBy.SCORE, needed=2, taught=(True, True)):
    return Setting(secondary(scheme), code, how, needed, {1: taught[0], 2: taught[1]})


def row(*regular, midterm="8", final="8", **more):
    cells = {("regular", place): read(typed, MARK) for place, typed in enumerate(regular, 1)}
    cells |= {("midterm", 1): read(midterm, MARK), ("final", 1): read(final, MARK)}
    return cells | more


def test_a_full_term_has_an_average_and_the_year_waits():
    found = results(setting(), {1: row("7", "9", final="6")}, BOTH).by_period
    assert found["term1"].average == Decimal("7.1")  # (7 + 9 + 2·8 + 3·6) ÷ 7 = 7.142…
    assert found["year"].status is Status.INCOMPLETE


def test_two_terms_make_a_year():
    found = results(setting(), {1: row("7", "7"), 2: row("9", "9")}, BOTH).by_period
    first, second = found["term1"].average, found["term2"].average
    assert (first, second) == (Decimal("7.7"), Decimal("8.3"))
    assert found["year"].average == Decimal("8.1")  # (7.7 + 2·8.3) ÷ 3


def test_a_blank_cell_is_never_a_zero():
    found = results(setting(), {1: row("7", "")}, BOTH).by_period["term1"]
    assert (found.status, found.average) == (Status.INCOMPLETE, None)
    assert [(cell.component, cell.place) for cell in found.missing] == [("regular", 2)]


def test_a_blank_column_beyond_those_asked_for_is_not_missing_and_a_mark_in_it_counts():
    plain = results(setting(), {1: row("7", "9", "")}, BOTH).by_period["term1"]
    more = results(setting(), {1: row("7", "9", "10")}, BOTH).by_period["term1"]
    assert (plain.average, more.average) == (Decimal("8.0"), Decimal("8.3"))


def test_an_absence_waits_and_a_decided_one_is_a_zero():
    waiting = results(setting(), {1: row("7", "9", final="V ốm")}, BOTH).by_period["term1"]
    decided = results(setting(), {1: row("7", "9", final="0V 3/QĐ")}, BOTH).by_period["term1"]
    assert waiting.status is Status.INCOMPLETE
    assert decided.average == Decimal("4.6")  # (7 + 9 + 2·8 + 3·0) ÷ 7 = 4.571…


def test_what_the_engine_refuses_is_an_incomplete_result_with_its_sentence():
    found = results(setting(), {1: row("0V 3/QĐ", "9")}, BOTH)
    assert found.by_period["term1"].status is Status.INCOMPLETE
    assert found.problem is not None
    assert found.problem.vi


def test_an_exemption_from_a_subject_that_knows_none_is_said_and_breaks_nothing():
    found = results(setting(), {1: row("7", "9")}, {1: Standing.EXEMPT, 2: Standing.EXEMPT})
    assert isinstance(found.problem, NotExemptible)
    assert found.by_period["year"].status is Status.INCOMPLETE


def test_who_is_exempt_under_the_older_circular_has_no_result():
    found = results(
        setting("tt58", code="gdtc", how=AssessedBy.COMMENT),
        {},
        dict.fromkeys((1, 2), Standing.EXEMPT),
    ).by_period
    assert {one.status for one in found.values()} == {Status.EXEMPT}


@pytest.mark.parametrize("taught", [(True, False), (False, True)])
def test_a_subject_of_one_term_has_that_result_for_the_year(taught):
    term = 1 if taught[0] else 2
    found = results(setting(taught=taught), {term: row("7", "9")}, BOTH).by_period
    assert set(found) == {f"term{term}", "year"}
    assert found["year"].average == found[f"term{term}"].average
    assert str(term) in sentence(found["year"].steps[0])


def test_a_figure_of_another_system_stands_for_its_period_and_counts_for_the_year():
    over = {("term_result", 1): Entry(State.VALUE, score=Decimal("6.4"))}
    found = results(setting(), {1: over, 2: row("9", "9")}, BOTH)
    assert found.by_period["term1"].average == Decimal("6.4")
    assert found.taken_over == {"term1"}
    assert found.by_period["year"].average is not None
    assert "6,4" in sentence(found.by_period["term1"].steps[0])


def test_a_year_of_another_system_stands_whatever_the_terms_are():
    over = {("year_result", 1): Entry(State.VALUE, score=Decimal("7.7"))}
    found = results(setting(), {1: row("2", "2"), 2: row("9", "9") | over}, BOTH)
    assert value_of(found.by_period["year"]) == Decimal("7.7")


def test_a_comment_only_subject_has_levels():
    level = Column(Component.REGULAR, 1, ValueKind.LEVEL, "1", levels=("Đ", "CĐ"))
    cells = {
        (name, place): read("Đ", level)
        for name, place in [("regular", 1), ("regular", 2), ("midterm", 1), ("final", 1)]
    }
    found = results(setting(code="gdtc", how=AssessedBy.COMMENT), {1: cells}, BOTH).by_period
    assert found["term1"].level == "Đ"


def test_the_older_circular_reads_its_periodic_tests():
    cells = row("7", "9") | {("periodic", 1): read("6", MARK)}
    found = results(setting("tt58", needed=2), {1: cells}, BOTH).by_period["term1"]
    assert found.average == Decimal("7.4")  # (7 + 9 + 2·6 + 3·8) ÷ 7 = 7.428…
    assert "tt58" in SCHEMES
