"""What schools decide differently: defaults, limits, and a form that survives storage."""

from dataclasses import replace

import pytest

from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import FormNeeded, Regulation, Witness


def test_the_defaults_can_be_decided():
    assert Regulation().problems() == {}
    assert Regulation().correction_approver is Role.VICE_PRINCIPAL


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"correction_approver": Role.CLERK}, "correction_approver"),
        ({"correction_witnesses": (Witness.ADMIN, Witness.ADMIN)}, "correction_witnesses"),
        ({"attendance_close_day": 0}, "attendance_close_day"),
        ({"attendance_close_day": 29}, "attendance_close_day"),
        ({"idle_minutes": 4}, "idle_minutes"),
        ({"idle_minutes": 121}, "idle_minutes"),
        ({"idle_minutes_admin": 61}, "idle_minutes_admin"),
        ({"password_reminder_days": 29}, "password_reminder_days"),
        ({"evidence_megabytes": 0}, "evidence_megabytes"),
        ({"evidence_megabytes": 21}, "evidence_megabytes"),
    ],
)
def test_what_makes_no_sense_is_named(change, parameter):
    assert set(replace(Regulation(), **change).problems()) == {parameter}


def test_the_limits_themselves_are_allowed():
    at_the_edge = replace(
        Regulation(), attendance_close_day=28, idle_minutes=5, password_reminder_days=730
    )
    assert at_the_edge.problems() == {}


def test_it_comes_back_from_storage_as_it_was():
    decided = Regulation(
        correction_approver=Role.PRINCIPAL,
        correction_witnesses=(Witness.LEADER, Witness.HOMEROOM_TEACHER),
        correction_form=FormNeeded.ALWAYS,
        correction_deputy=17,
        words={"principal": "giám đốc"},
    )
    assert Regulation.from_json(decided.as_json()) == decided


def test_an_older_version_gets_the_defaults_of_what_came_later():
    assert Regulation.from_json({"attendance_close_day": 7}).attendance_close_day == 7
    assert Regulation.from_json({"gone": 1}) == Regulation()


def test_an_unknown_value_is_refused():
    with pytest.raises(ValueError, match="nobody"):
        Regulation.from_json({"correction_approver": "nobody"})
