"""What a school year still lacks: each kind is found, and one query counts them all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from schoolbook.models import School, User
from schoolbook.rules.calendar import usual_plan
from schoolbook.rules.subjects import AssessedBy
from schoolbook.selectors import setup
from schoolbook.selectors.setup import Missing
from schoolbook.services import classes, duties, people, structure, students
from tests import cast

pytestmark = pytest.mark.django_db
START = 2026


def system():
    return User.objects.system()


def year():
    return cast.class_group().year


def counts():
    return {what: n for what, n in setup.counts(cast.song_lam(), year(), START).items() if n}


def subjects_of_two_classes():
    return sum(cast.class_group(name).class_subjects.count() for name in ("6A", "6B"))


def test_the_cast_lacks_what_nobody_has_set_up():
    assert counts() == {
        Missing.BOARD: 1,
        Missing.TEACHERS: subjects_of_two_classes() - 2,
        Missing.PUPILS: 1,
    }
    # Tổ Toán and Tổ Ngữ văn have heads; both classes have homeroom teachers.


def test_a_school_without_a_year_lacks_it_before_all_else():
    bare = setup.counts(School.objects.get(pk=cast.song_lam().pk), None, START + 1)
    assert bare[Missing.YEAR] == 1
    assert bare[Missing.CLASSES] == 0
    new = structure.open_year(
        school=cast.song_lam(), start=START + 1, plan=usual_plan(START + 1), actor=system()
    )
    found = setup.counts(cast.song_lam(), new, START + 1)
    assert (found[Missing.YEAR], found[Missing.CLASSES]) == (0, 1)
    # The three pupils of 6A should go on and have no class in the new year yet.
    assert found[Missing.PLACES] == len(cast.PUPILS)


def test_classes_without_subjects_homeroom_or_pupils_are_listed():
    group = structure.add_class(year=year(), grade=6, name="6C", actor=system())
    for what in (Missing.SUBJECTS, Missing.HOMEROOMS, Missing.PUPILS):
        gap = next(g for g in setup.gaps(cast.song_lam(), year(), START) if g.what == what)
        assert group in gap.rows


def test_nobody_for_the_final_assessment_and_odd_periods_are_told():
    taught = cast.class_group().class_subjects.get(subject__code="tin_hoc")
    structure.assign_teacher(
        class_subject=taught,
        user=cast.user(cast.CHI),
        begins_on=cast.TODAY - timedelta(days=1),
        gives_final=False,
        actor=system(),
    )
    assert counts()[Missing.FINALS] == 1
    wanted = {taught.pk: classes.Taught(70, AssessedBy.SCORE, True, True)}
    classes.edit_subjects(
        class_group_id=taught.class_group_id, wanted=wanted, actor=cast.user(cast.AN)
    )
    assert counts()[Missing.PERIODS] == 1
    classes.edit_class(
        class_group_id=taught.class_group_id,
        name="6A",
        specialised_subject=taught.subject,
        actor=cast.user(cast.AN),
    )
    assert Missing.PERIODS not in counts()


def test_a_department_without_a_head_and_an_account_never_activated_are_told():
    for name, kind in (("Tổ Tin", "department"), ("Nhóm coi thi", "team")):
        duties.open_department(school=cast.song_lam(), name=name, kind=kind, actor=system())
    people.open_account(school=cast.song_lam(), full_name="Hồ Văn Khải", actor=system())
    assert (counts()[Missing.HEADS], counts()[Missing.ACTIVATION]) == (1, 1)


def test_a_board_of_three_is_enough():
    duties.appoint_board(
        school=cast.song_lam(),
        decision_number="15/QĐ",
        decided_on=cast.TODAY,
        members=[
            duties.BoardMember(cast.user(person), "Hỗ trợ")
            for person in (cast.AN, cast.CHI, cast.MINH)
        ],
        actor=cast.user(cast.AN),
        verified_at=timezone.now(),
    )
    assert Missing.BOARD not in counts()


def test_a_new_pupil_wants_a_class():
    particulars = students.Particulars(
        code="HS900", full_name="Vũ Gia Hân", sex="female", born_on=cast.START.replace(year=2015)
    )
    students.enter(school=cast.song_lam(), particulars=[particulars], actor=system())
    assert counts()[Missing.PLACES] == 1


@pytest.mark.parametrize("more", [0, 40])
def test_one_query_counts_and_one_lists_each_kind(exactly_queries, more):
    for number in range(more):
        structure.add_class(year=year(), grade=6, name=f"6N{number}", actor=system())
    school, this = cast.song_lam(), year()
    with exactly_queries(1):
        found = setup.counts(school, this, START)
    kinds = sum(1 for count in found.values() if count)
    with exactly_queries(1 + kinds):
        gaps = setup.gaps(school, this, START)
    assert all(len(gap.rows) <= setup.SHOWN and gap.more >= 0 for gap in gaps)
