"""Requests for corrections at a demo school: one applied, one refused, and others that wait for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.html import escape

from approvals.models import CorrectionRequest
from approvals.rules import workflow
from approvals.rules.workflow import State
from approvals.selectors import parties
from approvals.services import applying, decisions, requests
from schoolbook import registry
from schoolbook.correctable import Item, Matter
from schoolbook.models import School, TeachingAssignment, User
from schoolbook.pdf import pdf_of
from schoolbook.rules.permissions import Role

# How far the requests of a school have come, one by one.
STORY = (State.APPLIED, State.SUBMITTED, State.WITNESSED, State.REFUSED, State.SUBMITTED)
REASONS = (
    "Cộng sai điểm thành phần của bài kiểm tra cuối kì",
    "Nhập nhầm dòng của học sinh kế bên",
    "Học sinh đã kiểm tra bù theo kế hoạch",
    "Chấm sót một câu của bài kiểm tra",
    "Nhập nhầm điểm khi chép từ bài làm",
)
HALF = Decimal("0.5")
BEST = Decimal(10)


def correct(school: School, system: User) -> None:
    """Let teachers of term 1, which is locked, ask for corrections, and others deal with them; once."""
    if CorrectionRequest.objects.filter(school=school).exists():
        return
    for (matter, item, teacher), reach, reason in zip(
        _locked_cells(school), STORY, REASONS, strict=False
    ):
        row = _asked(matter, item, teacher, reason)
        if reach is not State.SUBMITTED:
            _go_on(row, reach)


def _locked_cells(school: School) -> Iterator[tuple[Matter, Item, User]]:
    """Cells of term 1 that hold a mark, each of another teacher, with somebody who may ask for its correction."""
    book = registry.correctables.get("marks")
    rows = TeachingAssignment.objects.filter(
        class_subject__class_group__school=school, ends_on__isnull=True, user__is_active=True
    ).select_related("class_subject", "user")
    known: set[int] = set()
    for row in rows.order_by("class_subject__class_group", "id"):
        if row.user_id in known:
            continue
        places = row.class_subject.class_group.enrolments.order_by("id")
        place = places.filter(ends_on__isnull=True)[len(known)]
        asked = {"class_subject": str(row.class_subject_id), "term": "1"}
        matter = book.opened(row.user, {**asked, "student": str(place.student_id)})
        wrong = next((one for one in matter.items if not one.why_not and _better(one)), None)
        if wrong:
            known.add(row.user_id)
            yield matter, wrong, row.user


def _better(item: Item) -> str:
    """Half a mark more, or a whole one where marks are whole; empty for what is no mark."""
    try:
        mark = Decimal(item.shown.replace(",", "."))
    except InvalidOperation:
        return ""
    step = Decimal(1) if item.key.startswith("test") else HALF
    return str(mark + step).replace(".", ",") if mark + step <= BEST else ""


def _asked(matter: Matter, item: Item, teacher: User, reason: str) -> CorrectionRequest:
    asked = {name: str(value) for name, value in matter.place.items()}
    proposal = requests.Proposal(
        matter.book,
        {**asked, "student": str(matter.student_id)},
        {item.key: _better(item)},
        reason,
    )
    row = requests.save_draft(proposal, actor=teacher)
    requests.add_evidence(
        correction_id=row.pk,
        content=_scan(matter, item),
        name="bai-kiem-tra.pdf",
        actor=teacher,
    )
    return requests.submit(correction_id=row.pk, actor=teacher)


def _go_on(row: CorrectionRequest, reach: State) -> None:
    """Decide it, witness it and apply it, each by whose part it is, as far as it has come."""
    fresh = timezone.now()
    agreed = reach is not State.REFUSED
    decider = User.objects.get(pk=min(parties.facts(row).deciders))
    row = decisions.decide(
        correction_id=row.pk,
        agreed=agreed,
        decision="" if agreed else "Minh chứng chưa rõ, đề nghị bổ sung bài làm của học sinh.",
        actor=decider,
        verified_at=fresh,
    )
    while row.state == State.APPROVED:
        facts = parties.facts(row)
        role, person = next(
            (role, person)
            for role, able in facts.candidates.items()
            for person in sorted(able)
            if role in workflow.seats(facts, person)
        )
        row = applying.witness(correction_id=row.pk, role=role, actor=User.objects.get(pk=person))
    if reach is State.APPLIED:
        admin = row.school.duties.filter(role=Role.ADMIN, ends_on=None).order_by("id")[0].user
        applying.apply(correction_id=row.pk, actor=admin, verified_at=fresh)


def _scan(matter: Matter, item: Item) -> bytes:
    """The sheet of a test with its mark, as far as a demo needs one."""
    lines = "".join("<hr>" for _line in range(18))
    return pdf_of(
        "<html lang='vi'><link rel='stylesheet' href='asset:document.css'><body>"
        f"<h2>BÀI KIỂM TRA</h2><p>{escape(item.label)}: <b>{escape(_better(item))}</b></p>{lines}"
    )
