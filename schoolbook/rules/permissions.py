"""Who may do what, and where: the whole policy as two tables. No Django here.

`MATRIX` says which duty gives which right, and over what. `ROUTES` says which right each address asks for, by method.
An address that is missing here fails a test; so does a right that nobody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A duty that a person holds at a school, from a date and perhaps until one."""

    ADMIN = "admin"
    PRINCIPAL = "principal"
    SUBJECT_TEACHER = "subject_teacher"


class Action(StrEnum):
    """Something a person may want to do."""

    VIEW_SCHOOL = "view_school"
    EDIT_SCHOOL = "edit_school"


class Scope(StrEnum):
    """How far a right reaches."""

    OWN_SCHOOL = "own_school"


MATRIX: dict[Role, dict[Action, Scope]] = {
    Role.ADMIN: {
        Action.VIEW_SCHOOL: Scope.OWN_SCHOOL,
        Action.EDIT_SCHOOL: Scope.OWN_SCHOOL,
    },
    Role.PRINCIPAL: {Action.VIEW_SCHOOL: Scope.OWN_SCHOOL},
    Role.SUBJECT_TEACHER: {Action.VIEW_SCHOOL: Scope.OWN_SCHOOL},
}


def allows(roles: set[Role], action: Action) -> bool:
    """Whether one of these duties gives the right."""
    return any(action in MATRIX[role] for role in roles)


class Openness(StrEnum):
    """What an address asks for when it asks for no particular right."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed_in"
    DEMO = "demo"  # signed in, and only where a demo school is served


@dataclass(frozen=True)
class Route:
    """What an address asks for, by HTTP method; any other method is refused with 405."""

    methods: dict[str, Action | Openness]


ROUTES: dict[str, Route] = {
    "set_language": Route({"POST": Openness.ANYBODY}),
    "schoolbook:health": Route({"GET": Openness.ANYBODY}),
    "schoolbook:ready": Route({"GET": Openness.ANYBODY}),
    "schoolbook:sign_in": Route({"GET": Openness.ANYBODY, "POST": Openness.ANYBODY}),
    "schoolbook:sign_out": Route({"POST": Openness.SIGNED_IN}),
    "schoolbook:home": Route({"GET": Openness.SIGNED_IN}),
    "schoolbook:gallery": Route({"GET": Openness.DEMO}),
    "schoolbook:school": Route({"GET": Action.VIEW_SCHOOL}),
    "schoolbook:school_history": Route({"GET": Action.VIEW_SCHOOL}),
    "schoolbook:edit_school": Route({"POST": Action.EDIT_SCHOOL}),
}
