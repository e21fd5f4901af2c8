"""What an import would do, and that it is still what was shown."""

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolbook.rules.cells import Refusal
from schoolbook.rules.preview import Change, Outcome, compare
from schoolbook.rules.tables import Row

BORN = date(2012, 1, 31)
PRESENT: dict[str, dict[str, Any]] = {
    "HS1": {"name": "Lê An", "born": BORN, "mark": Decimal("8.5"), "class": "6A"},
    "HS2": {"name": "Đỗ Ân", "born": None, "mark": None, "class": "6A"},
    "HS9": {"name": "Vũ Yên", "born": None, "mark": None, "class": "6B"},
}
NOT_A_DATE = Refusal("C4", "not_a_date", {"text": "x"})
SAME = Row(2, {"code": "HS1", "name": "Lê An", "born": BORN, "mark": Decimal("8.50")})
CHANGED = Row(3, {"code": "HS2", "name": "Đỗ Văn Ân", "born": BORN})
REFUSED = Row(4, {"code": "HS9"}, (NOT_A_DATE,))
NEW = Row(5, {"code": "HS3", "name": "Bùi Ba"})
ROWS = [SAME, CHANGED, REFUSED, NEW]


def preview(rows=ROWS, present=PRESENT, **more):
    return compare(rows, present, code="code", **more)


def test_each_row_is_new_changed_the_same_or_refused():
    shown = preview()
    assert [(entry.number, entry.code, entry.outcome) for entry in shown.entries] == [
        (2, "HS1", Outcome.SAME),
        (3, "HS2", Outcome.CHANGED),
        (4, "HS9", Outcome.REFUSED),
        (5, "HS3", Outcome.NEW),
    ]
    assert shown.entries[1].changes == (
        Change("name", "Đỗ Ân", "Đỗ Văn Ân"),
        Change("born", None, BORN),
    )
    assert shown.entries[2].refusals == (NOT_A_DATE,)
    assert shown.entries[3].values == NEW.values
    assert shown.counts == dict.fromkeys(Outcome, 1)


def test_an_outcome_that_no_row_has_counts_nought():
    assert preview(rows=[]).counts == dict.fromkeys(Outcome, 0)


def test_what_only_the_database_knows_is_a_further_reason():
    no_class = Refusal("D5", "no_such_class", {"text": "6Z"})
    shown = preview(refused={5: [no_class], 4: [no_class]})
    assert shown.entries[3].refusals == (no_class,)
    assert shown.entries[2].refusals == (NOT_A_DATE, no_class)
    assert shown.counts[Outcome.REFUSED] == 2
    assert shown.digest != preview().digest


def test_a_row_without_a_code_that_nobody_refused_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="row 2 has no code"):
        preview(rows=[Row(2, {"name": "Lê An"})])


def test_a_refused_row_needs_no_code():
    shown = preview(rows=[Row(2, {"name": "Lê An"}, (NOT_A_DATE,))])
    assert (shown.entries[0].code, shown.entries[0].outcome) == ("", Outcome.REFUSED)


def other(code, **values):
    return PRESENT | {code: PRESENT.get(code, {}) | values}


@pytest.mark.parametrize(
    "present",
    [
        other("HS1", name="Lê Ân"),
        other("HS1", mark=Decimal("8.6")),
        other("HS1", mark="8.5"),
        other("HS1", born=None),
        other("HS2", **{"class": "6B"}),  # what was compared counts even where the file is silent
        other("HS9", name="Vũ Yến"),  # and where the row is refused
        other("HS3", name="Bùi Ba"),  # somebody else entered the new one
        {code: PRESENT[code] for code in ("HS2", "HS9")},
    ],
)
def test_the_digest_tells_when_something_in_the_file_has_changed_since(present):
    assert preview(present=present).digest != preview().digest


@pytest.mark.parametrize(
    "rows",
    [
        ROWS[:-1],
        [CHANGED, SAME, REFUSED, NEW],
        [SAME, CHANGED, REFUSED, Row(6, NEW.values)],
        [SAME, CHANGED, REFUSED, Row(5, {"code": "HS3", "name": "Bùi  Ba"})],
        [
            SAME,
            CHANGED,
            Row(4, {"code": "HS9"}, (Refusal("C4", "not_a_date", {"text": "y"}),)),
            NEW,
        ],
    ],
)
def test_the_digest_tells_when_it_is_another_file(rows):
    assert preview(rows=rows).digest != preview().digest


def test_the_digest_does_not_mind_order_other_people_or_idle_zeros():
    backwards = {code: dict(reversed(values.items())) for code, values in reversed(PRESENT.items())}
    backwards["HS1"]["mark"] = Decimal("8.500")
    backwards["HS77"] = {"name": "Mai Mơ"}
    assert preview(present=backwards).digest == preview().digest


def test_the_digest_is_the_same_on_every_machine():
    assert preview().digest == "e68cd228cd6cf9d677cbcfab21d05853904450e04e79951f532af471d0ef8793"


class Level(Enum):
    ONE = 1


@given(
    st.lists(
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.text(), st.dates(), st.just(Level.ONE)
        ),
        min_size=2,
        max_size=2,
    )
)
def test_two_values_have_one_digest_only_if_they_are_equal(pair):
    one, another = (preview(present={"HS1": {"name": value}}, rows=[SAME]).digest for value in pair)
    left, right = ((value.value if value is Level.ONE else value) for value in pair)
    alike = left == right and isinstance(left, bool) == isinstance(right, bool)
    assert (one == another) == alike


def test_a_value_whose_form_nobody_decided_is_an_error():
    with pytest.raises(TypeError, match="float"):
        preview(present={"HS1": {"mark": 8.5}})
