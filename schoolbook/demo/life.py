"""What has happened at a demo school since it was set up: decisions, confirmed lists, pupils who came and went."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from schoolbook import clock
from schoolbook.demo.data import FIRST_DAY, YEAR
from schoolbook.models import ClassGroup, ClassSubject, Enrolment, School, Student, User
from schoolbook.rules.demo_names import people as invented
from schoolbook.rules.permissions import Action, Role
from schoolbook.rules.regulation import FormNeeded, Regulation, Witness
from schoolbook.rules.subjects import Level
from schoolbook.selectors import students as listed
from schoolbook.services import grants, schools, statements, structure, student_file, students
from schoolbook.services.grants import Wanted

# Where the schools disagree, as the regulations do.
REGULATIONS = {
    Level.LOWER_SECONDARY: Regulation(),
    Level.UPPER_SECONDARY: Regulation(
        correction_approver=Role.PRINCIPAL,
        correction_witnesses=(Witness.ADMIN, Witness.HOMEROOM_TEACHER),
        correction_form=FormNeeded.AFTER_LOCK,
    ),
    Level.PRIMARY: Regulation(attendance_close_day=4),
    Level.CONTINUING: Regulation(
        attendance_auto_unexcused=True,
        words={
            "principal": "giám đốc",
            "vice_principal": "phó giám đốc",
            "pupil": "học viên",
        },
    ),
}
LEFT_ON, MOVED_ON, TAKEN_OVER_ON = date(YEAR, 10, 16), date(YEAR, 9, 28), date(YEAR, 11, 2)
LATE_CLASSES = 2  # whose lists nobody has confirmed yet
LATE_STATEMENTS = 3


def go_on(school: School, admin: User, opened: set[str], system: User) -> None:
    """Let it happen; the administrator has a second factor by now, and the accounts of those named are open."""
    schools.decide(
        school_id=school.pk,
        parameters=REGULATIONS[Level(school.level)],
        in_force_from=FIRST_DAY,
        decision_number=f"21/QĐ-{school.abbreviation.upper()}",
        decided_on=FIRST_DAY,
        actor=system,
    )
    clerk = school.duties.get(role=Role.CLERK).user
    groups = list(school.class_groups.order_by("grade", "name"))
    _pupils(groups, clerk)
    _confirm(groups[:-LATE_CLASSES])
    for user in school.staff.filter(is_active=True).order_by("id")[LATE_STATEMENTS:]:
        statements.accept(actor=user)
    _teachers(school, groups[0], admin, opened, system)


def _pupils(groups: list[ClassGroup], clerk: User) -> None:
    """In the first class parents are known, one pupil has left, one came from the next class, one is exempt."""
    first, second = groups[:2]
    pupils = [place.student for place in _places(first)]
    for pupil, (parent, _sex) in zip(
        pupils, invented(f"parents {first.school.abbreviation}", len(pupils)), strict=True
    ):
        contact = student_file.Contact("guardian", parent, occupation="Nông dân")
        student_file.add_guardian(student_id=pupil.pk, contact=contact, actor=clerk)
    students.leave(
        enrolment_id=_places(first)[-1].pk,
        last_day=LEFT_ON,
        reason="Chuyển trường theo gia đình",
        actor=clerk,
    )
    mover: Student = _places(second)[-1].student
    students.move(
        student_id=mover.pk, to=first, day=MOVED_ON, reason="Theo đơn của gia đình", actor=clerk
    )
    # Physical education, where the school has it; else whatever stands last in its books.
    subjects = first.school.subjects.order_by("place")
    subject = subjects.filter(code="gdtc").first() or subjects.reverse()[0]
    student_file.exempt(
        student_id=pupils[0].pk,
        subject=subject,
        year=first.year,
        terms=(True, True),
        kind="exempt",
        paper="Giấy xác nhận của bệnh viện",
        actor=clerk,
    )


def _places(group: ClassGroup) -> list[Enrolment]:
    return list(group.enrolments.select_related("student").order_by("id"))


def _confirm(groups: list[ClassGroup]) -> None:
    for group in groups:
        digest = listed.list_digest(listed.class_list(group))
        teacher = group.homeroom_assignments.get().user
        students.confirm_class_list(class_group_id=group.pk, digest=digest, actor=teacher)


def _teachers(
    school: School, first: ClassGroup, admin: User, opened: set[str], system: User
) -> None:
    """One subject changed hands in the autumn; of another, a colleague enters the marks for some weeks."""
    taught = list(
        ClassSubject.objects.filter(class_group=first).order_by("subject__place").distinct()[:2]
    )
    held = [row.assignments.get().user for row in taught]
    others = school.staff.filter(is_active=True, teaching__isnull=False).distinct()
    taken = others.exclude(pk__in=[user.pk for user in held]).exclude(username__in=opened)
    free = list(taken.order_by("-id")[:2])
    structure.hand_over(
        class_subject_id=taught[0].pk,
        to=free[0],
        day=TAKEN_OVER_ON,
        actor=system,
        reason="Phân công lại từ tháng 11",
    )
    wanted = Wanted(
        class_subject_id=taught[1].pk,
        right=Action.ENTER_MARKS,
        begins_on=clock.today(),
        ends_on=clock.today() + timedelta(days=21),
        reason="Giáo viên bộ môn nghỉ phép ba tuần",
    )
    grants.give_to_person(wanted, user_id=free[1].pk, actor=admin, verified_at=timezone.now())
