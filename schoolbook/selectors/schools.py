"""What a school has decided for itself."""

from __future__ import annotations

from datetime import date

from schoolbook.models import School
from schoolbook.models.duties import ROLE_NAMES
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Regulation


def regulation_on(school: School, day: date) -> Regulation:
    """The parameters in force at a school on a day; the product's own where it has decided nothing yet."""
    decided = (
        school.regulations.filter(in_force_from__lte=day).order_by("in_force_from", "number").last()
    )
    return Regulation.from_json(decided.parameters) if decided else Regulation()


def role_names(school: School, day: date) -> dict[Role, str]:
    """What each duty is called at a school: in its own words where it has decided any (R-014); in one query."""
    own = regulation_on(school, day).words
    return {role: own.get(role.value) or str(name) for role, name in ROLE_NAMES.items()}
