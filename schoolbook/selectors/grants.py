"""Explicit grants: what they cover today, and the list of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q

from schoolbook.models import ClassSubject, GroupGrant, PersonGrant, School, User
from schoolbook.rules.names import plain
from schoolbook.rules.permissions import GRANTABLE, Action


def covering(user: User, action: Action, day: date) -> Q:
    """Which class-subjects the grants of a person, own or of a group, open for this on a day."""
    names = [right.value for right, gives in GRANTABLE.items() if action in gives]
    held = [
        kind.objects.held_by(user, day).filter(permission__codename__in=names)
        for kind in (PersonGrant, GroupGrant)
    ]
    own, of_groups = (grants.values("content_object") for grants in held)
    return Q(pk__in=own) | Q(pk__in=of_groups)


# A year is set up some weeks before it begins.
SOON = timedelta(days=60)


class State(StrEnum):
    """Where a grant stands on a day."""

    IN_FORCE = "in_force"
    COMING = "coming"
    OVER = "over"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Given:
    """A grant as the list shows it."""

    id: int
    to_group: bool
    holder: str
    right: Action
    class_group_id: int
    class_name: str
    subject: str
    begins_on: date
    ends_on: date
    state: State

    @property
    def can_be_revoked(self) -> bool:
        """Whether there is still something to take away."""
        return self.state in {State.IN_FORCE, State.COMING}


def given(
    school: School, *, day: date, states: Iterable[State] = State, words: str = ""
) -> list[Given]:
    """The grants of a school in these states, the newest first, in two queries."""
    wanted, asked = set(states), plain(words).split()
    rows = [_row(grant, day) for grant in [*_of(PersonGrant, school), *_of(GroupGrant, school)]]
    rows.sort(key=lambda row: (row.begins_on, row.id), reverse=True)
    return [
        row
        for row in rows
        if row.state in wanted
        and all(word in plain(f"{row.holder} {row.class_name} {row.subject}") for word in asked)
    ]


Choices = list[tuple[object, object]]


def choices(school: School, day: date) -> dict[str, Choices]:
    """What a form may offer: subjects of this year's classes by class, colleagues, departments; in four queries."""
    taught: dict[str, Choices] = {}
    year = school.years.filter(term1_begins_on__lte=day + SOON).order_by("-start").first()
    for row in (
        ClassSubject.objects.filter(class_group__year=year)
        .select_related("class_group", "subject")
        .order_by("class_group__grade", "class_group__name", "subject__place")
    ):
        name = row.class_group.name
        taught.setdefault(name, []).append((row.pk, f"{name} · {row.subject.name}"))
    people = school.staff.filter(is_active=True).order_by("sort_key", "pk")
    groups = school.departments.filter(is_active=True).order_by("name")
    return {
        "class_subject": list(taught.items()),
        "user": [(one.pk, f"{one.full_name} ({one.username})") for one in people],
        "group": [(one.pk, one.name) for one in groups],
    }


def held(user: User, day: date) -> list[Given]:
    """What a person may do today by grants, own or of a group, in two queries."""
    return [
        _row(grant, day)
        for kind in (PersonGrant, GroupGrant)
        for grant in _joined(kind.objects.held_by(user, day), kind)
    ]


def _of(
    kind: type[PersonGrant] | type[GroupGrant], school: School
) -> Iterable[PersonGrant | GroupGrant]:
    return _joined(kind.objects.filter(school=school), kind)


def _joined(grants, kind):  # type: ignore[no-untyped-def]
    holder = "user" if kind is PersonGrant else "group"
    return grants.select_related(
        holder, "permission", "content_object__subject", "content_object__class_group"
    )


def _row(grant: PersonGrant | GroupGrant, day: date) -> Given:
    to_group = isinstance(grant, GroupGrant)
    taught = grant.content_object
    return Given(
        id=grant.pk,
        to_group=to_group,
        holder=grant.group.name if isinstance(grant, GroupGrant) else grant.user.full_name,
        right=Action(grant.permission.codename),
        class_group_id=taught.class_group_id,
        class_name=taught.class_group.name,
        subject=taught.subject.name,
        begins_on=grant.begins_on,
        ends_on=grant.ends_on,
        state=_state(grant, day),
    )


def _state(grant: PersonGrant | GroupGrant, day: date) -> State:
    if grant.revoked_at:
        return State.REVOKED
    if day < grant.begins_on:
        return State.COMING
    return State.IN_FORCE if day <= grant.ends_on else State.OVER
