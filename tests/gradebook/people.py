"""More pupils than the three of the cast, where a test wants a whole class."""

from __future__ import annotations

from datetime import date

from schoolbook.models import User
from schoolbook.services import students
from tests import cast

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ")
GIVEN = ("An", "Bình", "Châu", "Dung", "Giang")


def fill_class(name: str = "6A", pupils: int = 45) -> None:
    """Let a class of Sông Lam have so many pupils, of invented names."""
    system, group = User.objects.system(), cast.class_group(name)
    there = group.enrolments.count()
    made = students.enter(
        school=group.school,
        particulars=[
            students.Particulars(
                code=f"{name}{number:03d}",
                full_name=f"{FAMILY[number % 9]} Hoài {GIVEN[number // 9]}",
                sex="female",
                born_on=date(2015, 3, 1),
            )
            for number in range(pupils - there)
        ],
        actor=system,
    )
    students.enrol(class_group=group, pupils=made, begins_on=date(2026, 8, 1), actor=system)
