"""Whether a cell may be written, and the first reason why not."""

from datetime import date
from typing import Any

import pytest

from gradebook.rules import Standing
from gradebook.rules.columns import Column, Component, ValueKind
from gradebook.rules.entering import Situation, Why, why_not, why_not_this
from gradebook.rules.typed import Entry, State

MARK = Column(Component.REGULAR, 1, ValueKind.MARK, "1")
RESULT = Column(Component.TERM_RESULT, 1, ValueKind.MARK, "")
FREE: dict[str, Any] = {"has_right": True, "is_taught": True, "is_on_sheet": True}


def test_nothing_stands_in_the_way_of_the_teacher_of_a_pupil_who_is_there():
    assert why_not(MARK, Situation(**FREE)) is None


@pytest.mark.parametrize(
    ("column", "more", "why"),
    [
        (MARK, {"has_right": False}, Why.NO_RIGHT),
        (MARK, {"is_taught": False}, Why.NOT_TAUGHT),
        (None, {}, Why.NO_COLUMN),
        (MARK, {"is_on_sheet": False}, Why.NOT_ON_SHEET),
        (MARK, {"left_on": date(2026, 10, 16)}, Why.LEFT),
        (MARK, {"is_sealed": True}, Why.SEALED),
        (MARK, {"needs_form": True}, Why.FORM_NEEDED),
        (RESULT, {}, Why.ONLY_TAKEN_OVER),
    ],
)
def test_each_reason_stands_in_the_way(column, more, why):
    assert why_not(column, Situation(**{**FREE, **more})) is why


def test_too_little_right_is_said_before_anything_else():
    situation = Situation(has_right=False, is_taught=False, is_on_sheet=False, is_sealed=True)
    assert why_not(None, situation) is Why.NO_RIGHT


def test_what_is_taken_over_may_be_of_somebody_who_has_left_and_may_be_a_result():
    situation = Situation(**FREE, left_on=date(2026, 10, 16), takes_over=True)
    assert why_not(RESULT, situation) is None


def test_m_needs_an_exemption_on_file():
    exempt = Entry(State.EXEMPT)
    assert why_not_this(exempt, Situation(**FREE)) is Why.NOT_EXEMPT
    assert why_not_this(exempt, Situation(**FREE, standing=Standing.REDUCED)) is Why.NOT_EXEMPT
    assert why_not_this(exempt, Situation(**FREE, standing=Standing.EXEMPT)) is None
    assert why_not_this(Entry(State.ABSENT), Situation(**FREE)) is None
