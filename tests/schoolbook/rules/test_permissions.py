"""The policy as a table: complete, and as narrow as the regulations want it."""

from pathlib import Path

import pytest
from django.conf import settings

from schoolbook.management.commands import describe_permissions
from schoolbook.rules.permissions import MATRIX, Action, Role, Scope, scopes
from schoolbook.rules.routes import ROUTES, Openness


def test_every_duty_has_a_row():
    assert set(MATRIX) == set(Role)


def test_every_right_belongs_to_somebody():
    given = {action for row in MATRIX.values() for action in row}
    assert given == set(Action)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_only_the_administrator_edits_the_school_and_sets_up_its_year(role):
    for action in (Action.EDIT_SCHOOL, Action.SET_UP_YEAR, Action.ASSIGN, Action.GIVE_DUTIES):
        assert scopes({Role.ADMIN}, action) == {Scope.OWN_SCHOOL}
        assert scopes({role}, action) == set()


def test_everybody_at_the_school_may_look_at_its_particulars():
    assert scopes({Role.MEMBER}, Action.VIEW_SCHOOL) == {Scope.OWN_SCHOOL}


def test_several_duties_reach_as_far_as_all_of_them_together():
    both = {Role.SUBJECT_TEACHER, Role.HOMEROOM_TEACHER}
    assert scopes(both, Action.VIEW_CLASS) == {Scope.TAUGHT_CLASSES, Scope.OWN_CLASS}
    assert scopes(both, Action.EDIT_STUDENTS) == {Scope.OWN_CLASS}


def test_an_inspector_looks_and_does_nothing_else():
    assert set(MATRIX[Role.INSPECTOR]) == {
        Action.VIEW_CLASS,
        Action.VIEW_MARKS,
        Action.VIEW_LOCKS,
        Action.VIEW_PROGRESS,
        Action.VIEW_CORRECTIONS,
    }


def test_the_file_of_a_pupil_is_for_those_who_keep_it_the_leaders_and_the_health_officer():
    assert {role for role, row in MATRIX.items() if Action.VIEW_STUDENT_FILE in row} == {
        *(Role.PRINCIPAL, Role.VICE_PRINCIPAL, Role.ADMIN, Role.CLERK),
        *(Role.HOMEROOM_TEACHER, Role.HEALTH_OFFICER),
    }
    assert scopes({Role.HOMEROOM_TEACHER}, Action.VIEW_STUDENT_FILE) == {Scope.OWN_CLASS}


def test_whoever_keeps_files_may_look_at_them_and_only_the_office_moves_pupils():
    for role, row in MATRIX.items():
        if Action.EDIT_STUDENTS in row:
            assert row[Action.VIEW_STUDENT_FILE] == row[Action.EDIT_STUDENTS], role
        assert (Action.PLACE_STUDENTS in row) is (role in {Role.ADMIN, Role.CLERK}), role


def test_no_duty_gives_no_right():
    assert not any(scopes(set(), action) for action in Action)


def test_nothing_changes_by_a_request_that_only_reads():
    # With these the empty form is shown; sending it is another row.
    reading = {
        Action.VIEW_SCHOOL,
        Action.VIEW_STAFF,
        Action.VIEW_CLASS,
        Action.VIEW_MARKS,
        Action.VIEW_SECURITY,
        Action.MANAGE_ACCOUNTS,
        Action.EDIT_STUDENTS,
        Action.PLACE_STUDENTS,
        Action.ASSIGN,
        Action.GIVE_DUTIES,
        Action.DECIDE_REGULATION,
        Action.SET_UP_YEAR,
        Action.IMPORT,  # the preview, which nobody else may see
        Action.VIEW_MARKS,
        Action.ENTER_MARKS,  # choosing a file of marks
        Action.DRAFT_WINDOWS,
        Action.ASK_LOCK,
        Action.DECIDE_LOCKS,
        Action.VIEW_LOCKS,
        Action.VIEW_PROGRESS,
        Action.VIEW_ANOMALIES,
        Action.WRITE_REMARKS,
        Action.FILE_CORRECTIONS,
        Action.VIEW_CORRECTIONS,
        *Openness,
    }
    assert {
        need
        for route in ROUTES.values()
        for method, need in route.methods.items()
        if method == "GET"
    } <= reading


def test_the_page_for_people_says_what_the_tables_say():
    page = Path(settings.BASE_DIR) / "docs" / "permissions.md"
    assert page.read_text() == describe_permissions.describe(), "run `make permissions`"
