"""The history of a pupil, or of a class, with everything that belongs to it, in the order of time."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from schoolbook.models import Student
from schoolbook.selectors import history, timeline
from schoolbook.selectors.students import class_list, list_digest
from schoolbook.services import student_file, students
from tests import cast

pytestmark = pytest.mark.django_db


def edit(**changes):
    pupil = Student.objects.get(school=cast.song_lam(), code="HS001")
    present = {name: getattr(pupil, name) for name in students.PARTICULARS}
    return students.edit(
        student_id=pupil.pk,
        version=pupil.version,
        particulars=replace(students.Particulars(**present), **changes),
        reason="gia đình báo",
        actor=cast.user(cast.LAN),
    )


def lead_a_life():
    """Everything that can happen to a pupil, once each."""
    pupil, clerk = cast.pupil(), cast.user(cast.QUYEN)
    edit(address="Xã Hạ Lưu")
    row = student_file.add_guardian(
        student_id=pupil.pk,
        contact=student_file.Contact("mother", "Trần Thị Nguyệt", phone="0900000000"),
        actor=clerk,
    )
    student_file.exempt(
        student_id=pupil.pk,
        subject=cast.song_lam().subjects.get(code="gdtc"),
        year=cast.class_group().year,
        terms=(True, False),
        kind="exempt",
        paper="Giấy ra viện 12",
        actor=clerk,
    )
    edit(full_name="Nguyễn Gia Bách", note="khuyết tật")
    student_file.withdraw_guardian(guardian_id=row.pk, reason="đã ly hôn", actor=clerk)
    students.leave(
        enrolment_id=Student.objects.get(pk=pupil.pk).enrolments.get().pk,
        last_day=date(2026, 10, 12),
        reason="Chuyển trường theo mẹ",
        actor=clerk,
    )
    return Student.objects.get(pk=pupil.pk)


def about(entry):
    return entry.about


def told(panel):
    """Every word of a panel."""
    return " ".join(
        f"{about(entry)} {entry.reason} {part.old} {part.new}"
        for entry in panel.changes
        for part in entry.changes
    )


def test_all_that_happened_to_a_pupil_stands_in_the_order_of_time_newest_first():
    panel = timeline.of_student(lead_a_life(), whole=True)
    moments = [entry.at for entry in panel.changes]
    assert moments == sorted(moments, reverse=True)
    assert [entry.first for entry in panel.changes] == [False] * 3 + [True, True, False, True, True]
    left, withdrawn, renamed, *_rest = panel.changes
    assert [(part.old, part.new) for part in left.changes] == [
        ("", "12/10/2026"),
        ("", "Chuyển trường theo mẹ"),
    ]
    assert (withdrawn.reason, withdrawn.actor_name) == ("đã ly hôn", cast.QUYEN.full_name)
    assert [(part.old, part.new) for part in renamed.changes] == [
        ("Nguyễn Gia Bảo", "Nguyễn Gia Bách"),
        ("", "khuyết tật"),
    ]
    assert "6A" in about(left)


SECRETS = ["Hạ Lưu", "Nguyệt", "0900000000", "Giấy ra viện", "khuyết tật", "ly hôn", "theo mẹ"]
SECRETS += ["gia đình báo"]


def test_without_the_file_neither_family_nor_papers_nor_reasons_are_told():
    pupil = lead_a_life()
    everything = told(timeline.of_student(pupil, whole=True))
    assert all(secret in everything for secret in SECRETS)
    little = timeline.of_student(pupil, whole=False)
    assert not any(secret in told(little) for secret in SECRETS)
    assert "Nguyễn Gia Bách" in told(little)
    assert all(entry.changes for entry in little.changes)


def test_a_long_history_comes_in_parts_that_miss_and_repeat_nothing():
    for number in range(50):
        edit(note=f"lần {number}")
    seen, before = [], None
    while True:
        panel = timeline.of_student(cast.pupil(), whole=True, before=before)
        seen += [entry.changes[0].new for entry in panel.changes]
        before = panel.older
        if before is None:
            break
        assert len(panel.changes) == history.PAGE
    assert seen[:50] == [f"lần {number}" for number in reversed(range(50))]
    assert len(seen) == 52  # entered, and put into the class


def test_pages_of_changes_that_must_not_be_told_are_passed_over():
    for number in range(45):
        edit(note=f"lần {number}")
    panel = timeline.of_student(cast.pupil(), whole=False)
    assert [entry.first for entry in panel.changes] == [True, True]


@pytest.mark.parametrize("before", [1, 2**63 - 1])
def test_any_moment_may_be_asked_for(before):
    panel = timeline.of_student(cast.pupil(), whole=True, before=before)
    assert len(panel.changes) == (0 if before == 1 else 2)


def test_changes_of_one_moment_are_not_torn_apart():
    moments = [datetime(2026, 9, day, tzinfo=UTC) for day in (9, 8, 8, 8, 7)]
    assert [timeline._end_of_page(moments, size) for size in (1, 2, 3, 4, 5, 9)] == [
        *(1, 4, 4, 4, 5, 5)
    ]
    assert timeline._end_of_page([], 3) == 0


# One for each kind of thing, and one more for what the oldest change of a long part changed.
@pytest.mark.parametrize(("times", "queries"), [(2, 4), (30, 5), (90, 5)])
def test_it_takes_the_same_queries_however_long_the_history(exactly_queries, times, queries):
    pupil = lead_a_life()
    for number in range(times):
        edit(note=f"lần {number}")
    with exactly_queries(queries):
        timeline.of_student(pupil, whole=True)


def test_a_class_tells_who_led_it_and_which_lists_were_confirmed():
    group = cast.class_group()
    students.confirm_class_list(
        class_group_id=group.pk,
        digest=list_digest(class_list(group)),
        actor=cast.user(cast.LAN),
    )
    confirmed, led, made = timeline.of_class(group).changes
    assert confirmed.actor_name == cast.LAN.full_name
    assert confirmed.changes[-1].new == "3"
    assert led.changes[0].new == cast.LAN.full_name
    assert [part.new for part in made.changes] == ["6A", "6", "TT 22/2021/TT-BGDĐT"]
