"""Filling sheets in tests, through the one writer of marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import uuid4

from gradebook.models import Mark
from gradebook.selectors.books import Place
from gradebook.services import marks
from gradebook.services.marks import Edit, Outcome
from schoolbook.models import ClassGroup, ClassSubject, School, Student, User
from schoolbook.rules.calendar import usual_plan
from schoolbook.rules.subjects import Level
from schoolbook.services import people, schools, structure, students
from tests import cast

Typed = Mapping[tuple[str, int], str]
TERM_OF_MARKS: Typed = {
    **{("regular", number): "8" for number in (1, 2, 3, 4)},
    ("midterm", 1): "8",
    ("final", 1): "8",
}
TERM_OF_LEVELS: Typed = {
    **{("regular", number): "Đ" for number in (1, 2)},
    ("midterm", 1): "Đ",
    ("final", 1): "Đ",
}


def taught(code: str = "toan", name: str = "6A") -> ClassSubject:
    """A subject of a class of Sông Lam."""
    return ClassSubject.objects.get(class_group=cast.class_group(name), subject__code=code)


def place(code: str = "toan", term: int = 1, name: str = "6A") -> Place:
    """The sheet of that subject."""
    return Place(term, class_subject_id=taught(code, name).pk)


def class_place(term: int = 1, name: str = "6A") -> Place:
    """The homeroom teacher's sheet of that class."""
    return Place(term, class_group_id=cast.class_group(name).pk)


def fill(where: Place, actor: User, typed: Mapping[Student, Typed], source: str = "") -> Outcome:
    """Type these cells over whatever is there; every one of them is saved."""
    seen = {
        (row.student_id, row.component, row.number): row.version
        for row in Mark.objects.filter(
            sheet__class_subject=where.class_subject_id,
            sheet__term=where.term,
            **({} if where.class_subject_id else {"sheet__class_group": where.class_group_id}),
        )
    }
    edits = [
        Edit(uuid4(), pupil.pk, *cell, text, seen.get((pupil.pk, *cell), 0), source=source)
        for pupil, cells in typed.items()
        for cell, text in cells.items()
    ]
    outcome = marks.save(place=where, edits=edits, actor=actor)
    assert outcome.is_whole, [answer.sentence for answer in outcome.answers]
    return outcome


def pupils(group: ClassGroup | None = None) -> list[Student]:
    """The pupils of a class, 6A unless another is named."""
    group = group or cast.class_group()
    return list(Student.objects.filter(enrolments__class_group=group).order_by("pk"))


def more_pupils(count: int, group: ClassGroup | None = None) -> list[Student]:
    """So many more pupils in a class."""
    group, system = group or cast.class_group(), User.objects.system()
    have = Student.objects.filter(school=group.school).count()
    made = students.enter(
        school=group.school,
        particulars=[
            students.Particulars(
                code=f"HS{number:03d}",
                full_name=f"Trần Văn {chr(65 + number % 26)}{'abcdefghij'[number // 26]}",
                sex="male",
                born_on=date(2015, 3, 1),
            )
            for number in range(have + 1, have + count + 1)
        ],
        actor=system,
    )
    students.enrol(
        class_group=group, pupils=made, begins_on=group.year.term1_begins_on, actor=system
    )
    return made


def teach_everything(person: cast.Person, name: str = "6A") -> User:
    """Let somebody teach every subject of a class that nobody teaches; who it is."""
    user, system = cast.user(person), User.objects.system()
    for row in ClassSubject.objects.filter(class_group=cast.class_group(name)):
        if not row.assignments.exists():
            structure.assign_teacher(
                class_subject=row, user=user, begins_on=date(2026, 8, 1), actor=system
            )
    return user


def whole_term(
    term: int, teacher: User, who: Iterable[Student] | None = None, name: str = "6A"
) -> None:
    """Fill every subject's sheet of a class for a term: 8 in those with marks, Đ in the others."""
    for row in ClassSubject.objects.filter(class_group=cast.class_group(name)):
        cells = TERM_OF_MARKS if row.assessed_by == "score" else TERM_OF_LEVELS
        where = Place(term, class_subject_id=row.pk)
        known = columns(where, teacher)
        mine = {key: text for key, text in cells.items() if key in known}
        fill(where, teacher, dict.fromkeys(who or pupils(cast.class_group(name)), mine))


def columns(where: Place, actor: User) -> set[tuple[str, int]]:
    """The columns of a sheet."""
    from gradebook import access  # noqa: PLC0415

    return set(access.book(actor, where).by_key)


def primary_class() -> tuple[ClassGroup, User]:
    """A class of grade 4 of a primary school with one pupil; its homeroom teacher, who teaches everything."""
    system = User.objects.system()
    school: School = schools.open_school(
        schools.Particulars(
            name="Trường Tiểu học Bãi Sậy",
            abbreviation="baisay",
            address_before="",
            address_since="Thôn Bãi Sậy",
        ),
        level=Level.PRIMARY,
        district="haluu",
        actor=system,
    )
    teacher = people.open_account(
        school=school, full_name="Cao Thị Hạnh", password=cast.PASSWORD, actor=system
    )
    structure.take_catalogue(school=school, actor=system)
    year = structure.open_year(school=school, start=2026, plan=usual_plan(2026), actor=system)
    group = structure.add_class(year=year, grade=4, name="4A", actor=system)
    structure.take_usual_subjects(class_group=group, actor=system)
    begin = date(2026, 8, 1)
    structure.assign_homeroom(class_group=group, user=teacher, begins_on=begin, actor=system)
    for row in group.class_subjects.all():
        structure.assign_teacher(class_subject=row, user=teacher, begins_on=begin, actor=system)
    more_pupils(1, group)
    return group, teacher
