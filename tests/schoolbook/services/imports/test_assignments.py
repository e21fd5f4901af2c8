"""Importing who teaches what, and who is homeroom teacher."""

from datetime import date

import pytest

from schoolbook.models import ClassSubject, HomeroomAssignment, TeachingAssignment, User
from schoolbook.rules.imports import ImportKind
from schoolbook.rules.preview import Outcome
from schoolbook.services import structure
from tests import cast
from tests.schoolbook.services.imports import sheets
from tests.schoolbook.services.imports.sheets import ASSIGNMENTS, STAFF, table

pytestmark = pytest.mark.django_db
HEADINGS = [*ASSIGNMENTS, "Tên đăng nhập", "Giáo viên"]
MINH, CHI = "minhtq.songlam", "chinm.songlam"


def entries(*rows, headings=HEADINGS):
    return sheets.entries(table(headings, *rows), ImportKind.ASSIGNMENTS)


def done(*rows, headings=HEADINGS):
    return sheets.done(table(headings, *rows), ImportKind.ASSIGNMENTS)


def refused(*rows, headings=HEADINGS):
    return sheets.refused(table(headings, *rows), ImportKind.ASSIGNMENTS)


def teachers(class_name, subject, day=sheets.DAY):
    rows = TeachingAssignment.objects.filter(
        class_subject__class_group=cast.class_group(class_name),
        class_subject__subject__code=subject,
    )
    return [row.user.username for row in rows.on(day)]


def test_an_assignment_is_new_changed_or_the_same():
    found = entries(
        ["6A", "Ngữ văn", None, MINH, None],
        ["6A", "Toán", None, MINH, None],
        ["6B", "Toán", MINH, None, None],
    )
    assert [e.outcome for e in found] == [Outcome.NEW, Outcome.CHANGED, Outcome.SAME]
    assert found[1].changes[0].old == "Nguyễn Mai Chi (chinm.songlam)"


def test_a_hand_over_ends_the_present_teacher_the_day_before():
    done(["6A", "Toán", None, MINH, None], ["6A", "Văn", None, MINH, None])
    assert teachers("6A", "toan", date(2026, 10, 4)) == [CHI]
    assert teachers("6A", "toan") == [MINH]
    assert teachers("6A", "ngu_van") == [MINH]


def test_a_teacher_is_known_by_staff_code_too():
    sheets.done(
        table([*STAFF, "Tên đăng nhập"], ["GV01", "Nguyễn Mai Chi", None, CHI]), ImportKind.STAFF
    )
    assert entries(["6A", "Toán", "gv01", None, None])[0].outcome is Outcome.SAME


@pytest.mark.parametrize("word", ["Chủ nhiệm", "GVCN", "gvcn", "Giáo viên chủ nhiệm"])
def test_the_homeroom_teacher_stands_in_place_of_a_subject(word):
    assert entries(["6A", word, None, "lanht.songlam", None])[0].outcome is Outcome.SAME
    done(["6A", word, None, CHI, None])
    rows = HomeroomAssignment.objects.filter(class_group=cast.class_group())
    assert [row.user.username for row in rows.on(sheets.DAY)] == [CHI]
    assert [row.user.username for row in rows.on(date(2026, 10, 4))] == ["lanht.songlam"]


@pytest.mark.parametrize(
    "word",
    ["Toán", "TOÁN", "toan", "Ngữ văn", "Văn", "Tiếng Anh", "Anh văn", "ngoai_ngu_1", "LS&ĐL", "KHTN",
     "Tin", "GDTC", "HĐTN,HN", "HĐTN&HN", "NDGDCĐP", "C.nghệ", "Ng.ngữ"],
)  # fmt: skip
def test_a_subject_is_known_by_its_name_its_code_and_what_schools_call_it(word):
    assert refused(["6B", word, None, CHI, None]) == []


def test_what_cannot_be_assigned_is_refused_with_its_cell():
    assert refused(
        ["9Z", "Toán", None, CHI, None],
        ["6A", "Thiên văn", None, CHI, None],
        ["6A", "GDCD", None, None, None],
        ["6A", "Tin học", "GV404", None, None],
        ["6A", "Công nghệ", None, "khanhbq.doithong", None],
        ["6A", "KHTN", None, "haivd.songlam", None],
        ["6A", "GDTC", None, CHI, "Nguyễn Văn Khác"],
        ["6A", "Nghệ thuật", MINH, CHI, None],
        ["6B", "Tin học", None, CHI, "Nguyen mai chi"],
        ["6B", "Tin", None, MINH, None],
    ) == [
        ("A2", "class_unknown"),
        ("B3", "subject_unknown"),
        ("C4", "teacher_missing"),
        ("C5", "teacher_unknown"),
        ("D6", "teacher_unknown"),
        ("D7", "teacher_deactivated"),
        ("E8", "teacher_named_otherwise"),
        ("D9", "teachers_differ"),
        ("B10", "assignment_twice"),
        ("B11", "assignment_twice"),
    ]


def test_a_subject_that_the_class_does_not_have_is_refused():
    taught = ClassSubject.objects.get(class_group=cast.class_group("6B"), subject__code="tin_hoc")
    subject = taught.subject
    group = structure.add_class(year=sheets.year(), grade=6, name="6C", actor=cast.user(cast.AN))
    assert group
    assert subject
    assert refused(["6C", "Tin học", None, CHI, None]) == [("B2", "subject_not_in_class")]


def test_co_teachers_and_planned_changes_are_not_written_over():
    taught = ClassSubject.objects.get(class_group=cast.class_group(), subject__code="toan")
    structure.assign_teacher(
        class_subject=taught,
        user=cast.user(cast.MINH),
        begins_on=date(2026, 9, 1),
        gives_final=False,
        actor=cast.user(cast.AN),
    )
    structure.hand_over(
        class_subject_id=ClassSubject.objects.get(
            class_group=cast.class_group("6B"), subject__code="toan"
        ).pk,
        to=cast.user(cast.OANH),
        day=date(2027, 1, 18),
        actor=cast.user(cast.AN),
    )
    assert refused(["6A", "Toán", None, MINH, None], ["6B", "Toán", None, CHI, None]) == [
        ("B2", "assignment_planned"),
        ("B3", "assignment_planned"),
    ]
    assert entries(["6A", "Toán", None, CHI, None])[0].outcome is Outcome.SAME


def test_undoing_gives_the_assignments_back():
    before = [
        (r.user_id, r.class_subject_id, r.begins_on, r.ends_on)
        for r in TeachingAssignment.objects.order_by("pk")
    ]
    act = done(
        ["6A", "Toán", None, MINH, None],
        ["6A", "Văn", None, MINH, None],
        ["6A", "GVCN", None, CHI, None],
    )
    sheets.undo(act)
    assert before == [
        (r.user_id, r.class_subject_id, r.begins_on, r.ends_on)
        for r in TeachingAssignment.objects.order_by("pk")
    ]
    assert HomeroomAssignment.objects.get(class_group=cast.class_group()).user == cast.user(
        cast.LAN
    )
    assert User.objects.get(username=MINH).teaching.on(sheets.DAY).count() == 1
