"""Many requests at once in tests, as filing and deciding would leave them: one for each pupil of a large class."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from approvals.models import CorrectionLine, CorrectionRequest, Evidence
from approvals.rules.items import item_name
from gradebook.models import Mark
from schoolbook import audit
from schoolbook.models import Student, User
from schoolbook.services import students
from tests import cast
from tests.gradebook import book


def pupils(count: int) -> list[Student]:
    """So many pupils more in 6A."""
    system = User.objects.system()
    made = students.enter(
        school=cast.song_lam(),
        particulars=[
            students.Particulars(
                code=f"R{number:05d}",
                full_name="Trần Văn Đông",
                sex="male",
                born_on=date(2015, 3, 1),
            )
            for number in range(count)
        ],
        actor=system,
    )
    students.enrol(
        class_group=cast.class_group(), pupils=made, begins_on=date(2026, 8, 1), actor=system
    )
    return made


@transaction.atomic
def requested(
    who: Sequence[Student],
    cell: str,
    *,
    term: int = 1,
    state: str = "submitted",
    witnesses: Sequence[str] = (),
    person: cast.Person = cast.CHI,
) -> list[CorrectionRequest]:
    """Requests of somebody's, one for the same cell of each of these pupils, decided by Thu if the state says so."""
    group, taught, now = cast.class_group(), book.taught(), timezone.now()
    asks, system = cast.user(person), User.objects.system()
    place = {"class_subject": taught.pk, "term": term}
    made = CorrectionRequest.objects.bulk_create(
        CorrectionRequest(
            school_id=group.school_id,
            year_id=group.year_id,
            class_group=group,
            class_subject=taught,
            term=term,
            student=one,
            book="marks",
            place=place,
            reason="Cộng sai điểm",
            effect={},
            requested_by=asks,
            created_at=now,
        )
        for one in who
    )
    there = _there(cell, term)
    label, group_of = _words(cell)
    lines = CorrectionLine.objects.bulk_create(
        CorrectionLine(
            school_id=group.school_id,
            correction=row,
            item=item_name("marks", place, row.student_id, cell),
            key=cell,
            label=label,
            group=group_of,
            old="8" if row.student_id in there else "",
            old_version=there.get(row.student_id, 0),
            typed="9",
            new="9",
            place=0,
        )
        for row in made
    )
    files = Evidence.objects.bulk_create(
        Evidence(
            school_id=group.school_id,
            correction=row,
            name="a.png",
            kind="png",
            size=1,
            received_sha256="0" * 64,
            stored_sha256="0" * 64,
            stored=f"{row.pk}",
            added_by=asks,
            added_at=now,
        )
        for row in made
    )
    audit.record(files, actor=system, created=True)
    _carried_on(made, state, witnesses)
    audit.record(made, actor=system, created=True)
    if state != "draft":
        for line in lines:
            line.is_open = True
        CorrectionLine.objects.bulk_update(lines, ["is_open"])
    audit.record(lines, actor=system, created=True)
    return made


def _words(cell: str) -> tuple[str, str]:
    """What the mark book calls a cell, and its row of the form."""
    name, _colon, number = cell.partition(":")
    return (f"ĐĐGtx {number}", "regular") if name == "regular" else (f"ĐĐG{name[:2]}", name)


def _there(cell: str, term: int) -> dict[int, int]:
    component, _colon, number = cell.partition(":")
    found = Mark.objects.filter(
        sheet__class_subject=book.taught(), sheet__term=term, component=component, number=number
    )
    return dict(found.values_list("student", "version"))


def _carried_on(rows: Sequence[CorrectionRequest], state: str, witnesses: Sequence[str]) -> None:
    now, thu = timezone.now(), cast.user(cast.THU)
    steps: dict[str, dict[str, Any]] = {
        "submitted": {
            "submitted_at": now,
            "approver_role": "vice_principal",
            "witness_roles": list(witnesses),
        },
        "approved": {"decided_by": thu, "decided_at": now},
        "witnessed": {"witnessed_at": now},
    }
    if state == "draft":
        return
    for name, more in steps.items():
        for row in rows:
            row.state = name
            for field, value in more.items():
                setattr(row, field, value)
        CorrectionRequest.objects.bulk_update(rows, ["state", *more])
        if name == state:
            return
