"""Opening a school and keeping its particulars."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from schoolbook import access, audit
from schoolbook.errors import Conflict, Invalid
from schoolbook.models import School, SlipKind, User
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action, Role
from schoolbook.selectors import history
from schoolbook.services import people, slips
from schoolbook.services.slips import NewSlip


@dataclass(frozen=True)
class Particulars:
    """What books and forms print of a school."""

    name: str
    abbreviation: str
    address_before: str
    address_since: str

    def tidied(self) -> Particulars:
        """The same with spaces and letters put in order."""
        return Particulars(**{name: tidy(text) for name, text in asdict(self).items()})


PARTICULARS = tuple(field.name for field in fields(Particulars))


@transaction.atomic
def open_school(particulars: Particulars, *, actor: User, reason: str = "") -> School:
    """Enter a new school. Only jobs and commands do this, as the system actor.

    Raises Invalid.
    """
    school = School(**asdict(particulars.tidied()))
    _check(school)
    school.save(force_insert=True)
    audit.record([school], actor=actor, reason=reason, created=True)
    return school


@transaction.atomic
def open_with_admin(
    particulars: Particulars, *, admin_name: str, first_day: date, actor: User
) -> NewSlip:
    """Enter a new school and its first administrator, who can then let everybody else in (R-002).

    The slip lets the administrator choose a password. Raises Invalid.
    """
    school = open_school(particulars, actor=actor)
    admin = people.open_account(school=school, full_name=admin_name, actor=actor)
    people.charge(user=admin, role=Role.ADMIN, begins_on=first_day, actor=actor)
    return slips.write(admin, SlipKind.BOTH, actor=actor, needs_confirmation=False)


@transaction.atomic
def edit(
    *, school_id: int, version: int, particulars: Particulars, reason: str, actor: User
) -> School:
    """Change the particulars of a school; `version` is the one the actor saw.

    Sending what the school already has changes nothing and writes no history, so a double click does no harm.

    Raises Http404, PermissionDenied, Invalid, and Conflict when somebody else was faster.
    """
    school = access.school(actor, school_id, to=Action.EDIT_SCHOOL, lock=True)
    wanted = asdict(particulars.tidied())
    present = {name: getattr(school, name) for name in PARTICULARS}
    if wanted == present:
        return school
    if school.version != version:
        author, at = history.newest(school)
        raise Conflict(version=school.version, values=present, author=author, at=at)
    for name, text in wanted.items():
        setattr(school, name, text)
    school.version += 1
    _check(school)
    school.save(update_fields=[*PARTICULARS, "version"])
    audit.record([school], actor=actor, reason=tidy(reason))
    return school


def _check(school: School) -> None:
    # What the fields say; the database holds the same rules, and asking it beforehand would cost queries.
    try:
        school.clean_fields()
    except ValidationError as error:
        raise Invalid({name: texts[0] for name, texts in error.message_dict.items()}) from error
