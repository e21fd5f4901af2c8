"""Opening a school and keeping its particulars."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schoolbook import access, audit, clock
from schoolbook.errors import Conflict, Invalid
from schoolbook.models import Regulation, School, SlipKind, User
from schoolbook.rules.approvers import shortage
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action, Role
from schoolbook.rules.regulation import Problem
from schoolbook.rules.regulation import Regulation as RegulationParameters
from schoolbook.rules.subjects import Level
from schoolbook.selectors import approvers, history
from schoolbook.selectors.schools import WITNESS_NAMES
from schoolbook.services import duties, people, rows, second_factor, slips
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


PROBLEMS = {
    Problem.APPROVER: _("Corrections are approved by a principal or vice-principal."),
    Problem.WITNESSES: _("Name up to three witnesses, each once."),
    Problem.DAY: _("Choose a day of the month from 1 to 28."),
    Problem.NUMBER: _("This number is outside of what is sensible."),
}
NO_APPROVER = _("Nobody could approve a correction asked for by %(name)s: name a deputy.")
NO_OTHER_APPROVER = _(
    "Nobody could approve a correction asked for by %(name)s: name another deputy, "
    "or give somebody the duty of principal or vice-principal."
)
NO_WITNESS = _(
    "For a correction asked for by %(name)s nobody would be left to witness as “%(witness)s”: "
    "each witness is another person, and nobody witnesses what they approved."
)
PARTICULARS = tuple(field.name for field in fields(Particulars))
DECISION = ("in_force_from", "decision_number", "decided_on", "parameters")


@transaction.atomic
def open_school(
    particulars: Particulars, *, level: Level, district: str, actor: User, reason: str = ""
) -> School:
    """Enter a new school with its level, which stays. Only jobs and commands do this, as the system actor.

    Raises Invalid.
    """
    school = School(level=level, district=tidy(district), **asdict(particulars.tidied()))
    _check(school)
    school.save(force_insert=True)
    audit.record([school], actor=actor, reason=reason, created=True)
    return school


@transaction.atomic
def open_with_admin(
    particulars: Particulars,
    *,
    level: Level,
    district: str,
    admin_name: str,
    first_day: date,
    actor: User,
) -> NewSlip:
    """Enter a new school and its first administrator, who can then let everybody else in (R-002).

    The slip lets the administrator choose a password. Raises Invalid.
    """
    school = open_school(particulars, level=level, district=district, actor=actor)
    admin = people.open_account(school=school, full_name=admin_name, actor=actor)
    duties.charge(school=school, user=admin, role=Role.ADMIN, begins_on=first_day, actor=actor)
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
    if not tidy(reason):
        raise Invalid({"reason": _("Say why: it stays in the history.")})
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


@transaction.atomic
def decide(
    *,
    school_id: int,
    parameters: RegulationParameters,
    in_force_from: date,
    decision_number: str,
    decided_on: date,
    actor: User,
    verified_at: datetime | None = None,
    version: int | None = None,
) -> Regulation:
    """Record what the school has decided for itself, as a new version in force from a day on.

    `version` is the number of the newest one that the actor saw, 0 for none; the same decision again is no change.
    Raises Http404, PermissionDenied, Invalid when it cannot be decided so, or when with today's duties nobody would
    be left to approve or witness somebody's correction, Conflict and SecondFactorNeeded.
    """
    if actor.is_system:
        school = School.objects.select_for_update(no_key=True).get(pk=school_id)
    else:
        school = access.school(actor, school_id, to=Action.DECIDE_REGULATION, lock=True)
        second_factor.require_fresh(actor, verified_at)
    if problems := parameters.problems():
        raise Invalid({name: PROBLEMS[problem] for name, problem in problems.items()})
    _leave_somebody(school, parameters)
    newest = school.regulations.order_by("-number").first()
    decision = Regulation(
        school=school,
        number=newest.number + 1 if newest else 1,
        in_force_from=in_force_from,
        decision_number=tidy(decision_number),
        decided_on=decided_on,
        parameters=parameters.as_json(),
    )
    if newest and all(getattr(newest, name) == getattr(decision, name) for name in DECISION):
        return newest
    if in_force_from < clock.today() and not actor.is_system:
        raise Invalid({"in_force_from": _("What was decided holds from today on or later.")})
    if newest and version is not None and version != newest.number:
        author, at = history.newest(newest)
        values = {str(_("number of the decision")): newest.decision_number}
        raise Conflict(version=newest.number, values=values, author=author, at=at)
    return rows.enter(decision, actor=actor)


def _leave_somebody(school: School, parameters: RegulationParameters) -> None:
    """Raise Invalid, saying what is missing, if with today's duties a request would find nobody to go on with it."""
    today = clock.today()
    holders, deputy = approvers.holders(school, today), approvers.deputy(school, parameters)
    if deputy != parameters.correction_deputy:
        raise Invalid({"correction_deputy": _("Choose somebody of the school as deputy.")})
    missing = shortage(parameters, holders, deputy)
    if missing is None:
        return
    asking = User.objects.filter(pk=missing.requester).first() if missing.requester else None
    name = {"name": asking.full_name if asking else _("a teacher")}
    if missing.witness:
        seat = {"witness": WITNESS_NAMES[missing.witness], **name}
        raise Invalid({"correction_witnesses": str(NO_WITNESS) % seat})
    sentence = NO_OTHER_APPROVER if deputy else NO_APPROVER
    raise Invalid({"correction_deputy": str(sentence) % name})


def _check(school: School) -> None:
    # What the fields say; the database holds the same rules, and asking it beforehand would cost queries.
    try:
        school.clean_fields()
    except ValidationError as error:
        raise Invalid.of(error) from error
