"""Whether corrections are as they were asked for, approved, witnessed and written, and whether their files are there.

That no row was rewritten is proved by the chain of acts, of which requests, lines, files and words of witnesses are
links. Here it is asked whether they fit together: a change that somebody slipped in past a request is a sentence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from approvals.models import CorrectionRequest, Evidence
from approvals.rules.workflow import State
from approvals.selectors.requests import MARKS
from gradebook.selectors import dispensed
from gradebook.selectors.dispensed import Leave
from schoolbook import stored
from schoolbook.models import School
from schoolbook.rules.chain import Head

NAME = "correction"
PIECE = 2**20
BATCH = 200


def heads(_school: School) -> list[Head]:
    """None: requests are links of the chain of acts."""
    return []


def absent(_school: School, gathered: Sequence[tuple[int, Head]]) -> Iterator[str]:
    """Every gathered head that pretends to be of such a chain."""
    for gathering, head in gathered:
        yield f"gathering {gathering}: there is no chain {head.chain}"


def findings(school: School) -> Iterator[str]:
    """What does not fit together in the corrections of a school: a sentence each."""
    written: dict[int, set[str]] = {}
    for leave in dispensed.leaves(school):
        yield from _of_leave(school, leave, written)
    yield from dispensed.strays(school)
    yield from _requests(school, written)
    yield from _files(school)


def _of_leave(school: School, leave: Leave, written: dict[int, set[str]]) -> Iterator[str]:
    """What is wrong with one leave to change a cell; it is noted under its request."""
    student, component, number = leave.cell
    key = f"{component}:{number}"
    request = CorrectionRequest.objects.filter(school=school, pk=leave.number).first()
    if request is None:
        yield f"{leave.words}: names request {leave.number}, which is not there"
    elif request.state != State.APPLIED:
        yield f"{leave.words}: names request {request.pk}, which is {request.state}"
    else:
        written.setdefault(request.pk, set()).add(key)
        line = request.lines.filter(key=key, is_dropped=False).first()
        if line is None or (request.book, request.place, request.student_id) != (
            MARKS,
            leave.place,
            student,
        ):
            yield f"{leave.words}: request {request.pk} does not ask for this cell"
        elif (line.old_version, line.old, line.new, request.decided_by_id) != (
            leave.old_version,
            leave.old,
            leave.entry.shown,
            leave.approved_by,
        ):
            yield f"{leave.words}: request {request.pk} says something else of this cell"
    if not leave.is_used_as_given:
        yield f"{leave.words}: not exactly what it allows was written with it"


def _requests(school: School, written: dict[int, set[str]]) -> Iterator[str]:
    """What is wrong with requests that are ready to be applied, or were: form, evidence, approver, witnesses."""
    rows = CorrectionRequest.objects.filter(
        school=school, state__in=[State.WITNESSED, State.APPLIED]
    )
    for row in (
        rows.order_by("pk").prefetch_related("lines", "evidence", "witnesses").iterator(BATCH)
    ):
        where = f"request {row.pk}, {row.state}"
        if all(one.withdrawn_at for one in row.evidence.all()):
            yield f"{where}: has no evidence"
        if row.decided_by_id in {None, row.requested_by_id}:
            yield f"{where}: nobody else approved it"
        words = {one.role: one.user_id for one in row.witnesses.all()}
        if set(row.witness_roles) - set(words):
            yield f"{where}: a witness is missing"
        if len({*words.values(), row.decided_by_id}) <= len(words):
            yield f"{where}: its witnesses and who approved it are not different persons"
        if row.state == State.APPLIED and row.book == MARKS:
            lines = {line.key for line in row.lines.all() if not line.is_dropped}
            for key in sorted(lines - written.get(row.pk, set())):
                yield f"{where}: {key} was never written"


def _files(school: School) -> Iterator[str]:
    """Evidence of which the file is gone, or is another one than was stored."""
    for row in Evidence.objects.filter(school=school).order_by("pk").iterator(BATCH):
        where = f"evidence {row.pk} of request {row.correction_id}"
        try:
            digest = _digest(row.stored)
        except (OSError, ValueError):
            yield f"{where}: the file is not there"
            continue
        if digest != row.stored_sha256:
            yield f"{where}: the file is not the one that was stored"


def _digest(name: str) -> str:
    """The SHA-256 of a kept file. Raises ValueError, OSError."""
    digest = hashlib.sha256()
    with stored.opened(name) as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
