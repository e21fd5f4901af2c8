"""2,000 rows cost as many queries as 20, to preview, to apply and to undo."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schoolbook.models import ClassSubject, Enrolment, User
from schoolbook.rules.imports import ImportKind
from schoolbook.services import imports, structure
from tests import cast
from tests.schoolbook.services.imports import sheets
from tests.schoolbook.services.imports.sheets import ASSIGNMENTS, STAFF, STUDENTS, table

pytestmark = pytest.mark.django_db
SMALL, LARGE = 20, 2000
LATER = sheets.DAY + timedelta(days=1)
ALPHABET = "abcdefghijklmnopqrst"


def pupils(first, count, class_name, note):
    headings = [*STUDENTS, "CCCD", "Dân tộc"]
    rows = (
        [
            f"HS{n:05}",
            f"Phan Thị Đào {ALPHABET[n % 20]}",
            "05/05/2015",
            "Nữ",
            class_name,
            f"{n:012}",
            note,
        ]
        for n in range(first, first + count)
    )
    return table(headings, *rows)


def teachers(first, count, department, name):
    rows = (
        [f"GV{n:05}", f"{name} {ALPHABET[n % 20]}", department] for n in range(first, first + count)
    )
    return table(STAFF, *rows)


def queries(act):
    with CaptureQueriesContext(connection) as captured:
        result = act()
    return len(captured), result


def costs(data, kind, day=sheets.DAY, *, undone=False):
    """How many queries it costs to look, to look again, to apply, to ask whether it can be undone, and to undo."""
    first, act = queries(lambda: sheets.start(data, kind, day=day))
    second, _preview = queries(lambda: sheets.preview(act))
    third, act = queries(lambda: sheets.apply(act))
    found = [first, second, third]
    if undone:
        found.append(queries(lambda: imports.why_not(act))[0])
        found.append(queries(lambda: sheets.undo(act))[0])
    return found


def test_pupils():
    sizes = [(1, SMALL), (10001, LARGE)]
    new = [costs(pupils(first, n, "6A", "Kinh"), ImportKind.STUDENTS) for first, n in sizes]
    assert new[0] == new[1]
    moved = [
        costs(pupils(first, n, "6B", "Tày"), ImportKind.STUDENTS, LATER, undone=True)
        for first, n in sizes
    ]
    assert moved[0] == moved[1]
    assert max(*new[0], *moved[0]) <= 60
    placed = Enrolment.objects.on(LATER).filter(class_group=cast.class_group())
    assert placed.count() == SMALL + LARGE + len(cast.PUPILS)


def test_staff():
    sizes = [(1, 5), (10001, 200)]
    new = [
        costs(teachers(first, n, "Tổ Toán", "Lý Thu"), ImportKind.STAFF, undone=True)
        for first, n in sizes
    ]
    assert new[0] == new[1]
    back = [costs(teachers(first, n, "Tổ Toán", "Lý Vân"), ImportKind.STAFF) for first, n in sizes]
    assert back[0] == back[1]
    assert max(*new[0], *back[0]) <= 90
    assert User.objects.filter(code__startswith="GV", is_active=True).count() == 205


def assignments(groups, username):
    rows = [
        [taught.class_group.name, taught.subject.name, username]
        for taught in ClassSubject.objects.filter(class_group__in=groups).select_related(
            "class_group", "subject"
        )
        if taught.subject.code != "toan"
    ]
    homerooms = [[group.name, "GVCN", username] for group in groups]
    return table([*ASSIGNMENTS[:2], "Tên đăng nhập"], *rows, *homerooms)


def test_assignments():
    actor, sets = cast.user(cast.AN), []
    for letter, count in (("x", 2), ("y", 40)):
        groups = [
            structure.add_class(year=sheets.year(), grade=6, name=f"6{letter}{n}", actor=actor)
            for n in range(count)
        ]
        for group in groups:
            structure.take_usual_subjects(class_group=group, actor=actor)
        sets.append(groups)
    new = [costs(assignments(found, "minhtq.songlam"), ImportKind.ASSIGNMENTS) for found in sets]
    assert new[0] == new[1]
    changed = [
        costs(assignments(found, "chinm.songlam"), ImportKind.ASSIGNMENTS, LATER, undone=True)
        for found in sets
    ]
    assert changed[0] == changed[1]
    assert max(*new[0], *changed[0]) <= 60
