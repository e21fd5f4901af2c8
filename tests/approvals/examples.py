"""One request of each kind at either school, as rows: for the walk over all addresses, with nothing locked for it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from approvals.models import CorrectionLine, CorrectionRequest, Evidence, EvidenceKind
from approvals.rules.items import item_name
from approvals.rules.workflow import State
from schoolbook import audit, stored
from schoolbook.models import ClassSubject, Student, User
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Witness
from schoolbook.services import rows
from tests.approvals.requests import picture

STEPS = {
    State.DRAFT: (),
    State.SUBMITTED: (State.SUBMITTED,),
    State.APPROVED: (State.SUBMITTED, State.APPROVED),
}
CELLS = {State.DRAFT: "final:1", State.SUBMITTED: "midterm:1", State.APPROVED: "regular:1"}


@transaction.atomic
def request(
    requester: User, taught: ClassSubject, student: Student, state: State, decider: User
) -> CorrectionRequest:
    """A request of this person in this state, made once; the requester is the witness that it asks for."""
    made = CorrectionRequest.objects.filter(
        school=taught.school, requested_by=requester, state=state.value
    )
    if found := made.first():
        return found
    row = CorrectionRequest(
        school=taught.school,
        year=taught.class_group.year,
        class_group=taught.class_group,
        class_subject=taught,
        term=1,
        student=student,
        book="marks",
        place={"class_subject": taught.pk, "term": 1},
        reason="Cộng sai điểm",
        effect={},
        requested_by=requester,
        created_at=timezone.now(),
    )
    rows.enter(row, actor=requester)
    line = _line(row, CELLS[state])
    rows.enter(line, actor=requester)
    rows.enter(_evidence(row), actor=requester)
    for step in STEPS[state]:
        _go(row, step, decider)
    if STEPS[state]:
        line.is_open = True
        line.save()
        audit.record([line], actor=requester)
    return row


def _line(row: CorrectionRequest, key: str) -> CorrectionLine:
    return CorrectionLine(
        school=row.school,
        correction=row,
        item=item_name(row.book, row.place, row.student_id, key),
        key=key,
        label="ĐĐGck",
        group="final",
        old="",
        old_version=0,
        typed="8",
        new="8",
        place=0,
    )


def _evidence(row: CorrectionRequest) -> Evidence:
    kept = stored.keep(picture(), "evidence")
    return Evidence(
        school=row.school,
        correction=row,
        name="bai-kiem-tra.png",
        kind=EvidenceKind.PNG,
        size=kept.size,
        received_sha256=kept.sha256,
        stored_sha256=kept.sha256,
        stored=kept.name,
        added_by=row.requested_by,
        added_at=timezone.now(),
    )


def _go(row: CorrectionRequest, step: State, decider: User) -> None:
    row.state, now = step.value, timezone.now()
    if step is State.SUBMITTED:
        row.submitted_at, row.approver_role = now, Role.VICE_PRINCIPAL.value
        row.witness_roles = [Witness.REQUESTER.value]
    else:
        row.decided_by, row.decided_at = decider, now
    row.save()
    audit.record([row], actor=decider)
