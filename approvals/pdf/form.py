"""The form of a request exactly as the annex of the regulation has it, and behind it what the system knows of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from approvals.models import CorrectionLine, CorrectionRequest
from approvals.pdf.annex import annex
from approvals.rules.workflow import State
from approvals.selectors import papers
from approvals.selectors import requests as read
from gradebook.selectors.books import Place
from gradebook.selectors.verifying import head_at
from schoolbook import clock, printing
from schoolbook.models import School
from schoolbook.rules import paper
from schoolbook.rules.chain import Head
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Regulation
from schoolbook.rules.subjects import Level
from schoolbook.selectors import chain, schools

TEMPLATE = "print/approvals/form.html"
KIND = "approvals.form"
TITLE = "Giấy đề nghị điều chỉnh điểm, thông tin"
# The annex says of its form that it is for these levels.
SECONDARY = frozenset({Level.LOWER_SECONDARY, Level.UPPER_SECONDARY})
ROWS = {"regular": "Điểm thường xuyên", "midterm": "Điểm giữa kỳ", "final": "Điểm cuối kỳ"}
NOTHING = "(trống)"
DEPUTY = "Người được ủy quyền phê duyệt"
STATES = {
    State.DRAFT: "BẢN NHÁP, CHƯA GỬI",
    State.SUBMITTED: "Tình trạng khi in: đã gửi, chờ ý kiến phê duyệt.",
    State.APPROVED: "Tình trạng khi in: đã được phê duyệt, chờ người chứng kiến xác nhận.",
    State.WITNESSED: "Tình trạng khi in: đã được phê duyệt và chứng kiến, chờ Quản trị viên điều chỉnh.",
    State.REFUSED: "KHÔNG ĐƯỢC PHÊ DUYỆT",
    State.APPLIED: "",
    State.WITHDRAWN: "NGƯỜI ĐỀ NGHỊ ĐÃ RÚT GIẤY NÀY",
    State.EXPIRED: "GIẤY NÀY ĐÃ HẾT HIỆU LỰC",
}
# What is no step on the way but an end without effect, or no form yet.
LOUD = frozenset({State.DRAFT, State.REFUSED, State.WITHDRAWN, State.EXPIRED})


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the form's table; several cells of one kind stand in it, each with its name."""

    label: str
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True)
class Box:
    """A box of confirmation: who confirms, what was said in it, and by whom; nothing where it is still to come."""

    title: str
    words: tuple[str, ...] = ()
    name: str = ""
    when: str = ""


@dataclass(frozen=True)
class Form:
    """Everything in the form, in the order of the annex; what is empty is printed as dots to write on."""

    to: str
    approver: Box
    admin: Box
    for_secondary: bool
    dated: str
    name: str = ""
    post: tuple[str, str] = ("Giáo viên môn", "")
    pupil: str = ""
    class_group: str = ""
    subject: str = ""
    rows: tuple[Row, ...] = field(default_factory=lambda: tuple(map(Row, ROWS.values())))
    reason: str = ""
    sent: str = ""
    state: str = ""
    ending: str = ""
    is_loud: bool = False


def blank_html(school: School) -> str:
    """The form to be filled in by hand."""
    regulation = schools.regulation_on(school, clock.today())
    approver = paper.title_of(regulation.correction_approver, school.level, regulation.words)
    filled = Form(
        to="",
        approver=Box(_of(approver, school)),
        admin=Box(_admin(school, regulation)),
        for_secondary=school.level in SECONDARY,
        dated=printing.dated(paper.DOTS, None),
    )
    framed = printing.frame(
        school, f"{TITLE} (mẫu)", kind="approvals.blank_form", facts=[filled.approver.title]
    )
    return printing.rendered(TEMPLATE, framed, {"form": filled, "annex": None})


def html_of(row: CorrectionRequest) -> str:
    """The form of a request that somebody was let to see, with its annex. In about fifteen queries."""
    filled, behind = _filled(row), annex(row)
    framed = printing.frame(
        row.school,
        f"{TITLE} số {row.pk}",
        kind=KIND,
        facts=[row.pk, *_facts(filled), *behind.facts],
        heads=_heads(row),
        start=row.year.start,
    )
    return printing.rendered(TEMPLATE, framed, {"form": filled, "annex": behind, "number": row.pk})


def _filled(row: CorrectionRequest) -> Form:
    school, lines, state = row.school, read.lines(row), State(row.state)
    regulation = schools.regulation_on(school, clock.today())
    role = Role(row.approver_role) if row.approver_role else regulation.correction_approver
    approver = paper.title_of(role, school.level, regulation.words)
    sent = row.submitted_at
    place = printing.place_of(school, row.year.start)
    return Form(
        to=f"{approver} {school.name}",
        name=row.requested_by.full_name,
        post=_post(row),
        pupil=row.student.full_name,
        class_group=f"{row.class_group.name}, năm học {row.year.name}",
        subject=_subject(row),
        rows=tuple(_rows(lines)),
        reason=row.reason,
        dated=printing.dated(place, timezone.localdate(sent) if sent else None),
        sent=printing.minute(sent),
        approver=_approver_box(row, approver, regulation),
        admin=_admin_box(row, lines, regulation),
        for_secondary=school.level in SECONDARY,
        state=STATES[state],
        ending=row.ending if state in {State.EXPIRED, State.WITHDRAWN} else "",
        is_loud=state in LOUD,
    )


def _post(row: CorrectionRequest) -> tuple[str, str]:
    """What the one who asks is, in the words of the form where they fit."""
    subject = row.class_subject.subject.name if row.class_subject else ""
    match papers.requested_as(row):
        case Role.SUBJECT_TEACHER:
            return ("Giáo viên môn", subject)
        case Role.HOMEROOM_TEACHER:
            return ("Giáo viên chủ nhiệm lớp", row.class_group.name)
        case Role.ADMIN:
            return ("Chức vụ", "Quản trị viên hệ thống")
    return ("Giáo viên môn", "")


def _subject(row: CorrectionRequest) -> str:
    what = row.class_subject.subject.name if row.class_subject else "Sổ của giáo viên chủ nhiệm"
    return f"{what}, học kì {paper.ROMAN[row.term]}" if row.term else what


def _rows(lines: Sequence[CorrectionLine]) -> Iterator[Row]:
    """The three rows of the form, and more of what is neither of them."""
    for group, label in ROWS.items():
        mine = [line for line in lines if line.group == group]
        # Only the first row holds several cells: there each is named.
        named = group == "regular"
        yield Row(
            label,
            tuple(_value(line.label if named else "", line.old) for line in mine),
            tuple(_value(line.label if named else "", line.new) for line in mine),
        )
    for line in lines:
        if line.group not in ROWS:
            yield Row(line.label, (_value("", line.old),), (_value("", line.new),))


def _value(label: str, value: str) -> str:
    shown = value or NOTHING
    return f"{label}: {shown}" if label else shown


def _of(title: str, school: School) -> str:
    """Whose confirmation it is, as the form heads its box."""
    return f"của {title} {'trung tâm' if school.level == Level.CONTINUING else 'nhà trường'}"


def _admin(school: School, regulation: Regulation) -> str:
    return f"của {paper.title_of(Role.ADMIN, school.level, regulation.words)}"


def _approver_box(row: CorrectionRequest, approver: str, regulation: Regulation) -> Box:
    title = _of(approver, row.school)
    if row.decided_by is None:
        return Box(title)
    role = papers.decided_as(row)
    if role is None:
        title = f"của {DEPUTY}"
    else:
        title = _of(paper.title_of(role, row.school.level, regulation.words), row.school)
    agreed = State(row.state) is not State.REFUSED
    said = row.decision.strip()
    words = ["Đồng ý." if agreed else "Không đồng ý."]
    if said and said.casefold().rstrip(".") != words[0].casefold().rstrip("."):
        words.append(said)
    return Box(title, tuple(words), row.decided_by.full_name, printing.minute(row.decided_at))


def _admin_box(
    row: CorrectionRequest, lines: Sequence[CorrectionLine], regulation: Regulation
) -> Box:
    title = _admin(row.school, regulation)
    if row.applied_by is None:
        return Box(title)
    words = tuple(f"{one.label}: {one.old or NOTHING} → {one.new or NOTHING}" for one in lines)
    return Box(title, words, row.applied_by.full_name, printing.minute(row.applied_at))


def _facts(filled: Form) -> list[object]:
    return [
        [filled.to, filled.name, *filled.post, filled.pupil, filled.class_group, filled.subject],
        [[one.label, list(one.old), list(one.new)] for one in filled.rows],
        [filled.reason, filled.sent, filled.state, filled.ending],
        *(
            [box.title, list(box.words), box.name, box.when]
            for box in (filled.approver, filled.admin)
        ),
    ]


def _heads(row: CorrectionRequest) -> list[Head]:
    """The newest link of the sheet it is about, and of the school's acts, of which each step of a request is one."""
    sheet = None
    if row.term and row.book == "marks":
        sheet = head_at(
            Place(
                row.term, class_subject_id=row.class_subject_id, class_group_id=row.class_group_id
            )
        )
    return [*([sheet] if sheet else []), *chain.heads_of_acts(row.school)]
