"""Who may do what, and where: the policy as two tables. No Django here.

`MATRIX` says which duty gives which right, and over what; a right that nobody has fails a test. `routes.ROUTES` says
which right each address asks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """A duty that a person holds at a school, from a date and perhaps until one.

    `MEMBER` is everybody with an open account. Teachers and homeroom teachers are so by their assignments, a delegate
    by a grant in force.
    """

    PRINCIPAL = "principal"
    VICE_PRINCIPAL = "vice_principal"
    ADMIN = "admin"
    DEPARTMENT_HEAD = "department_head"
    SUBJECT_TEACHER = "subject_teacher"
    HOMEROOM_TEACHER = "homeroom_teacher"
    CLERK = "clerk"
    ACCOUNTANT = "accountant"
    LIBRARIAN = "librarian"
    HEALTH_OFFICER = "health_officer"
    INSPECTOR = "inspector"
    DELEGATE = "delegate"
    MEMBER = "member"


# Duties that are given as such; the others follow from assignments or from having an account.
CHARGED = (
    Role.PRINCIPAL,
    Role.VICE_PRINCIPAL,
    Role.ADMIN,
    Role.DEPARTMENT_HEAD,
    Role.CLERK,
    Role.ACCOUNTANT,
    Role.LIBRARIAN,
    Role.HEALTH_OFFICER,
    Role.INSPECTOR,
)


class Action(StrEnum):
    """Something a person may want to do."""

    VIEW_SCHOOL = "view_school"
    EDIT_SCHOOL = "edit_school"
    DECIDE_REGULATION = "decide_regulation"
    VIEW_STAFF = "view_staff"
    GIVE_DUTIES = "give_duties"
    SET_UP_YEAR = "set_up_year"
    ASSIGN = "assign"
    VIEW_CLASS = "view_class"
    VIEW_STUDENT_FILE = (
        "view_student_file"  # what the class list does not print: family, address, papers
    )
    EDIT_STUDENTS = "edit_students"
    PLACE_STUDENTS = "place_students"  # move pupils between classes
    CONFIRM_CLASS_LIST = "confirm_class_list"
    IMPORT = "import"
    MANAGE_ACCOUNTS = "manage_accounts"  # open, deactivate and reactivate accounts, issue slips
    CONFIRM_SLIPS = "confirm_slips"  # be the second person for a slip of somebody with power
    VIEW_SECURITY = "view_security"
    DELEGATE = "delegate"  # give others, for some time, a right over a class-subject
    ENTER_MARKS = "enter_marks"
    VIEW_MARKS = "view_marks"
    ENTER_CLASS_RESULTS = "enter_class_results"  # conduct and remarks; in primary qualities, too
    CHECK_RESULTS = "check_results"  # give one's word on the results of a subject; not lent
    SIGN_OFF = "sign_off"  # confirm the sheet of a subject for a term
    CONFIRM_CLASS = "confirm_class"  # confirm a class once all its sheets are
    DRAFT_WINDOWS = "draft_windows"  # plan when marks are entered
    VIEW_LOCKS = "view_locks"  # all requests to lock and unlock; one's own everybody sees
    ASK_LOCK = "ask_lock"  # ask that something be locked or unlocked
    DECIDE_LOCKS = "decide_locks"  # windows, locks and unlocks; also by the school's regulation
    CARRY_OUT_LOCKS = "carry_out_locks"
    VIEW_PROGRESS = "view_progress"
    WRITE_REMARKS = "write_remarks"  # the monthly remark at the end of a class's book
    VIEW_ANOMALIES = "view_anomalies"
    FILE_CORRECTIONS = "file_corrections"  # ask that something in a closed book be corrected
    VIEW_CORRECTIONS = "view_corrections"  # all requests; those one has a part in everybody sees
    DECIDE_CORRECTIONS = "decide_corrections"  # by the school's regulation; also a named deputy
    APPLY_CORRECTIONS = "apply_corrections"


class Scope(StrEnum):
    """How far a right reaches."""

    OWN_SCHOOL = "own_school"
    OWN_DEPARTMENT = "own_department"  # classes taught by members of the department
    OWN_CLASS = "own_class"  # the class whose homeroom teacher one is
    TAUGHT_CLASSES = "taught_classes"
    TAUGHT_SUBJECTS = "taught_subjects"  # of these classes, the subjects one teaches there
    GRANTED = "granted"  # what an explicit grant in force names


_EVERYBODY = {Action.VIEW_SCHOOL: Scope.OWN_SCHOOL, Action.VIEW_STAFF: Scope.OWN_SCHOOL}
_LOOK = {Action.VIEW_CLASS: Scope.OWN_SCHOOL, Action.VIEW_MARKS: Scope.OWN_SCHOOL}
_WATCH = {
    Action.VIEW_LOCKS: Scope.OWN_SCHOOL,
    Action.VIEW_PROGRESS: Scope.OWN_SCHOOL,
    Action.VIEW_CORRECTIONS: Scope.OWN_SCHOOL,
}
_LEADER = {
    **_LOOK,
    **_WATCH,
    Action.ASK_LOCK: Scope.OWN_SCHOOL,
    Action.DECIDE_LOCKS: Scope.OWN_SCHOOL,
    Action.DECIDE_CORRECTIONS: Scope.OWN_SCHOOL,
    Action.DRAFT_WINDOWS: Scope.OWN_SCHOOL,
    Action.WRITE_REMARKS: Scope.OWN_SCHOOL,
    Action.VIEW_ANOMALIES: Scope.OWN_SCHOOL,
    Action.VIEW_STUDENT_FILE: Scope.OWN_SCHOOL,
    Action.CONFIRM_SLIPS: Scope.OWN_SCHOOL,
    Action.VIEW_SECURITY: Scope.OWN_SCHOOL,
}

MATRIX: dict[Role, dict[Action, Scope]] = {
    Role.PRINCIPAL: _LEADER,
    Role.VICE_PRINCIPAL: _LEADER,
    Role.ADMIN: {
        Action.EDIT_SCHOOL: Scope.OWN_SCHOOL,
        Action.DECIDE_REGULATION: Scope.OWN_SCHOOL,
        Action.GIVE_DUTIES: Scope.OWN_SCHOOL,
        Action.SET_UP_YEAR: Scope.OWN_SCHOOL,
        Action.ASSIGN: Scope.OWN_SCHOOL,
        Action.VIEW_CLASS: Scope.OWN_SCHOOL,
        Action.VIEW_STUDENT_FILE: Scope.OWN_SCHOOL,
        Action.EDIT_STUDENTS: Scope.OWN_SCHOOL,
        Action.PLACE_STUDENTS: Scope.OWN_SCHOOL,
        Action.IMPORT: Scope.OWN_SCHOOL,
        Action.MANAGE_ACCOUNTS: Scope.OWN_SCHOOL,
        Action.CONFIRM_SLIPS: Scope.OWN_SCHOOL,
        Action.VIEW_SECURITY: Scope.OWN_SCHOOL,
        Action.DELEGATE: Scope.OWN_SCHOOL,
        Action.VIEW_MARKS: Scope.OWN_SCHOOL,
        **_WATCH,
        Action.ASK_LOCK: Scope.OWN_SCHOOL,
        Action.CARRY_OUT_LOCKS: Scope.OWN_SCHOOL,
        Action.FILE_CORRECTIONS: Scope.OWN_SCHOOL,
        Action.APPLY_CORRECTIONS: Scope.OWN_SCHOOL,
    },
    Role.DEPARTMENT_HEAD: {
        Action.VIEW_PROGRESS: Scope.OWN_DEPARTMENT,
        Action.VIEW_CLASS: Scope.OWN_DEPARTMENT,
        Action.VIEW_MARKS: Scope.OWN_DEPARTMENT,
    },
    Role.SUBJECT_TEACHER: {
        Action.VIEW_CLASS: Scope.TAUGHT_CLASSES,
        Action.ENTER_MARKS: Scope.TAUGHT_SUBJECTS,
        Action.VIEW_MARKS: Scope.TAUGHT_SUBJECTS,
        Action.CHECK_RESULTS: Scope.TAUGHT_SUBJECTS,
        Action.SIGN_OFF: Scope.TAUGHT_SUBJECTS,
        Action.ASK_LOCK: Scope.TAUGHT_SUBJECTS,
        Action.FILE_CORRECTIONS: Scope.TAUGHT_SUBJECTS,
    },
    Role.DELEGATE: {
        Action.VIEW_CLASS: Scope.GRANTED,
        Action.ENTER_MARKS: Scope.GRANTED,
        Action.VIEW_MARKS: Scope.GRANTED,
    },
    Role.HOMEROOM_TEACHER: {
        Action.VIEW_CLASS: Scope.OWN_CLASS,
        Action.VIEW_MARKS: Scope.OWN_CLASS,
        Action.VIEW_STUDENT_FILE: Scope.OWN_CLASS,
        Action.ENTER_CLASS_RESULTS: Scope.OWN_CLASS,
        Action.EDIT_STUDENTS: Scope.OWN_CLASS,
        Action.CONFIRM_CLASS_LIST: Scope.OWN_CLASS,
        Action.CONFIRM_CLASS: Scope.OWN_CLASS,
        Action.ASK_LOCK: Scope.OWN_CLASS,
        Action.FILE_CORRECTIONS: Scope.OWN_CLASS,
        Action.VIEW_PROGRESS: Scope.OWN_CLASS,
    },
    Role.CLERK: {
        Action.VIEW_CLASS: Scope.OWN_SCHOOL,
        Action.VIEW_STUDENT_FILE: Scope.OWN_SCHOOL,
        Action.EDIT_STUDENTS: Scope.OWN_SCHOOL,
        Action.PLACE_STUDENTS: Scope.OWN_SCHOOL,
    },
    Role.ACCOUNTANT: {},
    Role.LIBRARIAN: {},
    Role.HEALTH_OFFICER: {
        Action.VIEW_CLASS: Scope.OWN_SCHOOL,
        Action.VIEW_STUDENT_FILE: Scope.OWN_SCHOOL,
    },
    Role.INSPECTOR: _LOOK | _WATCH,
    Role.MEMBER: _EVERYBODY,
}


def scopes(roles: Iterable[Role], action: Action) -> set[Scope]:
    """How far the right reaches, by all of these duties together; empty when none gives it."""
    return {MATRIX[role][action] for role in roles if action in MATRIX[role]}


# Rights that sleep until the person has a second factor: to approve, unlock, administer, archive, or watch accounts.
SECOND_FACTOR: frozenset[Action] = frozenset(
    {
        Action.EDIT_SCHOOL,
        Action.DECIDE_REGULATION,
        Action.GIVE_DUTIES,
        Action.SET_UP_YEAR,
        Action.ASSIGN,
        Action.IMPORT,
        Action.MANAGE_ACCOUNTS,
        Action.CONFIRM_SLIPS,
        Action.VIEW_SECURITY,
        Action.DELEGATE,
        Action.DECIDE_LOCKS,
        Action.CARRY_OUT_LOCKS,
        Action.DECIDE_CORRECTIONS,
        Action.APPLY_CORRECTIONS,
    }
)
# Rights that may be granted over one class-subject, and what each of them gives.
GRANTABLE: dict[Action, frozenset[Action]] = {
    Action.ENTER_MARKS: frozenset({Action.ENTER_MARKS, Action.VIEW_MARKS, Action.VIEW_CLASS}),
    Action.VIEW_MARKS: frozenset({Action.VIEW_MARKS, Action.VIEW_CLASS}),
}
# Rights with which an unattended screen does most harm: a session that could use one ends sooner.
SHORT_SESSION: frozenset[Action] = frozenset({Action.MANAGE_ACCOUNTS})


def allows(roles: set[Role], action: Action) -> bool:
    """Whether one of these duties gives the right."""
    return any(action in MATRIX[role] for role in roles)


def any_of(roles: set[Role], actions: frozenset[Action]) -> bool:
    """Whether these duties give at least one of the rights."""
    return any(allows(roles, action) for action in actions)


def roles_with(actions: frozenset[Action]) -> set[Role]:
    """The duties that give at least one of these rights."""
    return {role for role in Role if any_of({role}, actions)}
