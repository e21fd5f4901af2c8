"""Asking for a correction: the draft, its evidence, sending it and taking it back (R-120, R-121)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals import access
from approvals.models import CorrectionLine, CorrectionRequest, Evidence
from approvals.rules import workflow
from approvals.rules.items import item_name
from approvals.rules.workflow import Event, State
from approvals.selectors import filing, parties
from approvals.selectors import requests as read
from approvals.services.steps import refuse, step
from schoolbook import audit, clock, registry, stored, uploads
from schoolbook import evidence as files
from schoolbook.correctable import Change, Matter
from schoolbook.errors import Invalid
from schoolbook.models import User
from schoolbook.rules import approvers
from schoolbook.rules.names import tidy
from schoolbook.rules.regulation import Regulation
from schoolbook.selectors import approvers as people
from schoolbook.selectors import schools
from schoolbook.services import rows

MOST_EVIDENCE = 10


@dataclass(frozen=True)
class Proposal:
    """What somebody asks for: on which page of which book, what is to stand there by key, and why."""

    book: str
    asked: Mapping[str, str]
    typed: Mapping[str, str]
    reason: str


@transaction.atomic
def save_draft(proposal: Proposal, *, actor: User) -> CorrectionRequest:
    """Keep what somebody wants to ask for, checked as entry is; the draft of the same page is written over.

    The original values are filled in from the book as it stands. Raises Http404, PermissionDenied, Invalid by the key
    of an item, "reason" or "__all__".
    """
    book = registry.correctables.get(proposal.book)
    matter = book.opened(actor, proposal.asked)
    changes = book.changes(matter, proposal.typed)
    if not changes:
        refuse(workflow.Why.NO_LINES)
    row = _draft(matter, actor)
    row.reason = tidy(proposal.reason)
    row.effect = dict(book.effect(matter, changes))
    rows.check(row)
    is_new = row.pk is None
    row.save()
    audit.record([row], actor=actor, created=is_new)
    _write_lines(row, matter, changes, actor)
    return row


def _draft(matter: Matter, actor: User) -> CorrectionRequest:
    """This person's draft for a page, locked; a new one where there is none."""
    found = filing.drafts(actor, matter).select_for_update(no_key=True).first()
    return found or CorrectionRequest(
        school_id=matter.school_id,
        year_id=matter.year_id,
        class_group_id=matter.class_group_id,
        class_subject_id=matter.class_subject_id,
        term=matter.term,
        student_id=matter.student_id,
        book=matter.book,
        place=dict(matter.place),
        requested_by=actor,
        created_at=timezone.now(),
    )


def _write_lines(
    row: CorrectionRequest, matter: Matter, changes: list[Change], actor: User
) -> None:
    """Let the lines be these: new ones added, those of the same item written over, the others dropped."""
    there = {line.key: line for line in row.lines.all()}
    order = {item.key: place for place, item in enumerate(matter.items)}
    for change in changes:
        line = there.pop(change.key, None) or CorrectionLine(
            school_id=row.school_id,
            correction=row,
            key=change.key,
            item=item_name(row.book, row.place, row.student_id, change.key),
        )
        line.label, line.group, line.place = change.label, change.group, order[change.key]
        line.old, line.old_version = change.old, change.old_version
        line.typed, line.new, line.is_dropped = change.typed, change.new, False
        is_new = line.pk is None
        rows.check(line)
        line.save()
        audit.record([line], actor=actor, created=is_new)
    gone = [line for line in there.values() if not line.is_dropped]
    for line in gone:
        line.is_dropped = True
        line.save()
    audit.record(gone, actor=actor)


def add_evidence(*, correction_id: int, content: bytes, name: str, actor: User) -> Evidence:
    """Put a file to a draft of one's own, cleaned of everything but what it shows; before any row is locked.

    Raises Http404, Invalid.
    """
    row = access.own_correction(actor, correction_id)
    _require_room(row)
    clean = files.cleaned(content, name, limit=uploads.evidence(actor))
    kept = stored.keep(clean.content, "evidence")
    with transaction.atomic():
        row = access.own_correction(actor, correction_id, lock=True)
        _require_room(row)
        return rows.enter(
            Evidence(
                school_id=row.school_id,
                correction=row,
                name=clean.name,
                kind=clean.kind,
                size=kept.size,
                received_sha256=clean.received_sha256,
                stored_sha256=kept.sha256,
                stored=kept.name,
                added_by=actor,
                added_at=timezone.now(),
            ),
            actor=actor,
        )


def _require_room(row: CorrectionRequest) -> None:
    """Raise Invalid where a request takes no more files."""
    _require_draft(row)
    if len(read.evidence(row)) >= MOST_EVIDENCE:
        raise Invalid({"file": _("A request takes ten files at most.")})


@transaction.atomic
def take_out_evidence(*, evidence_id: int, actor: User) -> Evidence:
    """Take a file out of a draft of one's own; it stays on the disk. Raises Http404, PermissionDenied, Invalid."""
    found = access.evidence(actor, evidence_id)
    row = access.own_correction(actor, found.correction_id, lock=True)
    _require_draft(row)
    if found.withdrawn_at is None:
        found.withdrawn_at = timezone.now()
        found.save(update_fields=["withdrawn_at"])
        audit.record([found], actor=actor)
    return found


def _require_draft(row: CorrectionRequest) -> None:
    if row.state != State.DRAFT:
        raise Invalid({"__all__": _("This request was sent: it stays as it is.")})


@transaction.atomic
def submit(*, correction_id: int, actor: User) -> CorrectionRequest:
    """Send a draft: from now on it holds its items, and waits for a decision (R-120, R-121).

    Right, original values, rules and regulation are looked at anew, with the page held. Who decides and who witnesses
    is what the regulation of today says. Raises Http404, PermissionDenied, Invalid.
    """
    row = access.own_correction(actor, correction_id)
    book = registry.correctables.get(row.book)
    if row.state == State.DRAFT:
        book.hold(actor, row.place)
    row = access.own_correction(actor, correction_id, lock=True)
    refuse(workflow.why_not_submit(parties.facts(row), actor.pk))
    effect = _looked_at_again(row, actor)
    regulation = schools.regulation_on(row.school, clock.today())
    _require_people(row, regulation)
    _require_free(row)
    try:
        with transaction.atomic():
            return step(
                row,
                Event.SUBMIT,
                actor=actor,
                submitted_at=timezone.now(),
                approver_role=regulation.correction_approver.value,
                witness_roles=[one.value for one in regulation.correction_witnesses],
                deputy_id=regulation.correction_deputy,
                effect=effect,
            )
    except IntegrityError as error:
        raise Invalid({"__all__": _("Another request for this is open.")}) from error


def _looked_at_again(row: CorrectionRequest, actor: User) -> dict[str, object]:
    """The effect as it is now, where the book agrees with every line. Raises Http404, PermissionDenied, Invalid."""
    book = registry.correctables.get(row.book)
    asked = {name: str(value) for name, value in row.place.items()}
    matter = book.opened(actor, {**asked, "student": str(row.student_id)})
    lines = read.changes(row)
    changes = book.changes(matter, {line.key: line.typed for line in lines})
    if changes != lines:
        raise Invalid(
            {
                "__all__": _(
                    "The book has changed since you wrote this. Open the draft again, look at the values and save it."
                )
            }
        )
    return dict(book.effect(matter, changes))


def _require_people(row: CorrectionRequest, regulation: Regulation) -> None:
    """Raise Invalid where nobody could decide or witness: better now than after a week of waiting."""
    day = clock.today()
    held, deputy = people.holders(row.school, day), people.deputy(row.school, regulation)
    able = approvers.deciders(regulation.correction_approver, held, deputy, row.requested_by_id)
    if not able:
        raise Invalid(
            {
                "__all__": _(
                    "Nobody at the school could decide this request. "
                    "The administrator can name a deputy in the regulation."
                )
            }
        )
    leads = parties.homeroom(row.class_group_id, day)
    for decider in able:
        empty = approvers.empty_seat(
            regulation.correction_witnesses,
            holders=held,
            requester=row.requested_by_id,
            decider=decider,
            homeroom=leads,
        )
        if empty is None:
            return
    raise Invalid(
        {
            "__all__": _(
                "The regulation asks for witnesses who are not there. The administrator can tell you more."
            )
        }
    )


def _require_free(row: CorrectionRequest) -> None:
    """Raise Invalid where another open request is about one of the items."""
    items = [line.item for line in read.lines(row)]
    held = (
        CorrectionLine.objects.filter(school=row.school_id, item__in=items, is_open=True)
        .exclude(correction=row)
        .select_related("correction__requested_by")
        .first()
    )
    if held:
        raise Invalid(
            {
                "__all__": _(
                    "%(name)s has asked for a correction of %(label)s already; it is open."
                )
                % {"name": held.correction.requested_by.full_name, "label": held.label}
            }
        )


@transaction.atomic
def withdraw(*, correction_id: int, actor: User, reason: str = "") -> CorrectionRequest:
    """Take back a request of one's own that nobody has decided yet. Raises Http404, Invalid."""
    row = access.own_correction(actor, correction_id, lock=True)
    refuse(workflow.why_not_withdraw(parties.facts(row), actor.pk))
    return step(row, Event.WITHDRAW, actor=actor, reason=tidy(reason), ending=tidy(reason))
