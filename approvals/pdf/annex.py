"""What stands behind the form: who took each step and when, witnesses, evidence with its hashes, the effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from approvals.models import CorrectionRequest, Evidence, Witnessing
from approvals.rules.workflow import State
from approvals.selectors import papers
from schoolbook import printing, registry
from schoolbook.rules.regulation import Witness

WITNESSES = {
    Witness.LEADER: "Đại diện Ban Giám hiệu",
    Witness.ADMIN: "Đại diện Ban Quản trị",
    Witness.HOMEROOM_TEACHER: "Giáo viên chủ nhiệm lớp",
    Witness.REQUESTER: "Người đề nghị",
}
KILO = 1024


@dataclass(frozen=True, slots=True)
class Moment:
    """A step in the life of the request."""

    when: str
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A witness asked for: as what, and once there is one, who and when."""

    role: str
    name: str
    when: str


@dataclass(frozen=True, slots=True)
class File:
    """A piece of evidence with the hashes of the file as it came and as it is kept."""

    name: str
    size: str
    added: str
    received: str
    stored: str


@dataclass(frozen=True)
class Annex:
    """Everything behind the form."""

    timeline: tuple[Moment, ...]
    seats: tuple[Seat, ...]
    files: tuple[File, ...]
    effect: tuple[tuple[str, str, str], ...]

    @property
    def facts(self) -> list[object]:
        """The same as plain values."""
        return [
            [[one.when, one.what, one.who] for one in self.timeline],
            [[one.role, one.name, one.when] for one in self.seats],
            [[one.name, one.size, one.received, one.stored] for one in self.files],
            [list(one) for one in self.effect],
        ]


def annex(row: CorrectionRequest) -> Annex:
    """What stands behind the form of a request; in about four queries."""
    given = papers.witnesses(row)
    book = registry.correctables.get(row.book)
    return Annex(
        timeline=tuple(_timeline(row, given)),
        seats=tuple(_seats(row, given)),
        files=tuple(map(_file, papers.evidence(row))),
        effect=tuple(book.said(row.effect or {})),
    )


def _timeline(row: CorrectionRequest, given: Sequence[Witnessing]) -> Iterator[Moment]:
    """Each step with its minute, in the order in which they were taken."""
    requester = row.requested_by.full_name
    yield Moment(printing.minute(row.created_at), "Lập giấy đề nghị", requester)
    if row.submitted_at:
        yield Moment(printing.minute(row.submitted_at), "Gửi giấy đề nghị", requester)
    if row.decided_by:
        agreed = State(row.state) is not State.REFUSED
        what = "Phê duyệt" if agreed else "Không phê duyệt"
        yield Moment(printing.minute(row.decided_at), what, row.decided_by.full_name)
    for one in given:
        what = f"Chứng kiến: {WITNESSES[Witness(one.role)]}"
        yield Moment(printing.minute(one.confirmed_at), what, one.user.full_name)
    if row.applied_by:
        what = "Điều chỉnh trên hệ thống"
        yield Moment(printing.minute(row.applied_at), what, row.applied_by.full_name)
    if State(row.state) is State.WITHDRAWN:
        yield Moment(printing.minute(row.ended_at), "Rút giấy đề nghị", requester)
    if State(row.state) is State.EXPIRED:
        yield Moment(printing.minute(row.ended_at), "Hết hiệu lực", "Hệ thống")


def _seats(row: CorrectionRequest, given: Sequence[Witnessing]) -> Iterator[Seat]:
    known = {one.role: one for one in given}
    for role in row.witness_roles:
        one = known.get(role)
        name, when = (one.user.full_name, printing.minute(one.confirmed_at)) if one else ("", "")
        yield Seat(WITNESSES[Witness(role)], name, when)


def _file(one: Evidence) -> File:
    kilobytes = f"{-(-one.size // KILO):,}".replace(",", ".")
    return File(
        name=one.name,
        size=f"{one.get_kind_display()}, {kilobytes} KB",
        added=f"{one.added_by.full_name}, {printing.minute(one.added_at)}",
        received=one.received_sha256,
        stored=one.stored_sha256,
    )
