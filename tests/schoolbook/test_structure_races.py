"""Two administrators at the same moment: one administrator stays, and a class gets one teacher."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from schoolbook.errors import Conflict, Invalid
from schoolbook.models import (
    ClassSubject,
    Duty,
    HomeroomAssignment,
    SchoolYear,
    TeachingAssignment,
    User,
)
from schoolbook.rules.calendar import usual_plan
from schoolbook.rules.permissions import Role
from schoolbook.selectors import assignments as found
from schoolbook.selectors import new_year as proposals
from schoolbook.services import duties, new_year, structure
from tests import cast, races

REFUSALS = (Invalid, PermissionDenied, Http404)
TURNS = min(races.REPETITIONS, 400)


def second_administrator():
    chi = cast.user(cast.CHI)
    duties.charge(
        school=cast.song_lam(),
        user=chi,
        role=Role.ADMIN,
        begins_on=cast.START,
        actor=User.objects.system(),
    )
    cast.give_second_factor(chi)
    return cast.user(cast.AN), chi


def discharge(target, actor, last_day):
    duty = Duty.objects.get(user=target, role=Role.ADMIN, ends_on=None)
    return lambda: duties.discharge(
        duty_id=duty.pk, last_day=last_day, actor=actor, verified_at=timezone.now()
    )


def test_of_two_administrators_who_discharge_each_other_one_stays(committed):
    an, chi = second_administrator()
    with races.Racers(2) as racers:
        for turn in range(TURNS):
            day = cast.TODAY + timedelta(days=turn)
            results = racers.start([discharge(chi, an, day), discharge(an, chi, day)])
            done = [result for result in results if isinstance(result, Duty)]
            refused = [result for result in results if isinstance(result, Invalid)]
            assert (len(done), len(refused)) == (1, 1), results
            duties.charge(
                school=cast.song_lam(),
                user=done[0].user,
                role=Role.ADMIN,
                begins_on=day + timedelta(days=1),
                actor=User.objects.system(),
            )
    assert Duty.objects.filter(user__in=[an, chi], ends_on=None).count() == 2


def test_who_is_discharged_with_yesterday_at_the_same_moment_acts_no_more(committed):
    an, chi = second_administrator()
    yesterday = cast.TODAY - timedelta(days=1)
    with races.Racers(2) as racers:
        results = racers.start([discharge(chi, an, yesterday), discharge(an, chi, yesterday)])
    assert sorted(isinstance(result, Duty) for result in results) == [False, True]
    assert any(isinstance(result, REFUSALS) for result in results), results


def test_of_two_who_hand_over_one_wins_and_the_other_is_told(committed):
    an, chi = second_administrator()
    pk = cast.class_group().class_subjects.get(subject__code="toan").pk
    turns = [cast.user(person) for person in (cast.LAN, cast.MINH, cast.OANH, cast.PHUC)]
    with races.Racers(2) as racers:
        for turn in range(TURNS):
            seen = found.subject_mark(ClassSubject(pk=pk))
            day = cast.TODAY + timedelta(days=turn)
            pair = turns[:2] if turn % 2 else turns[2:]
            acts = [
                lambda to=to, actor=actor, seen=seen, day=day: structure.hand_over(
                    class_subject_id=pk, to=to, day=day, actor=actor, version=seen
                )
                for to, actor in zip(pair, (an, chi), strict=True)
            ]
            results = racers.start(acts)
            kinds = sorted(type(result).__name__ for result in results)
            assert kinds == ["Conflict", "TeachingAssignment"], results
            holder = TeachingAssignment.objects.on(day).get(class_subject_id=pk)
            (told,) = [result for result in results if isinstance(result, Conflict)]
            assert holder.user.full_name in told.values.values()


def test_of_two_first_homeroom_teachers_at_once_the_second_is_told(committed):
    an, chi = second_administrator()
    year = cast.class_group().year
    with races.Racers(2) as racers:
        for turn in range(min(TURNS, 50)):
            group = structure.add_class(year=year, grade=6, name=f"6R{turn}", actor=an)
            acts = [
                lambda person=person, actor=actor, group=group: structure.assign_homeroom(
                    class_group=group,
                    user=cast.user(person),
                    begins_on=cast.TODAY,
                    actor=actor,
                    version=0,
                )
                for person, actor in ((cast.LAN, an), (cast.MINH, chi))
            ]
            kinds = sorted(type(result).__name__ for result in racers.start(acts))
            assert kinds == ["Conflict", "HomeroomAssignment"]
            assert HomeroomAssignment.objects.filter(class_group=group).count() == 1


def test_a_year_that_is_started_twice_at_once_is_started_once(committed):
    an, chi = second_administrator()
    school = cast.song_lam()
    with races.Racers(2) as racers:
        for turn in range(5):
            old = SchoolYear.objects.get(school=school, start=2026 + turn)
            digest = proposals.proposal(school, old).digest
            acts = [
                lambda actor=actor, old=old, digest=digest: new_year.start_year(
                    school=school,
                    old=old,
                    digest=digest,
                    plan=usual_plan(old.start + 1),
                    begins_on=cast.TODAY,
                    kept=new_year.Kept((), ()),
                    actor=actor,
                )
                for actor in (an, chi)
            ]
            kinds = sorted(type(result).__name__ for result in racers.start(acts))
            assert kinds == ["Invalid", "SchoolYear"]
