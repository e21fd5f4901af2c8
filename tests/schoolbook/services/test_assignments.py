"""R-032 – R-037: who teaches what from when on; nothing that was is rewritten, and nobody is overwritten silently."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from schoolbook.errors import Conflict, Invalid
from schoolbook.models import HomeroomAssignment, TeachingAssignment, User
from schoolbook.selectors import assignments as found
from schoolbook.selectors import history
from schoolbook.services import assignments, people, structure
from tests import cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def maths(name="6A"):
    return cast.class_group(name).class_subjects.get(subject__code="toan")


def an():
    return cast.user(cast.AN)


def hand_over(to=cast.MINH, day=cast.TODAY, actor=None, **more):
    return structure.hand_over(
        class_subject_id=maths().pk, to=cast.user(to), day=day, actor=actor or an(), **more
    )


def beside(person=cast.MINH, day=cast.TODAY, **more):
    return assignments.teach_beside(
        class_subject_id=maths().pk, user=cast.user(person), day=day, actor=an(), **more
    )


def final(person=cast.MINH, day=cast.TODAY, **more):
    return assignments.name_final(
        class_subject_id=maths().pk, user=cast.user(person), day=day, actor=an(), **more
    )


def on(day):
    rows = maths().assignments.on(day).order_by("-gives_final", "id")
    return [(row.user.username, row.gives_final) for row in rows]


def test_taking_over_ends_the_one_before_the_day_before_and_keeps_every_earlier_day():
    hand_over()
    assert on(cast.TODAY - DAY) == [(cast.CHI.username, True)]
    assert on(cast.TODAY) == [(cast.MINH.username, True)]
    assert on(date(2026, 9, 1)) == [(cast.OANH.username, True)]


def test_who_takes_over_after_teaching_beside_teaches_alone_from_then_on():
    beside(day=cast.TODAY - DAY)
    hand_over()
    assert on(cast.TODAY - DAY) == [(cast.CHI.username, True), (cast.MINH.username, False)]
    assert on(cast.TODAY) == [(cast.MINH.username, True)]


def test_a_mistake_of_today_is_put_right_in_place_and_stays_in_the_history():
    first = hand_over(cast.LAN)
    again = hand_over(cast.MINH)
    assert again.pk == first.pk
    assert on(cast.TODAY) == [(cast.MINH.username, True)]
    rows = TeachingAssignment.history.filter(id=first.pk).order_by("history_id")
    assert [row.user.username for row in rows] == [cast.LAN.username, cast.MINH.username]


def test_days_that_have_passed_are_not_given_to_somebody_else():
    with pytest.raises(Invalid) as caught:
        hand_over(day=date(2026, 10, 1))  # the very day on which Chi began
    assert set(caught.value.errors) == {"day"}


def test_handing_over_to_who_teaches_it_already_is_refused():
    with pytest.raises(Invalid) as caught:
        hand_over(cast.CHI)
    assert set(caught.value.errors) == {"user"}


def test_one_of_several_gives_the_final_assessment_and_it_can_become_another():
    beside(day=cast.TODAY - DAY)
    final()
    assert on(cast.TODAY - DAY) == [(cast.CHI.username, True), (cast.MINH.username, False)]
    assert on(cast.TODAY) == [(cast.MINH.username, True), (cast.CHI.username, False)]


def test_on_the_first_day_the_final_assessment_moves_without_a_new_row():
    row = beside()
    final()
    row.refresh_from_db()
    assert row.gives_final
    assert on(cast.TODAY) == [(cast.MINH.username, True), (cast.CHI.username, False)]


@pytest.mark.parametrize("person", [cast.MINH, cast.CHI])
def test_only_a_teacher_of_the_subject_who_does_not_yet_can_be_named(person):
    with pytest.raises(Invalid) as caught:
        final(person)
    assert set(caught.value.errors) == {"user"}


def test_an_assignment_ends_with_its_last_day():
    row = maths().assignments.on(cast.TODAY).get()
    assignments.end_teaching(teaching_id=row.pk, last_day=cast.TODAY, actor=an(), reason="nghỉ")
    assert on(cast.TODAY + DAY) == []
    with pytest.raises(Invalid):
        assignments.end_teaching(teaching_id=row.pk, last_day=date(2026, 9, 1), actor=an())


def test_a_homeroom_ends_and_a_mistake_of_today_is_put_right_in_place():
    group = cast.class_group()
    old = group.homeroom_assignments.get()
    assignments.end_homeroom(homeroom_id=old.pk, last_day=cast.TODAY - DAY, actor=an())
    made = [
        structure.assign_homeroom(
            class_group=group, user=cast.user(person), begins_on=cast.TODAY, actor=an()
        )
        for person in (cast.CHI, cast.MINH)
    ]
    assert made[0].pk == made[1].pk
    assert HomeroomAssignment.objects.on(cast.TODAY).get(class_group=group).user == made[1].user
    with pytest.raises(Invalid):
        structure.assign_homeroom(
            class_group=group, user=cast.user(cast.MINH), begins_on=cast.TODAY, actor=an()
        )


def test_who_saw_an_older_state_is_told_what_it_is_now():
    seen = found.subject_mark(maths())
    hand_over(cast.LAN, version=seen)
    for act in (hand_over, beside, final):
        with pytest.raises(Conflict) as caught:
            act(cast.OANH, version=seen)
        assert caught.value.author == cast.AN.full_name
        assert cast.LAN.full_name in caught.value.values.values()
    assert on(cast.TODAY) == [(cast.LAN.username, True)]
    hand_over(cast.OANH, version=found.subject_mark(maths()))


def test_ending_and_homerooms_look_at_the_state_that_was_seen_too():
    row = maths().assignments.on(cast.TODAY).get()
    home = cast.class_group().homeroom_assignments.get()
    with pytest.raises(Conflict):
        assignments.end_teaching(teaching_id=row.pk, last_day=cast.TODAY, actor=an(), version=1)
    with pytest.raises(Conflict):
        assignments.end_homeroom(homeroom_id=home.pk, last_day=cast.TODAY, actor=an(), version=0)
    with pytest.raises(Conflict):
        structure.assign_homeroom(
            class_group=cast.class_group(),
            user=cast.user(cast.CHI),
            begins_on=cast.TODAY,
            actor=an(),
            version=0,
        )


@pytest.mark.parametrize("person", [cast.CHI, cast.LAN, cast.BINH, cast.QUYEN])
def test_only_who_assigns_may_assign(person):
    actor = cast.user(person)
    row = maths().assignments.on(cast.TODAY).get()
    refused = (PermissionDenied, Http404)
    with pytest.raises(refused):
        hand_over(actor=actor)
    with pytest.raises(refused):
        assignments.end_teaching(teaching_id=row.pk, last_day=cast.TODAY, actor=actor)


def test_across_schools_nothing_is_found():
    khanh = cast.user(cast.KHANH)
    row = maths().assignments.on(cast.TODAY).get()
    with pytest.raises(Http404):
        hand_over(actor=khanh)
    with pytest.raises(Http404):
        assignments.end_teaching(teaching_id=row.pk, last_day=cast.TODAY, actor=khanh)
    with pytest.raises(Http404):
        hand_over(cast.KHANH)


def test_a_deactivated_account_is_assigned_nothing():
    with pytest.raises(Invalid) as caught:
        hand_over(cast.HAI)
    assert set(caught.value.errors) == {"user"}


def test_the_history_of_several_assignments_names_each_and_takes_two_queries(exactly_queries):
    hand_over()
    taught = maths()
    with exactly_queries(2):
        panel = found.panel_of_subject(taught)
    assert [change.about for change in panel.changes] == [
        cast.MINH.full_name,
        cast.CHI.full_name,
        cast.CHI.full_name,
        cast.OANH.full_name,
        cast.OANH.full_name,
    ]
    ended = panel.changes[1]
    assert [(part.old, part.new) for part in ended.changes] == [
        ("", f"{cast.TODAY - DAY:%d/%m/%Y}")
    ]
    short = history.panel_of(TeachingAssignment, Q(class_subject_id=taught.pk), ["ends_on"], size=2)
    assert [len(change.changes) for change in short.changes] == [0, 1]
    assert not short.changes[1].first


@pytest.mark.parametrize("more", [0, 30])
def test_the_loads_of_teachers_take_three_queries(exactly_queries, more):
    for number in range(more):
        people.open_account(
            school=cast.song_lam(),
            full_name=f"Người {chr(97 + number % 26)} Thứ",
            actor=User.objects.system(),
        )
    school, year = cast.song_lam(), cast.class_group().year
    users = list(found.teachers(school, day=cast.TODAY))
    with exactly_queries(3):
        loads = found.loads(users, year, cast.TODAY)
    chi = next(load for load in loads if load.user.username == cast.CHI.username)
    assert chi.subjects == [("Toán", "6A")]
    assert (chi.periods, chi.weekly, chi.departments) == (140, "4", "Tổ Toán")
    lan = next(load for load in loads if load.user.username == cast.LAN.username)
    assert lan.homerooms == "6A"
