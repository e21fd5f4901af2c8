"""Every address of the site, by name, with example arguments: what the walks over all URLs go along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from approvals.models import CorrectionRequest
from approvals.rules.workflow import State
from gradebook.models import ActKind, EntryAct, LockAct, Phrase, WindowPlan
from gradebook.rules.closing import LockScope
from gradebook.selectors.books import Place
from gradebook.services import acts, locks, phrases
from schoolbook import clock
from schoolbook.excel import Heading, write_table
from schoolbook.models import (
    ActivationSlip,
    ClassGroup,
    ClassSubject,
    Department,
    DepartmentMembership,
    Duty,
    Enrolment,
    Exemption,
    GroupGrant,
    Guardian,
    ImportAct,
    Job,
    PersonGrant,
    School,
    SchoolYear,
    SlipKind,
    Student,
    Subject,
    User,
)
from schoolbook.rules.imports import ImportKind
from schoolbook.services import imports, rows, slips, student_file
from tests import cast
from tests.approvals import examples


def names() -> list[str]:
    """The full name of every URL; a URL without one cannot have a row in the policy."""
    return sorted(name for name, _pattern in _patterns(get_resolver(), ""))


def _patterns(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry
        else:
            yield from _patterns(
                entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            )


@cache
def arguments(name: str) -> tuple[str, ...]:
    """What the address of this name takes."""
    return tuple(dict(_patterns(get_resolver(), ""))[name].pattern.converters)


def takes_an_id(name: str) -> bool:
    """Whether the address names something that could be another school's."""
    return bool(set(arguments(name)) & set(EXAMPLES))


def address(name: str, school: School) -> str:
    """The address of a URL with an example of that school for each of its arguments."""
    given = {
        argument: EXAMPLES[argument](school) if argument in EXAMPLES else OTHERS[argument]
        for argument in arguments(name)
    }
    return reverse(name, kwargs=given)


def _somebody(school: School) -> User:
    return cast.user(cast.CHI if school == cast.song_lam() else cast.KHANH)


def _slip(school: School) -> ActivationSlip:
    somebody = _somebody(school)
    if found := ActivationSlip.objects.open().filter(user=somebody).first():
        return found
    return slips.issue_as_operator(
        username=somebody.username, kind=SlipKind.PASSWORD, actor=User.objects.system()
    ).slip


def _class_group(school: School) -> ClassGroup:
    """6A, or 10A next door."""
    return ClassGroup.objects.filter(school=school).order_by("id")[0]


def _student(school: School) -> Student:
    """Somebody of that class."""
    return Student.objects.filter(school=school).order_by("id")[0]


def _grant(kind: type[PersonGrant] | type[GroupGrant], school: School) -> int:
    """One of that school's; a number that is nobody's where it has given none."""
    found = kind.objects.filter(school=school).order_by("id").first()
    return found.pk if found else 10**9


def _keeper(school: School) -> User:
    """Who keeps the files of all pupils there."""
    return cast.user(cast.AN if school == cast.song_lam() else cast.KHANH)


def _enrolment(school: School) -> Enrolment:
    """The place of that pupil."""
    return _student(school).enrolments.order_by("id")[0]


def _guardian(school: School) -> Guardian:
    """A guardian of that pupil."""
    pupil = _student(school)
    return pupil.guardians.first() or student_file.add_guardian(
        student_id=pupil.pk,
        contact=student_file.Contact("mother", "Trần Thị Nguyệt"),
        actor=_keeper(school),
    )


def _exemption(school: School) -> Exemption:
    """An exemption of that pupil."""
    pupil = _student(school)
    return pupil.exemptions.first() or student_file.exempt(
        student_id=pupil.pk,
        subject=school.subjects.get(code="gdtc"),
        year=_class_group(school).year,
        terms=(True, True),
        kind="exempt",
        paper="Giấy ra viện",
        actor=_keeper(school),
    )


def _maths(school: School) -> ClassSubject:
    """Toán in that class."""
    return _class_group(school).class_subjects.get(subject__code="toan")


def _first(model: Any, school: School) -> int:
    """The id of the first such thing of the school."""
    return int(model.objects.filter(school=school).order_by("id")[0].pk)


def _import(school: School) -> ImportAct:
    """One that was looked at only."""
    if found := ImportAct.objects.filter(school=school).first():
        return found
    return imports.start(
        file=BytesIO(
            write_table([Heading("Mã GV"), Heading("Họ tên")], [["GV9", "Lý Thu"]], sheet="GV")
        ),
        file_name="giao-vien.xlsx",
        kind=ImportKind.STAFF,
        year=None,
        day=None,
        actor=cast.user(cast.AN if school == cast.song_lam() else cast.KHANH),
    )


def _phrase(school: School) -> Phrase:
    """Somebody's own."""
    author = _somebody(school)
    return author.phrases.first() or phrases.add(text="Chăm học.", actor=author)


def _act(school: School) -> EntryAct:
    """A paste that somebody looked at."""
    maker = _somebody(school)
    if found := EntryAct.objects.filter(made_by=maker, kind=ActKind.PASTE).first():
        return found
    cell = acts.Wanted(_student(school).pk, "regular", 1, "8", 0)
    place = Place(1, class_subject_id=_maths(school).pk)
    asked = [acts.Asked(place, [cell])]
    return acts.preview(kind=ActKind.PASTE, asked=asked, actor=maker)


def _lock_act(school: School, *, own: bool) -> LockAct:
    """A request to unlock 6A, or 10A next door: somebody's own, or that of the administrator."""
    asker = _somebody(school) if own else _keeper(school)
    if found := LockAct.objects.filter(school=school, asked_by=asker).first():
        return found
    taught = _maths(school)
    scope = LockScope(class_group_id=taught.class_group_id, subject_id=taught.subject_id)
    ends_at = clock.now() + timedelta(hours=1)
    year_id = taught.class_group.year_id
    asked = locks.Asked(year_id, "unlock", scope, "Nhập thiếu", ends_at=ends_at)
    return locks.ask(asked, actor=asker)


def _plan(school: School) -> WindowPlan:
    """A draft of entry windows; a row, as next door no leader could draft it."""
    if found := WindowPlan.objects.filter(school=school).first():
        return found
    with transaction.atomic():
        year = SchoolYear.objects.filter(school=school).order_by("id")[0]
        drafter, now = _keeper(school), timezone.now()
        plan = WindowPlan(school=school, year=year, number=1, state="draft")
        plan.drafted_by, plan.drafted_at = drafter, now
        return rows.enter(plan, actor=drafter)


def _correction(school: School, state: State, *, own: bool = True) -> CorrectionRequest:
    """A request in Toán there: somebody's own, or that of the administrator; next door they are the same person."""
    asker = _somebody(school) if own else _keeper(school)
    decider = cast.user(cast.THU if school == cast.song_lam() else cast.YEN)
    return examples.request(asker, _maths(school), _student(school), state, decider)


def _evidence(school: School, state: State, *, own: bool = True) -> int:
    """The file of such a request."""
    return int(_correction(school, state, own=own).evidence.get().pk)


def _job(school: School) -> Job:
    """A document that its owner asked for, and that could not be made."""
    owner = cast.user(OWNERS[cast.SONG_LAM if school == cast.song_lam() else cast.DOI_THONG])
    now = timezone.now()
    found, _made = Job.objects.get_or_create(
        asked_by=owner,
        defaults={
            "school": school,
            "kind": "tests.none",
            "digest": "0" * 64,
            "title": "Sổ theo dõi",
            "state": "failed",
            "error": "gone",
            "created_at": now,
            "finished_at": now,
        },
    )
    return found


# Arguments that name something of a school, and those that do not.
EXAMPLES: dict[str, Callable[[School], object]] = {
    "school_id": lambda school: school.pk,
    "user_id": lambda school: _somebody(school).pk,
    "slip_id": lambda school: _slip(school).pk,
    "class_group_id": lambda school: _class_group(school).pk,
    "student_id": lambda school: _student(school).pk,
    "person_grant_id": lambda school: _grant(PersonGrant, school),
    "group_grant_id": lambda school: _grant(GroupGrant, school),
    "enrolment_id": lambda school: _enrolment(school).pk,
    "guardian_id": lambda school: _guardian(school).pk,
    "exemption_id": lambda school: _exemption(school).pk,
    "duty_id": lambda school: _first(Duty, school),
    "department_id": lambda school: _first(Department, school),
    "membership_id": lambda school: _first(DepartmentMembership, school),
    "year_id": lambda school: _first(SchoolYear, school),
    "subject_id": lambda school: _first(Subject, school),
    "class_subject_id": lambda school: _maths(school).pk,
    "teaching_id": lambda school: _maths(school).assignments.order_by("id")[0].pk,
    "homeroom_id": lambda school: _class_group(school).homeroom_assignments.get().pk,
    "phrase_id": lambda school: _phrase(school).pk,
    "import_id": lambda school: _import(school).pk,
    "act_id": lambda school: _act(school).pk,
    "plan_id": lambda school: _plan(school).pk,
    "lock_act_id": lambda school: _lock_act(school, own=False).pk,
    "job_id": lambda school: _job(school).pk,
    "own_lock_act_id": lambda school: _lock_act(school, own=True).pk,
    "own_correction_id": lambda school: _correction(school, State.DRAFT).pk,
    "own_evidence_id": lambda school: _evidence(school, State.DRAFT),
    "correction_id": lambda school: _correction(school, State.SUBMITTED, own=False).pk,
    "evidence_id": lambda school: _evidence(school, State.SUBMITTED, own=False),
    "awaited_correction_id": lambda school: _correction(school, State.APPROVED).pk,
}
OTHERS: dict[str, object] = {
    "public_id": UUID(int=0),
    "kind": "students",
    "term": 1,
    "period": "term1",
    "component": "regular",
    "number": 1,
    "month": "2026-09",
}
# Whose the examples are that belong to one person.
OWNERS = {cast.SONG_LAM: cast.CHI, cast.DOI_THONG: cast.KHANH}
# The arguments whose object is a class or in one: some duties reach only some of them.
IN_A_CLASS = {
    "class_group_id",
    "student_id",
    "enrolment_id",
    "guardian_id",
    "exemption_id",
    "class_subject_id",
    "teaching_id",
    "homeroom_id",
}
# What is for those who see all subjects of a class, not only one's own or those of one's department.
WHOLE_CLASS = {
    "gradebook:class_sheet",
    "gradebook:class_cell_history",
    "gradebook:class_sheet_history",
    "gradebook:class_sign_off",
    "gradebook:class_slips",
    "gradebook:print_class_sheet",
    "gradebook:explain_level",
    "gradebook:frozen_standing",
    "gradebook:mark_slip",
}
