"""Windows, locks and confirmed sheets of a demo school: term 1 is closed, in term 2 entry goes on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from gradebook import access
from gradebook.models import LockAct, LockKind, WindowPlan
from gradebook.rules.closing import LockScope
from gradebook.rules.columns import Component
from gradebook.rules.windows import Line
from gradebook.selectors.books import Place
from gradebook.selectors.sheet import sheet
from gradebook.selectors.sign_offs import signing
from gradebook.selectors.windows import mark
from gradebook.services import locks, sign_offs, windows
from gradebook.services.locks import Asked
from schoolbook import clock
from schoolbook.models import ClassGroup, School, SchoolYear, TeachingAssignment, User
from schoolbook.rules.permissions import Role
from schoolbook.rules.subjects import Level

# Days of a school year that begins in September: opens, closes (at 17:00), by component and term.
SECONDARY = {
    (1, Component.REGULAR): ((9, 7), (1, 9)),
    (1, Component.MIDTERM): ((10, 26), (11, 21)),
    (1, Component.FINAL): ((12, 21), (1, 9)),
    (1, Component.CONDUCT): ((12, 28), (1, 13)),
    (2, Component.REGULAR): ((1, 18), (5, 15)),
    (2, Component.MIDTERM): ((3, 8), (3, 20)),
    (2, Component.FINAL): ((4, 26), (5, 15)),
    (2, Component.CONDUCT): ((5, 10), (5, 22)),
}
PRIMARY = {
    (1, Component.LEVEL): ((10, 26), (1, 13)),
    (1, Component.TEST): ((12, 21), (1, 9)),
    (1, Component.QUALITY_END): ((12, 28), (1, 13)),
    (1, Component.COMPETENCE_END): ((12, 28), (1, 13)),
    (2, Component.LEVEL): ((3, 8), (5, 22)),
    (2, Component.TEST): ((5, 3), (5, 15)),
    (2, Component.QUALITY_END): ((5, 10), (5, 22)),
    (2, Component.COMPETENCE_END): ((5, 10), (5, 22)),
}
CLOSES = time(17)
CONFIRMED_CLASSES = (
    2  # of each school; their sheets of term 1 are confirmed, and the first class as a whole
)


def close(school: School, system: User) -> None:
    """Plan, confirm, lock, and ask for unlocks, each by whose duty it is; once."""
    year = school.years.latest("start")
    if WindowPlan.objects.filter(year=year).exists():
        return
    leaders = {
        role: school.duties.filter(role=role, ends_on=None).order_by("id")[0].user
        for role in (Role.PRINCIPAL, Role.VICE_PRINCIPAL, Role.ADMIN)
    }
    groups = list(school.class_groups.filter(year=year).order_by("grade", "name"))
    for group in groups[:CONFIRMED_CLASSES]:
        _confirm(group)
    with transaction.atomic():
        _plan(year, leaders)
        _lock_and_unlock(year, groups, leaders)


def _plan(year: SchoolYear, leaders: dict[Role, User]) -> None:
    days = PRIMARY if year.school.level == Level.PRIMARY else SECONDARY
    lines = [
        Line(
            term=term,
            component=component.value,
            grade=None,
            opens_at=_moment(year, opens, time(7)),
            closes_at=_moment(year, closes, CLOSES),
        )
        for (term, component), (opens, closes) in days.items()
    ]
    plan = windows.save_draft(
        year_id=year.pk, lines=lines, version=0, actor=leaders[Role.VICE_PRINCIPAL]
    )
    windows.decide(
        plan_id=plan.pk,
        version=mark(plan),
        decision_number=f"34/QĐ-{year.school.abbreviation.upper()}",
        actor=leaders[Role.PRINCIPAL],
        verified_at=timezone.now(),
    )


def _moment(year: SchoolYear, day: tuple[int, int], at: time) -> datetime:
    month, number = day
    in_year = year.start + (month < 8)  # noqa: PLR2004 - a school year ends in summer
    return timezone.make_aware(datetime.combine(date(in_year, month, number), at))


def _confirm(group: ClassGroup) -> None:
    """Every teacher confirms the sheet of term 1 as it is shown; what is not complete waits."""
    rows = TeachingAssignment.objects.filter(
        class_subject__class_group=group, ends_on__isnull=True
    ).select_related("user")
    for row in rows.order_by("id"):
        place = Place(1, class_subject_id=row.class_subject_id)
        now = signing(sheet(access.book(row.user, place)))
        if now.cells and not now.gaps:
            sign_offs.sign(
                place=place, digest=now.digest, incomplete=now.incomplete, actor=row.user
            )


def _lock_and_unlock(year: SchoolYear, groups: list[ClassGroup], leaders: dict[Role, User]) -> None:
    """Term 1 is locked; one sheet is open again until tomorrow, one teacher waits for an answer."""
    _carried_out(
        Asked(year.pk, LockKind.LOCK, LockScope(term=1), "Kết thúc học kì I", freezes="entry"),
        leaders[Role.ADMIN],
        leaders,
        carried_out=leaders[Role.ADMIN],
    )
    until = clock.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)
    asking = TeachingAssignment.objects.filter(
        class_subject__class_group=groups[-1], ends_on__isnull=True
    ).select_related("class_subject", "user")
    first, second = list(asking.order_by("id")[:2])
    for row, decided in ((first, True), (second, False)):
        scope = LockScope(
            class_group_id=groups[-1].pk, subject_id=row.class_subject.subject_id, term=1
        )
        reason = "Bổ sung điểm kiểm tra bù của học sinh ốm"
        asked = Asked(year.pk, LockKind.UNLOCK, scope, reason, ends_at=until)
        if decided:
            _carried_out(asked, row.user, leaders, carried_out=leaders[Role.ADMIN])
        else:
            locks.ask(asked, actor=row.user)


def _carried_out(
    asked: Asked, by: User, leaders: dict[Role, User], *, carried_out: User
) -> LockAct:
    fresh = timezone.now()
    row = locks.ask(asked, actor=by)
    locks.decide(act_id=row.pk, agreed=True, actor=leaders[Role.PRINCIPAL], verified_at=fresh)
    return locks.carry_out(act_id=row.pk, actor=carried_out, verified_at=fresh)
