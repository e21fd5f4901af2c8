"""Gathering the heads of a school's chains, and recording that a restore lost some of what was kept."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolbook import access
from schoolbook.errors import Invalid
from schoolbook.models import GatheredHead, Gathering, Reseal, School, User
from schoolbook.rules.chain import gathering_link
from schoolbook.rules.kept import KeptHead
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action
from schoolbook.selectors import chain
from schoolbook.services import rows

log = structlog.get_logger(__name__)

# The first number of the advisory locks that gatherers wait for; the second is the school's. 6001 is of acts.
ONE_GATHERER = 6002


@transaction.atomic
def gather(*, school: School, actor: User) -> Gathering | None:
    """Add a gathering of every head that is new since the last one; None where nothing is.

    However many schedulers ask at once, and however late they are, each head is gathered once. Only jobs and commands
    do this: raises PermissionDenied for anybody but the system actor.
    """
    if not actor.is_system:
        raise PermissionDenied
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ONE_GATHERER, school.pk])
    heads = chain.new_heads(school)
    if not heads:
        return None
    last = chain.newest_gathering(school)
    row = Gathering(
        school=school, number=last.number + 1 if last else 1, gathered_at=timezone.now()
    )
    row.link = gathering_link(
        school=school.pk,
        number=row.number,
        previous=last.link if last else "",
        gathered_at=row.gathered_at,
        heads=heads,
    )
    row.save(force_insert=True)
    GatheredHead.objects.bulk_create(
        GatheredHead(gathering=row, chain=head.chain, number=head.number, link=head.link)
        for head in heads
    )
    return row


def gather_all(*, actor: User) -> int:
    """Gather the heads of every school, each in a transaction of its own; how many had something new.

    One that fails keeps no other from being gathered; the first error is raised at the end.
    """
    made, errors = 0, []
    for school in School.objects.order_by("pk"):
        try:
            made += bool(gather(school=school, actor=actor))
        except Exception as error:
            log.exception("gathering_failed", school=school.pk)
            errors.append(error)
    if errors:
        raise errors[0]
    return made


@transaction.atomic
def reseal(*, school: School, kept: Sequence[KeptHead], reason: str, actor: User) -> Reseal:
    """Record that a restore lost these kept heads, and that the school goes on from the last that there is.

    It is an act of the school, and from now on they are no sign of tampering. Raises Http404, PermissionDenied,
    Invalid when nothing was lost, or when what is missing cannot be what a restore loses.
    """
    access.school(actor, school.pk, to=Action.VIEW_SECURITY, lock=True)
    found = chain.compared(school, kept)
    if not found.lost:
        raise Invalid({"heads": _("Every kept head is there: nothing has to be sealed anew.")})
    first = min(head.number for head in found.lost)
    if found.proved and found.proved.number > first:
        raise Invalid(
            {"heads": _("A newer kept head is there: what is missing was not lost by a restore.")}
        )
    last = chain.newest_gathering(school)
    row = Reseal(
        school=school,
        since=found.proved.number if found.proved else min(last.number if last else 0, first - 1),
        lost=[list(head.key) for head in sorted(found.lost)],
        reason=tidy(reason),
        made_by=actor,
        made_at=timezone.now(),
    )
    return rows.enter(row, actor=actor, reason=row.reason)
