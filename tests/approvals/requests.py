"""Requests for corrections in tests, through the services: Chi teaches Toán in 6A, Thu approves, An applies."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import Image

from approvals.models import CorrectionRequest
from approvals.services import applying, decisions, requests
from gradebook.selectors.books import Place
from schoolbook import clock
from schoolbook.models import User
from schoolbook.rules.regulation import Regulation, Witness
from schoolbook.services import schools
from tests import cast
from tests.gradebook import book


def picture() -> bytes:
    """A small PNG, such as a photographed test."""
    file = BytesIO()
    Image.new("RGB", (8, 8), "white").save(file, "PNG")
    return file.getvalue()


def regulated(**parameters: Any) -> None:
    """Let Sông Lam decide these parameters, in force from today on."""
    schools.decide(
        school_id=cast.song_lam().pk,
        parameters=Regulation(**parameters),
        in_force_from=clock.today(),
        decision_number="5/QĐ",
        decided_on=clock.today(),
        actor=User.objects.system(),
    )


def asked(where: Place | None = None, pupil: str = cast.PUPILS[0]) -> dict[str, str]:
    """The page of a pupil on a sheet, as an address says it; Toán of 6A in term 1 unless another is named."""
    where = where or book.place()
    page = (
        {"class_subject": str(where.class_subject_id)}
        if where.class_subject_id
        else {"class_group": str(where.class_group_id)}
    )
    return {**page, "term": str(where.term), "student": str(cast.pupil(pupil).pk)}


def drafted(
    typed: Mapping[str, str] | None = None,
    *,
    person: cast.Person = cast.CHI,
    where: Place | None = None,
    pupil: str = cast.PUPILS[0],
    reason: str = "Cộng sai điểm bài kiểm tra",
) -> CorrectionRequest:
    """A draft without evidence."""
    proposal = requests.Proposal("marks", asked(where, pupil), typed or {"final:1": "9"}, reason)
    return requests.save_draft(proposal, actor=cast.user(person))


def with_evidence(row: CorrectionRequest) -> CorrectionRequest:
    """The same with a picture of the test."""
    requests.add_evidence(
        correction_id=row.pk, content=picture(), name="bai-kiem-tra.png", actor=row.requested_by
    )
    return row


def sent(**wanted: Any) -> CorrectionRequest:
    """A request that waits for a decision."""
    row = with_evidence(drafted(**wanted))
    return requests.submit(correction_id=row.pk, actor=row.requested_by)


def decided(
    row: CorrectionRequest, person: cast.Person = cast.THU, *, agreed: bool = True
) -> CorrectionRequest:
    """The same, approved or refused."""
    return decisions.decide(
        correction_id=row.pk,
        agreed=agreed,
        decision="Đồng ý" if agreed else "Chưa đủ minh chứng",
        actor=cast.user(person),
        verified_at=timezone.now(),
    )


def applied(row: CorrectionRequest, person: cast.Person = cast.AN) -> CorrectionRequest:
    """The same, applied."""
    return applying.apply(correction_id=row.pk, actor=cast.user(person), verified_at=timezone.now())


def witnessed(row: CorrectionRequest) -> CorrectionRequest:
    """The same, with the word of every witness asked for: An of the admin board and Lan of the class."""
    able = {
        Witness.LEADER: cast.BINH,
        Witness.ADMIN: cast.AN,
        Witness.HOMEROOM_TEACHER: cast.LAN,
        Witness.REQUESTER: cast.CHI,
    }
    for role in map(Witness, row.witness_roles):
        row = word(row, role, able[role])
    return row


def word(row: CorrectionRequest, role: Witness, person: cast.Person) -> CorrectionRequest:
    """The same, with the word of one witness."""
    return applying.witness(correction_id=row.pk, role=role, actor=cast.user(person))
