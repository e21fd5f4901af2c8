"""R-020, R-021: correcting years, classes and their subjects; and starting a year from the last one."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from schoolbook.errors import Conflict, Invalid
from schoolbook.models import (
    ClassSubject,
    Enrolment,
    HomeroomAssignment,
    SchoolYear,
    Subject,
    TeachingAssignment,
    User,
)
from schoolbook.rules.calendar import YearPlan, usual_plan
from schoolbook.rules.subjects import AssessedBy
from schoolbook.selectors import new_year as proposals
from schoolbook.selectors import structure as found
from schoolbook.services import classes, new_year, structure
from tests import cast

pytestmark = pytest.mark.django_db
PLAN = YearPlan((date(2026, 9, 7), date(2027, 1, 15)), (date(2027, 1, 18), date(2027, 5, 28)))


def an():
    return cast.user(cast.AN)


def year():
    return cast.class_group().year


def subject(code="toan"):
    return Subject.objects.get(school=cast.song_lam(), code=code)


def taught(code="toan", name="6A"):
    return cast.class_group(name).class_subjects.get(subject__code=code)


def test_the_days_of_a_year_can_be_corrected_and_the_same_again_is_no_change():
    for _twice in range(2):
        classes.edit_year(year_id=year().pk, plan=PLAN, reason="KH 12", actor=an())
    assert year().term1_begins_on == date(2026, 9, 7)
    assert SchoolYear.history.filter(id=year().pk).count() == 2
    with pytest.raises(Conflict):
        classes.edit_year(year_id=year().pk, plan=usual_plan(2026), version=1, actor=an())
    upside_down = YearPlan(PLAN.second_term, PLAN.first_term)
    with pytest.raises(Invalid), transaction.atomic():
        classes.edit_year(year_id=year().pk, plan=upside_down, actor=an())


def rename(name, group="6A", **more):
    return classes.edit_class(
        class_group_id=cast.class_group(group).pk,
        name=name,
        specialised_subject=None,
        actor=an(),
        **more,
    )


def test_a_class_is_renamed_while_its_year_is_on():
    assert rename(" 6A1 ").name == "6A1"
    with pytest.raises(Invalid):
        rename("6B", "6A1")
    with pytest.raises(Conflict):
        rename("6A2", "6A1", version=1)


def test_a_class_of_a_year_that_is_over_keeps_its_name(clock):
    clock.forward(days=400)
    with pytest.raises(Invalid) as caught:
        rename("6A1")
    assert set(caught.value.errors) == {"name"}


def add(name, **more):
    given = {"school": cast.song_lam(), "assessed_by": "comment", "actor": an(), **more}
    return classes.add_subject(name=name, **given)


def test_a_subject_of_the_schools_own_gets_a_code_of_its_name():
    made = add("Tiếng Ê-đê")
    assert (made.code, made.place) == ("tieng_e_de", cast.song_lam().subjects.count())
    for name in ("Tiếng Ê-Đê", "…", "Toán"):
        with pytest.raises(Invalid) as caught, transaction.atomic():
            add(name)
        assert set(caught.value.errors) == {"name"}


def test_a_subject_can_be_renamed_against_the_version_that_was_seen():
    pk = subject().pk
    given = {"subject_id": pk, "assessed_by": "score", "actor": an()}
    assert classes.edit_subject(name="Toán học", **given).name == "Toán học"
    with pytest.raises(Conflict):
        classes.edit_subject(name="Toán", version=1, **given)


def test_the_ministrys_list_gives_what_is_missing_only():
    add("Tiếng Ê-đê")
    assert structure.take_catalogue(school=cast.song_lam(), actor=an()) == []


@pytest.mark.parametrize("count", [1, 12])
def test_periods_change_together_in_a_fixed_number_of_queries(exactly_queries, count):
    group, actor = cast.class_group(), an()
    wanted = {
        row.pk: classes.Taught(row.periods + 1, AssessedBy(row.assessed_by), True, False)
        for row in group.class_subjects.all()[:count]
    }
    version = found.taught_mark(group)
    # savepoint and its end; duties and class (to view, to set up); version; rows; change; history; for the results a
    # savepoint with its end, and the subjects and sheets, locked
    with exactly_queries(14):
        changed = classes.edit_subjects(
            class_group_id=group.pk, wanted=wanted, version=version, actor=actor
        )
    assert changed == count
    with pytest.raises(Conflict):
        classes.edit_subjects(class_group_id=group.pk, wanted={}, version=version, actor=actor)


def test_a_subject_in_no_term_is_refused_and_nothing_changes():
    row, other = taught(), taught("tin_hoc")
    wanted = {
        row.pk: classes.Taught(140, AssessedBy.SCORE, False, False),
        other.pk: classes.Taught(70, AssessedBy.SCORE, True, True),
    }
    with pytest.raises(Invalid) as caught:
        classes.edit_subjects(class_group_id=row.class_group_id, wanted=wanted, actor=an())
    assert set(caught.value.errors) == {f"in_term1_{row.pk}"}
    assert taught("tin_hoc").periods == 35


def test_subjects_are_copied_to_parallel_classes_which_keep_what_they_have():
    group = structure.add_class(year=year(), grade=6, name="6C", actor=an())
    other = structure.add_class(year=year(), grade=7, name="7A", actor=an())
    structure.teach_subject(class_group=group, subject=subject(), periods=100, actor=an())
    source = cast.class_group()
    made = classes.copy_subjects(class_group_id=source.pk, to=[group.pk, other.pk], actor=an())
    assert len(made) == source.class_subjects.count() - 1
    assert taught("toan", "6C").periods == 100
    assert other.class_subjects.count() == 0
    with pytest.raises(Invalid):
        classes.copy_subjects(class_group_id=source.pk, to=[source.pk, other.pk], actor=an())


def test_only_wanted_usual_subjects_are_taken_and_none_twice():
    group = structure.add_class(year=year(), grade=7, name="7A", actor=an())
    structure.take_usual_subjects(class_group=group, codes=["toan"], actor=an())
    assert [row.subject.code for row in found.taught(group)] == ["toan"]
    structure.take_usual_subjects(class_group=group, actor=an())
    assert group.class_subjects.count() == cast.class_group().class_subjects.count()


@pytest.mark.parametrize("person", [cast.BINH, cast.LAN, cast.QUYEN])
def test_only_who_sets_up_years_may_do_any_of_this(person):
    actor = cast.user(person)
    group = cast.class_group()
    acts = [
        lambda: classes.edit_year(year_id=year().pk, plan=PLAN, actor=actor),
        lambda: classes.edit_class(
            class_group_id=group.pk, name="X", specialised_subject=None, actor=actor
        ),
        lambda: add("Tiếng Ê-đê", actor=actor),
        lambda: classes.edit_subjects(class_group_id=group.pk, wanted={}, actor=actor),
        lambda: classes.copy_subjects(class_group_id=group.pk, to=[], actor=actor),
        lambda: start(actor=actor),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def start(homerooms=None, teachers=None, digest=None, actor=None, old=None):
    old = old or SchoolYear.objects.get(school=cast.song_lam(), start=2026)
    proposed = proposals.proposal(cast.song_lam(), old)
    every = proposed.sources
    return new_year.start_year(
        school=cast.song_lam(),
        old=old,
        digest=digest or proposed.digest,
        plan=usual_plan(2027),
        begins_on=date(2027, 8, 1),
        kept=new_year.Kept(
            every if homerooms is None else homerooms, every if teachers is None else teachers
        ),
        actor=actor or an(),
    )


def test_a_year_goes_on_from_the_last_one_a_grade_higher():
    special = subject("tin_hoc")
    cast_6a = cast.class_group()
    structure.add_class(
        year=year(), grade=9, name="9A", specialised_subject=special, actor=User.objects.system()
    )
    classes.edit_subjects(
        class_group_id=cast_6a.pk,
        wanted={taught().pk: classes.Taught(150, AssessedBy.SCORE, True, True)},
        actor=an(),
    )
    made = start()
    groups = {group.name: group for group in made.class_groups.all()}
    assert sorted(groups) == ["6A", "6B", "7A", "7B"]
    assert {group.grade for group in groups.values()} == {6, 7}
    seventh = groups["7A"]
    assert seventh.class_subjects.count() == cast_6a.class_subjects.count()
    maths = seventh.class_subjects.get(subject__code="toan")
    assert maths.periods == 150
    assert [row.user.username for row in maths.assignments.all()] == [cast.CHI.username]
    assert seventh.homeroom_assignments.get().user.username == cast.LAN.username
    assert groups["6A"].class_subjects.count() == cast_6a.class_subjects.count()
    assert not TeachingAssignment.objects.filter(class_subject__class_group=groups["6A"]).exists()
    assert not Enrolment.objects.filter(class_group__year=made).exists()
    assert Enrolment.objects.filter(class_group=cast_6a).count() == len(cast.PUPILS)


def test_what_is_not_ticked_is_not_kept():
    made = start(homerooms=[cast.class_group("6B").pk], teachers=[])
    homes = HomeroomAssignment.objects.filter(class_group__year=made)
    assert [row.class_group.name for row in homes] == ["7B"]
    held = TeachingAssignment.objects.filter(class_subject__class_group__year=made)
    assert not held.exists()


def test_the_same_year_is_started_once_and_only_as_it_was_shown():
    with pytest.raises(Invalid):
        start(digest="0" * 64)
    start()
    with pytest.raises(Invalid) as caught:
        start()
    assert set(caught.value.errors) == {"__all__"}
    assert SchoolYear.objects.filter(school=cast.song_lam()).count() == 2


def test_if_anything_fails_nothing_of_the_year_is_there(monkeypatch):
    def fail(*_args, **_more):
        raise Invalid({"__all__": "x"})

    monkeypatch.setattr(new_year, "_enter_teachers", fail)
    with pytest.raises(Invalid):
        start()
    assert SchoolYear.objects.filter(school=cast.song_lam()).count() == 1


def test_a_teacher_who_left_is_not_proposed():
    user = cast.user(cast.LAN)
    assert proposed_homerooms()["7A"] == user
    user.is_active = False
    from schoolbook.services import people  # noqa: PLC0415

    people.close_account(user_id=user.pk, actor=User.objects.system())
    assert proposed_homerooms()["7A"] is None


def proposed_homerooms():
    found_ = proposals.proposal(cast.song_lam(), year())
    return {one.name: one.homeroom for one in found_.classes}


def test_a_name_that_does_not_say_the_grade_is_given_once():
    structure.add_class(year=year(), grade=6, name="Sao Mai", actor=an())
    found_ = proposals.proposal(cast.song_lam(), year())
    assert found_.clashes == ("Sao Mai",)
    assert [one.grade for one in found_.classes if one.name == "Sao Mai"] == [7]


@pytest.mark.parametrize("more", [0, 6])
def test_proposing_and_starting_take_the_same_queries_however_many_classes(exactly_queries, more):
    for number in range(more):
        group = structure.add_class(year=year(), grade=6, name=f"6{number}C", actor=an())
        structure.take_usual_subjects(class_group=group, actor=an())
    school, old, actor = cast.song_lam(), year(), an()
    with exactly_queries(5):
        proposed = proposals.proposal(school, old)
    kept = new_year.Kept(proposed.sources, proposed.sources)
    with exactly_queries(42):
        new_year.start_year(
            school=school,
            old=old,
            digest=proposed.digest,
            plan=usual_plan(2027),
            begins_on=date(2027, 8, 1) + timedelta(days=1),
            kept=kept,
            actor=actor,
        )


def test_next_door_nothing_is_found():
    khanh = cast.user(cast.KHANH)
    with pytest.raises(Http404):
        classes.edit_year(year_id=year().pk, plan=PLAN, actor=khanh)
    with pytest.raises(Http404):
        start(actor=khanh)
    assert ClassSubject.objects.filter(class_group=cast.class_group()).exists()
