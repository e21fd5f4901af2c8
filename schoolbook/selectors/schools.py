"""What a school has decided for itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolbook.models import Regulation as Decided
from schoolbook.models import School, User
from schoolbook.models.duties import ROLE_NAMES
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Regulation, Witness
from schoolbook.selectors import history

WITNESS_NAMES = {
    Witness.LEADER: _("a leader of the school"),
    Witness.ADMIN: _("a member of the admin board"),
    Witness.HOMEROOM_TEACHER: _("the homeroom teacher"),
    Witness.REQUESTER: _("who asked for it"),
}


def regulation_on(school: School, day: date) -> Regulation:
    """The parameters in force at a school on a day; the product's own where it has decided nothing yet."""
    decided = (
        school.regulations.filter(in_force_from__lte=day).order_by("in_force_from", "number").last()
    )
    return Regulation.from_json(decided.parameters) if decided else Regulation()


@dataclass(frozen=True)
class Version:
    """One decided version of the regulation, and whether it is past, present or future on the day."""

    decision: Decided
    parameters: Regulation
    state: str


def versions(school: School, day: date) -> list[Version]:
    """Every version that a school has decided, newest first; in one query."""
    found = list(school.regulations.order_by("-number"))
    begun = [one for one in found if one.in_force_from <= day]
    present = max(begun, key=lambda one: (one.in_force_from, one.number), default=None)
    return [
        Version(
            one,
            Regulation.from_json(one.parameters),
            "present" if one == present else "future" if one.in_force_from > day else "past",
        )
        for one in found
    ]


def deputies(versions: Iterable[Regulation]) -> dict[int, str]:
    """The names of the deputies whom these versions name, by id; in one query, in none if they name nobody."""
    named = {one.correction_deputy for one in versions if one.correction_deputy is not None}
    if not named:
        return {}
    return dict(User.objects.filter(pk__in=named).values_list("pk", "full_name"))


def panel(school: School) -> history.Panel:
    """Who recorded which version of the regulation; in two queries."""
    fields = ("number", "decision_number", "decided_on", "in_force_from")
    return history.panel_of(Decided, Q(school_id=school.pk), fields)


def role_names(school: School, day: date) -> dict[Role, str]:
    """What each duty is called at a school: in its own words where it has decided any (R-014); in one query."""
    own = regulation_on(school, day).words
    return {role: own.get(role.value) or str(name) for role, name in ROLE_NAMES.items()}
