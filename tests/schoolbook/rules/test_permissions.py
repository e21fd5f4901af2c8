"""The policy as a table: complete, and as narrow as the regulations want it."""

from pathlib import Path

import pytest
from django.conf import settings

from schoolbook.management.commands import describe_permissions
from schoolbook.rules.permissions import MATRIX, ROUTES, Action, Openness, Role, allows


def test_every_duty_has_a_row():
    assert set(MATRIX) == set(Role)


def test_every_right_belongs_to_somebody():
    given = {action for row in MATRIX.values() for action in row}
    assert given == set(Action)


def test_every_right_is_asked_for_somewhere():
    asked = {need for route in ROUTES.values() for need in route.methods.values()}
    assert set(Action) <= asked


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_only_the_administrator_edits_the_school(role):
    assert allows({Role.ADMIN}, Action.EDIT_SCHOOL)
    assert not allows({role}, Action.EDIT_SCHOOL)


def test_two_duties_give_the_rights_of_both():
    assert allows({Role.SUBJECT_TEACHER, Role.ADMIN}, Action.EDIT_SCHOOL)


def test_no_duty_gives_no_right():
    assert not any(allows(set(), action) for action in Action)


def test_nothing_changes_by_a_request_that_only_reads():
    # With MANAGE_ACCOUNTS the form for a new account is shown; sending it is another row.
    reading = {Action.VIEW_SCHOOL, Action.VIEW_SECURITY, Action.MANAGE_ACCOUNTS, *Openness}
    assert {
        need
        for route in ROUTES.values()
        for method, need in route.methods.items()
        if method == "GET"
    } <= reading


def test_the_page_for_people_says_what_the_tables_say():
    page = Path(settings.BASE_DIR) / "docs" / "permissions.md"
    assert page.read_text() == describe_permissions.describe(), "run `make permissions`"
