"""Requests for the walks over all addresses, at either school; as rows, for next door nobody could decide them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from approvals.models import CorrectionLine, CorrectionRequest, Evidence
from approvals.rules.items import item_name
from approvals.rules.workflow import Event
from approvals.services.steps import step
from schoolbook.models import ClassGroup, School, User
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Witness
from schoolbook.services import rows
from tests import cast


def keeper(school: School) -> User:
    """The administrator there."""
    return cast.user(cast.AN if school == cast.song_lam() else cast.KHANH)


def sent(school: School) -> CorrectionRequest:
    """A request of the administrator that waits for a decision."""
    return _request(school, keeper(school), "final:1")


@transaction.atomic
def awaited(school: School) -> CorrectionRequest:
    """An approved request of Chi, or of Khánh next door, who is asked to be its witness."""
    is_home = school == cast.song_lam()
    row = _request(school, cast.user(cast.CHI if is_home else cast.KHANH), "midterm:1")
    if row.state == "submitted":
        decider = cast.user(cast.THU if is_home else cast.YEN)
        now = timezone.now()
        step(row, Event.APPROVE, actor=decider, decided_by=decider, decided_at=now)
    return row


@transaction.atomic
def _request(school: School, asker: User, key: str) -> CorrectionRequest:
    """The request of somebody about one mark of the first pupil of the first class, sent."""
    found = CorrectionRequest.objects.filter(requested_by=asker, lines__key=key).first()
    if found:
        return found
    now = timezone.now()
    group = ClassGroup.objects.filter(school=school).order_by("id")[0]
    taught = group.class_subjects.get(subject__code="toan")
    row = CorrectionRequest(
        school=school,
        year=group.year,
        class_group=group,
        class_subject=taught,
        term=1,
        student=group.enrolments.order_by("id")[0].student,
        book="marks",
        place={"class_subject": taught.pk, "term": 1},
        reason="Cộng sai điểm",
        requested_by=asker,
        created_at=now,
    )
    rows.enter(row, actor=asker)
    rows.enter(_line(row, key), actor=asker)
    rows.enter(_evidence(row), actor=asker)
    return step(
        row,
        Event.SUBMIT,
        actor=asker,
        submitted_at=now,
        approver_role=Role.VICE_PRINCIPAL.value,
        witness_roles=[Witness.REQUESTER.value],
        effect={},
    )


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
    return Evidence(
        school=row.school,
        correction=row,
        name="bai-kiem-tra.png",
        kind="png",
        size=1,
        received_sha256="0" * 64,
        stored_sha256="0" * 64,
        stored=f"evidence/{row.pk}",
        added_by=row.requested_by,
        added_at=timezone.now(),
    )
