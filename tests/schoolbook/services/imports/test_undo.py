"""Undoing an import: all of it, exactly, only while nothing of it has changed, and with more history, not less."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from schoolbook.errors import Invalid, SecondFactorNeeded
from schoolbook.models import Enrolment, ImportAct, SlipKind, Student, User
from schoolbook.rules.imports import ImportKind
from schoolbook.rules.permissions import Role
from schoolbook.rules.preview import Outcome
from schoolbook.selectors import students as selectors
from schoolbook.services import duties, imports, slips, student_file, students
from tests import cast
from tests.schoolbook.services.imports import sheets
from tests.schoolbook.services.imports.sheets import BAO, NEW, STAFF, STUDENTS, table

pytestmark = pytest.mark.django_db
MIXED = table(
    [*STUDENTS, "Nơi sinh"],
    [*NEW, "Hà Giang"],
    [*BAO[:1], "Nguyễn Gia Bảo Anh", *BAO[2:4], "6B", "x"],
)


def everything():
    """Every fact that an import of pupils could touch, without versions and history."""
    return [
        sorted(
            (
                {k: v for k, v in row.items() if k not in {"version", "id"}}
                for row in model.objects.values()
            ),
            key=str,
        )
        for model in (Student, Enrolment)
    ]


def test_everything_is_as_it_was_and_history_has_grown():
    before, traces = everything(), Student.history.count()
    act = sheets.done(MIXED)
    assert everything() != before
    act = sheets.undo(act)
    assert everything() == before
    assert Student.history.count() == traces + 4  # two written, two taken back
    assert (act.state, act.undone_by) == ("undone", cast.user(cast.AN))
    assert [row.state for row in ImportAct.history.order_by("history_id")] == [
        "previewed",
        "applied",
        "undone",
    ]


def test_a_withdrawn_pupil_is_seen_nowhere_and_stays_in_the_database():
    act = sheets.done(table(STUDENTS, NEW))
    made = Student.objects.get(code="HS100")
    sheets.undo(act)
    group = cast.class_group()
    assert made.pk not in {row.student_id for row in selectors.class_list(group)}
    assert not Student.objects.filter(pk=made.pk).exists()
    assert not group.enrolments.filter(student=made).exists()
    assert Student.every.get(pk=made.pk).withdrawn_on is not None
    with pytest.raises(Http404):
        student_file.add_guardian(
            student_id=made.pk,
            contact=student_file.Contact("father", "Phan A"),
            actor=cast.user(cast.AN),
        )


def test_a_withdrawn_pupil_does_not_block_the_code_and_comes_back_with_the_next_import():
    sheets.undo(sheets.done(table([*STUDENTS, "CCCD", "Nơi sinh"], [*NEW, "036215000123", "Huế"])))
    gone = Student.every.get(code="HS100")
    (entry,) = sheets.entries(table(STUDENTS, NEW))
    assert entry.outcome is Outcome.NEW
    sheets.done(table(STUDENTS, NEW, ["HS101", *NEW[1:]]))
    back = Student.objects.get(code="HS100")
    assert (back.pk, back.national_id, back.birth_place) == (gone.pk, "", "")
    assert back.version > gone.version


def test_by_hand_the_code_of_a_withdrawn_pupil_is_free():
    sheets.undo(sheets.done(table(STUDENTS, NEW)))
    particulars = students.Particulars(
        code="HS100", full_name="Lý Thu", sex="female", born_on=date(2015, 1, 1)
    )
    (made,) = students.enter(
        school=cast.song_lam(), particulars=[particulars], actor=cast.user(cast.AN)
    )
    assert sheets.entries(table(STUDENTS, NEW))[0].outcome is Outcome.CHANGED
    with pytest.raises(IntegrityError), transaction.atomic():
        Student.every.filter(code="HS100").exclude(pk=made.pk).update(withdrawn_on=None)


def test_an_import_can_be_applied_undone_and_applied_again():
    for _turn in range(2):
        sheets.undo(sheets.done(MIXED))
    sheets.done(MIXED)
    assert Student.objects.get(code="HS100").enrolments.count() == 1


def edit(code, **changes):
    pupil = Student.objects.get(school=cast.song_lam(), code=code)
    present = {name: getattr(pupil, name) for name in students.PARTICULARS}
    students.edit(
        student_id=pupil.pk,
        version=pupil.version,
        particulars=students.Particulars(**{**present, **changes}),
        reason="",
        actor=cast.user(cast.QUYEN),
    )


def leave(code):
    row = Enrolment.objects.get(student__code=code, school=cast.song_lam(), ends_on=None)
    students.leave(
        enrolment_id=row.pk,
        last_day=date(2026, 12, 1),
        reason="Chuyển trường",
        actor=cast.user(cast.QUYEN),
    )


def guardian(code):
    student_file.add_guardian(
        student_id=Student.objects.get(school=cast.song_lam(), code=code).pk,
        contact=student_file.Contact("father", "Phan Văn Cả"),
        actor=cast.user(cast.QUYEN),
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda: edit("HS100", note="x"),
        lambda: edit("HS001", note="x"),
        lambda: leave("HS100"),
        lambda: leave("HS001"),
        lambda: guardian("HS100"),
        lambda: sheets.done(table(STUDENTS, [*NEW[:4], "6B"])),
    ],
    ids=["new pupil", "old pupil", "new place", "moved place", "guardian", "another import"],
)
def test_after_any_change_of_it_an_import_cannot_be_undone(change):
    act = sheets.done(MIXED)
    assert imports.why_not(act) == ""
    change()
    after = everything()
    assert imports.why_not(act)
    with pytest.raises(imports.NotToUndo):
        sheets.undo(act)
    assert everything() == after


def test_the_reason_names_what_was_changed_and_by_whom():
    act = sheets.done(MIXED)
    edit("HS001", note="x")
    reason = imports.why_not(act)
    assert "Nguyễn Gia Bảo Anh" in reason
    assert cast.QUYEN.full_name in reason


@pytest.mark.parametrize(
    "change",
    [lambda: edit("HS002", note="x"), lambda: leave("HS002"), lambda: guardian("HS001")],
    ids=["another pupil", "another place", "guardian of an old pupil"],
)
def test_a_change_of_something_else_does_not_matter(change):
    act = sheets.done(MIXED)
    change()
    assert sheets.undo(act).state == "undone"


def test_what_stands_in_the_way_of_the_old_values_is_told():
    with_id = [*STUDENTS, "CCCD"]
    sheets.done(table(with_id, [*BAO, "036215000123"]))
    act = sheets.done(table(with_id, [*BAO, "036215000999"]))
    edit("HS002", national_id="036215000123")
    with pytest.raises(imports.NotToUndo):
        sheets.undo(act)
    assert Student.objects.get(school=cast.song_lam(), code="HS001").national_id == "036215000999"


def test_a_second_click_changes_nothing_more():
    act = sheets.start(MIXED)
    digest = sheets.preview(act).digest
    sheets.apply(act, digest=digest)
    traces = Student.history.count()
    assert sheets.apply(act, digest=digest).state == "applied"
    sheets.undo(act)
    assert sheets.undo(act).state == "undone"
    assert Student.history.count() == traces + 2
    with pytest.raises(Invalid):
        sheets.apply(act, digest=digest)


def test_what_was_only_looked_at_cannot_be_undone_and_nothing_cannot_be_applied():
    act = sheets.start(MIXED)
    with pytest.raises(imports.NotToUndo):
        sheets.undo(act)
    with pytest.raises(Invalid):
        sheets.apply(sheets.start(table(STUDENTS, BAO)))


# Accounts --------------------------------------------------------------------------------------------

TEACHER = table(STAFF, ["GV100", "Lý Văn Xuân", "Tổ Toán"])


def teacher():
    return User.objects.get(code="GV100")


def test_a_new_account_is_deactivated_and_comes_back_with_the_next_import():
    sheets.undo(sheets.done(TEACHER, ImportKind.STAFF))
    assert not teacher().is_active
    assert not teacher().memberships.exists()
    (entry,) = sheets.entries(TEACHER, ImportKind.STAFF)
    assert ("is_active", False, True) in [(c.field, c.old, c.new) for c in entry.changes]
    sheets.done(TEACHER, ImportKind.STAFF)
    assert teacher().is_active
    assert teacher().memberships.count() == 1


def give_slip():
    slips.issue_as_operator(
        username=teacher().username, kind=SlipKind.BOTH, actor=User.objects.system()
    )


def give_duty():
    duties.charge(
        school=cast.song_lam(),
        user=teacher(),
        role=Role.LIBRARIAN,
        begins_on=sheets.DAY,
        actor=cast.user(cast.AN),
        verified_at=timezone.now(),
    )


@pytest.mark.parametrize("change", [give_slip, give_duty])
def test_an_account_that_somebody_has_begun_to_use_stays(change: Any):
    act = sheets.done(TEACHER, ImportKind.STAFF)
    change()
    with pytest.raises(imports.NotToUndo):
        sheets.undo(act)
    assert teacher().is_active


# Rights ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [cast.BINH, cast.CHI, cast.QUYEN, cast.DUNG])
def test_only_an_administrator_imports(person):
    act = sheets.start(MIXED)
    for attempt in (
        lambda: sheets.start(MIXED, person=person),
        lambda: sheets.apply(act, person=person),
        lambda: sheets.undo(act, person=person),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_the_administrator_of_another_school_finds_nothing():
    act = sheets.start(MIXED)
    for attempt in (sheets.apply, sheets.undo):
        with pytest.raises(Http404):
            attempt(act, person=cast.KHANH)


def test_writing_and_undoing_ask_for_a_fresh_second_factor():
    act, actor = sheets.start(MIXED), cast.user(cast.AN)
    digest = sheets.preview(act).digest
    with pytest.raises(SecondFactorNeeded):
        imports.apply(
            import_id=act.pk, digest=digest, leave_out=False, actor=actor, verified_at=None
        )
    with pytest.raises(SecondFactorNeeded):
        imports.undo(import_id=act.pk, actor=actor, verified_at=None)


def test_what_was_read_cannot_be_changed_behind_the_preview():
    act = sheets.start(MIXED)
    digest = sheets.preview(act).digest
    act.content["rows"][0][1]["full_name"] = "Người Khác"
    ImportAct.objects.filter(pk=act.pk).update(content=act.content)
    with pytest.raises(imports.Outdated):
        sheets.apply(act, digest=digest)
