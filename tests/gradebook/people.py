"""A class as large as real ones are: pupils enough to fill a sheet of 6A."""

from __future__ import annotations

from datetime import date

from schoolbook.models import Student, User
from schoolbook.rules.demo_names import people as invented
from schoolbook.services import students
from tests import cast

FULL = 45


def fill_class(name: str = "6A", pupils: int = FULL) -> list[Student]:
    """Enrol invented pupils until the class has this many; all of its pupils."""
    group = cast.class_group(name)
    system = User.objects.system()
    here = list(Student.objects.filter(enrolments__class_group=group).order_by("id"))
    wanted = list(invented(f"pupils of {name}", pupils))[len(here) :]
    made = students.enter(
        school=group.school,
        particulars=[
            students.Particulars(
                code=f"{name}{number:03d}",
                full_name=full_name,
                sex=str(sex),
                born_on=date(2015, 3, 1 + number % 28),
            )
            for number, (full_name, sex) in enumerate(wanted, start=1)
        ],
        actor=system,
    )
    students.enrol(class_group=group, pupils=made, begins_on=date(2026, 8, 1), actor=system)
    return [*here, *made]
